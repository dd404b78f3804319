"""What a sweep examines. A new examination is a small class in a file here, and a line in :func:`stages`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container
from typing import Protocol

import fixtures
from rehearsal import topology
from rehearsal.readiness.checks.accounts import Accounts
from rehearsal.readiness.checks.base import Examination, Stage
from rehearsal.readiness.checks.catalogue import Catalogue
from rehearsal.readiness.checks.channels import Addresses, Hotlines
from rehearsal.readiness.checks.connections import CivilStatus, Monitoring
from rehearsal.readiness.checks.counter import Counter
from rehearsal.readiness.checks.documents import Exchange
from rehearsal.readiness.checks.dossiers import TestDossiers
from rehearsal.readiness.checks.fees import Fees
from rehearsal.readiness.checks.portals import OldPortals
from rehearsal.readiness.checks.services import Services
from rehearsal.readiness.checks.signatures import Certificates
from rehearsal.readiness.checks.sso import SignOn
from rehearsal.readiness.checks.stores import EMPTY, CleanStores, Stores
from rehearsal.readiness.checks.traces import Traces
from rehearsal.readiness.checks.units import AgencyCodes, Units
from reports.readiness.model import CheckRow, Moment, Unnamed


class Own(Stores, Protocol):
    """An own country, whose clock can be set and whose stores can be looked into."""

    async def stand_before_t0(self) -> None:
        """T0 is far ahead."""

    async def pass_t0(self) -> None:
        """T0 is now."""


def stages(moment: Moment, seed: int, own: Own | None) -> list[Stage]:
    """The examinations of a sweep, in the order in which they may be made."""
    before = OldPortals(after_t0=False)
    after = OldPortals(after_t0=True)
    main: tuple[Examination, ...] = (
        TestDossiers(seed, stores_are_read=own is not None),  # first: they take longest
        Counter(seed),
        Exchange(),
        Catalogue(),
        Units(),
        AgencyCodes(),
        Fees(),
        SignOn(),
        Accounts(),
        Certificates(),
        Hotlines(),
        Addresses(),
        CivilStatus(),
        Services(),
    )
    made = {
        "before": [Stage((before, *main), _clock(own, passed=False))],
        "after": [Stage((after, *main), _clock(own, passed=True))],
        "across": [
            Stage((before,), _clock(own, passed=False)),
            Stage((after, *main), _clock(own, passed=True)),
        ],
    }[moment]
    last = [Stage((Monitoring(),)), Stage((Traces(),))]  # EMC counts no more what is purged there
    if own is not None:
        last.append(Stage((CleanStores(own),)))
    return [*made, *last]


def rows(moment: Moment, only: tuple[str, ...] = (), *, own: bool) -> list[CheckRow]:
    """The checks that a sweep makes; where some are named, those that the same visits answer, too."""
    of = stages(moment, 0, None)
    stores = CleanStores.checks if own and (not only or EMPTY.name in only) else ()
    visits = (each for stage in chosen(of, only) for each in stage.examinations)
    return [*(check for each in visits for check in each.checks), *stores]


def chosen(of: list[Stage], only: tuple[str, ...]) -> list[Stage]:
    """The stages with those examinations alone that answer one of these checks; all where none is named."""
    if not only:
        return of
    wanted = set(only)
    return [
        Stage(
            tuple(each for each in stage.examinations if wanted & {check.name for check in each.checks}),
            stage.before,
        )
        for stage in of
    ]


def unnamed(moment: Moment, only: tuple[str, ...], named: Container[str]) -> list[Unnamed]:
    """The kinds of systems that a target would have to name besides, where ``named`` are those it names.

    In the order of the checks that ask them.
    """
    kinds = topology.kinds()
    provinces: dict[str, dict[str, None]] = {}
    checks: dict[str, dict[str, None]] = {}
    for stage in chosen(stages(moment, 0, None), only):
        for each in stage.examinations:
            for province in fixtures.provinces():
                for system in each.systems(province):
                    if system not in named:
                        kind = kinds[system].value
                        provinces.setdefault(kind, {})[province.code] = None
                        checks.setdefault(kind, {}).update(dict.fromkeys(row.name for row in each.checks))
    return [Unnamed(kind, sorted(provinces[kind]), list(checks[kind])) for kind in provinces]


def _clock(own: Own | None, *, passed: bool) -> Callable[[], Awaitable[None]] | None:
    if own is None:
        return None
    return own.pass_t0 if passed else own.stand_before_t0
