"""The systems there are. A new one is a file in ``mocks/systems`` and a line here."""

from __future__ import annotations

import difflib

from mocks.config import ConfigError
from mocks.system import System
from mocks.systems.case_system import CaseSystem
from mocks.systems.lgsp import Lgsp
from mocks.systems.national_portal import NationalPortal
from mocks.systems.payment import Payment
from mocks.systems.population import Population
from mocks.systems.procedures import Procedures
from mocks.systems.provincial_portal import ProvincialPortal
from mocks.systems.vneid import Vneid

KINDS: dict[str, type[System]] = {
    each.kind: each
    for each in (CaseSystem, Lgsp, NationalPortal, Payment, Population, Procedures, ProvincialPortal, Vneid)
}


def kind_of(name: str) -> type[System]:
    """The class of systems of this kind. Raises :class:`ConfigError`, which names the nearest legal one."""
    if name in KINDS:
        return KINDS[name]
    near = difflib.get_close_matches(name, KINDS, 1)
    meant = f" (did you mean {near[0]!r}?)" if near else ""
    raise ConfigError(f"{name!r} is no kind of system{meant}; legal are {', '.join(sorted(KINDS))}")
