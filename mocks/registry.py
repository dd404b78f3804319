"""The systems there are. A new one is a file in ``mocks/systems`` and a line here."""

from __future__ import annotations

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
