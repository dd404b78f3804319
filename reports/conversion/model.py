"""The reconciliation as one typed value, from which every renderer works; ``conversion.json`` is it."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from reports.conversion.reconciling import Examined
from reports.evidence_file import CommandCheck
from reports.finding import Outcome
from reports.text import Text

FORMAT: Final = 1


class Example(msgspec.Struct, frozen=True):
    """One thing that is wrong."""

    province: str
    record: str
    field: str
    expected: str
    found: str


class KindRow(msgspec.Struct, frozen=True):
    """A kind of what can be wrong, and how often it is. ``bound``: where it never is, the share below which
    it lies at 95 % (3/n, as of :attr:`reports.ledger.Ledger.loss_bound`); None where nothing was examined."""

    kind: str
    table: str
    title: Text
    count: int
    examined: int
    provinces: int
    bound: float | None
    examples: list[Example]


class TableRow(msgspec.Struct, frozen=True):
    """A table of a province: how many rows must be there and are, and whether their checksums are equal."""

    table: str
    source: int
    expected: int
    found: int
    equal: bool
    expected_sha256: str
    found_sha256: str


class ProvinceRow(msgspec.Struct, frozen=True):
    """A new province, the old ones that it was made of, and how many things are wrong in it."""

    code: str
    name: str
    parts: list[str]
    tables: list[TableRow]
    findings: int

    @property
    def equal(self) -> bool:
        """Whether every table holds exactly what it must."""
        return all(each.equal for each in self.tables)


class TrialRow(msgspec.Struct, frozen=True):
    """A kind of planted fault: how many were planted, were found, and were said to be there but are not."""

    kind: str
    title: Text
    planted: int
    found: int
    invented: int

    @property
    def exact(self) -> bool:
        """Whether all were found and none invented."""
        return self.planted == self.found and not self.invented


class Conversion(msgspec.Struct, frozen=True):
    """Everything that the report says.

    ``origin``: whose files were judged; ``trial`` is empty where nothing was planted.
    """

    format: Literal[1]
    kind: Literal["conversion", "conversion-planted"]
    started: str
    origin: Text
    outcome: Outcome
    sentence: Text
    seconds: float
    rows: int
    findings: int
    examined: Examined
    checks: list[CommandCheck]
    kinds: list[KindRow]
    provinces: list[ProvinceRow]
    trial: list[TrialRow]

    @property
    def exact(self) -> bool:
        """Whether what was planted, if anything was, is what was found."""
        return all(row.exact for row in self.trial)
