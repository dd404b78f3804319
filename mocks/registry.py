"""The systems there are. A new one is a file in ``mocks/systems`` and a line here."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
from collections.abc import Collection, Iterator, Mapping
from functools import cache

from mocks.config import ConfigError
from mocks.defects import DEFECTS
from mocks.system import System

_NAMES = (
    "accounts",
    "agency-codes",
    "birth-death",
    "business-households",
    "case-system",
    "civil-status",
    "document-axis",
    "documents",
    "driver-licences",
    "emc",
    "enterprises",
    "fee-catalogue",
    "feedback",
    "health-data",
    "health-insurance-appraisal",
    "hotline",
    "information-portal",
    "insurance-data",
    "ioc",
    "judicial-records",
    "land",
    "lgsp",
    "ministry-case",
    "ministry-portal",
    "national-data-centre",
    "national-portal",
    "payment",
    "population",
    "postal",
    "procedures",
    "provincial-portal",
    "reporting",
    "signatures",
    "sms-gateway",
    "social-insurance",
    "sso",
    "tax",
    "treasury",
    "unit-catalogue",
    "vneid",
)


class _Kinds(Mapping[str, type[System]]):
    """The class of each kind, imported when it is asked for: a process runs few kinds."""

    def __getitem__(self, kind: str) -> type[System]:
        if kind not in _NAMES:
            raise KeyError(kind)
        module = importlib.import_module(f"mocks.systems.{kind.replace('-', '_')}")
        found: type[System] = getattr(module, _class_name(kind))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(
            name for name in _NAMES if importlib.util.find_spec(f"mocks.systems.{name.replace('-', '_')}")
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)


KINDS: Mapping[str, type[System]] = _Kinds()
"""The systems there are: ``land`` is the class ``Land`` in ``mocks/systems/land.py``."""


def kind_of(name: str) -> type[System]:
    """The class of systems of this kind. Raises :class:`ConfigError`, which names the nearest legal one."""
    if name in KINDS:
        return KINDS[name]
    raise ConfigError(f"{name!r} is no kind of system{_legal(name, KINDS)}")


@cache
def system_type(kind: str, defects: frozenset[str] = frozenset()) -> type[System]:
    """The class of systems of this kind that have these defects. Raises :class:`ConfigError`.

    Each defect is a subclass of the honest system; they are stacked in the order of their registry, so that
    several work together where they override different methods, or hand on to each other with ``super()``.
    """
    honest = kind_of(kind)
    known = [each.name for each in DEFECTS.values() if each.kind == kind]
    for name in sorted(defects):
        if name not in known:
            raise ConfigError(f"{name!r} is no defect of a {kind}{_legal(name, known)}")
    if not defects:
        return honest
    planted = tuple(_planted(honest, name) for name in known if name in defects)
    # what it is called and described as is what the honest one is
    return type(honest.__name__, planted, {"__doc__": honest.__doc__, "__module__": honest.__module__})


def _planted(honest: type[System], defect: str) -> type[System]:
    """The class of a defect: ``slow-leak`` of VNeID is ``SlowLeak`` in ``mocks.defects.vneid.slow_leak``."""
    package = honest.kind.replace("-", "_")
    module = importlib.import_module(f"mocks.defects.{package}.{defect.replace('-', '_')}")
    found: type[System] = getattr(module, _class_name(defect))
    if not issubclass(found, honest):
        raise TypeError(f"{found} is no {honest}")
    return found


def _class_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def _legal(name: str, legal: Collection[str]) -> str:
    if not legal:
        return "; it can have none"
    near = difflib.get_close_matches(name, legal, 1)
    meant = f" (did you mean {near[0]!r}?)" if near else ""
    return f"{meant}; legal are {', '.join(sorted(legal))}"
