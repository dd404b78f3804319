"""What an examination is: some checks that one visit to a province answers together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import fixtures
from rehearsal.readiness.desk import Desk, Unanswered
from reports.readiness.model import Cell, CheckRow, Shortfall, Unseen
from reports.text import Text


class Examination(Protocol):
    """One visit to a province. The smallest is :class:`rehearsal.readiness.checks.channels.Hotlines`."""

    @property
    def name(self) -> str:
        """What it is called while it is made."""

    @property
    def checks(self) -> Sequence[CheckRow]:
        """The checks that it answers."""

    def systems(self, province: fixtures.Province) -> tuple[str, ...]:
        """The systems that have to be known: where one is not, nothing is examined."""

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """One cell for each check. Raises :class:`~rehearsal.readiness.desk.Unanswered`."""


@dataclass(frozen=True)
class Stage:
    """Examinations that may be made beside each other, and what is done before them."""

    examinations: tuple[Examination, ...]
    before: Callable[[], Awaitable[None]] | None = None


def check(name: str, vi: str, en: str, *requirements: str) -> CheckRow:
    """A check, and the obligations that it speaks for."""
    return CheckRow(name, Text(vi, en), list(requirements))


class Notes:
    """What one check sees in one province, until it becomes a cell."""

    def __init__(self, of: CheckRow, province: fixtures.Province) -> None:
        self._check = of.name
        self._province = province.code
        self._examined = 0
        self._shortfalls: list[Shortfall] = []
        self._unseen: list[Unseen] = []

    def right(self, count: int = 1) -> None:
        """So many things were looked at and are as they should be."""
        self._examined += count

    def lacks(self, unit: str, vi: str, en: str, *, detail: str = "") -> None:
        """One thing was looked at, and is not."""
        self._examined += 1
        self._shortfalls.append(Shortfall(unit, detail, Text(vi, en)))

    def unseen(self, unit: str, why: Text) -> None:
        """One thing could not be looked at."""
        self._unseen.append(Unseen(unit, why))

    def cell(self) -> Cell:
        """What was seen."""
        return Cell(self._check, self._province, self._examined, self._shortfalls, self._unseen)


def nothing_seen(of: Sequence[CheckRow], province: fixtures.Province, why: Text) -> list[Cell]:
    """The cells of checks that could not be made."""
    return [Cell(each.name, province.code, 0, unseen=[Unseen(province.code, why)]) for each in of]


async def visit(examination: Examination, province: fixtures.Province, desk: Desk) -> list[Cell]:
    """Examine a province; where a system is unknown or silent, that is what the cells say."""
    unknown = [name for name in examination.systems(province) if not desk.knows(name)]
    if unknown:
        why = Text(
            f"Tệp mục tiêu không có địa chỉ của {', '.join(unknown)}.",
            f"The target file has no address of {', '.join(unknown)}.",
        )
        return nothing_seen(examination.checks, province, why)
    try:
        return await examination.examine(province, desk)
    except Unanswered as failure:
        return nothing_seen(examination.checks, province, failure.why)


def units_of(province: fixtures.Province) -> tuple[fixtures.Province | fixtures.Commune, ...]:
    """The province and its communes."""
    return (province, *fixtures.communes_of(province.code))


def name_of(unit: fixtures.Commune | fixtures.Province | fixtures.OldProvince) -> str:
    """A unit as sentences name it: its name and its code."""
    return f"{unit.name_vi} ({unit.code})"
