"""The reconciliation: counts and checksums of every province first, then, where they differ, every field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from reports.conversion import reading
from reports.conversion.comparing import compared, findings, judge_of
from reports.conversion.digests import digest
from reports.conversion.expecting import Rule, expected
from reports.conversion.judging import Row, Wrong
from reports.conversion.leftovers import Rest
from reports.conversion.matching import match
from reports.conversion.schema import FINDINGS, SOURCE, TABLES, TARGET

OF_DOSSIERS = ("attachments", "results")
"""Tables whose rows belong to a dossier: where that is wrong, theirs are not judged again."""


class Tally(msgspec.Struct, frozen=True):
    """A table of a new province: rows that must be there and are there, and their checksums."""

    province: str
    table: str
    source: int
    expected: int
    found: int
    expected_sha256: str
    found_sha256: str

    @property
    def equal(self) -> bool:
        """Whether both sides hold the same rows."""
        return self.expected == self.found and self.expected_sha256 == self.found_sha256


class Examined(msgspec.Struct, frozen=True):
    """How much was looked at, for the checks that speak of a part."""

    district_dossiers: int = 0
    abolished_dossiers: int = 0
    split_addresses: int = 0
    held: int = 0
    valid_results: int = 0
    district_accounts: int = 0
    district_procedures: int = 0
    handovers: int = 0
    handover_sides: int = 0


class Reconciled(msgspec.Struct, frozen=True):
    """What was found, before anybody judges it. ``findings`` is a table of the columns of `FINDINGS`;
    ``of_districts`` counts those of them, by kind, that concern dossiers which a district had."""

    tallies: list[Tally]
    examined: Examined
    findings: pa.Table
    of_districts: dict[str, int]


def reconcile(
    source: Path, target: Path, rules: Path, say: Callable[[str], None] = lambda _told: None
) -> Reconciled:
    """Hold a target against its source by the rule. Raises :class:`~reports.errors.ReportError`."""
    rule = Rule(reading.rule_tables(rules))
    reading.check_provinces(source, rule.old)
    reading.check_provinces(target, rule.new)
    work = _Work(source, target, rule)
    for name in TABLES:
        work.table(name)
        say(f"{name}: {sum(each.found for each in work.tallies if each.table == name):,} rows")
    work.handover()
    return work.done()


class _Work:
    def __init__(self, source: Path, target: Path, rule: Rule) -> None:
        self._source, self._target, self._rule = source, target, rule
        self._findings: list[pa.Table] = []
        self.tallies: list[Tally] = []
        self._counts: dict[str, int] = dict.fromkeys(Examined.__struct_fields__, 0)
        self._entangled = pa.array([], pa.string())
        self._source_rows: dict[tuple[str, str], int] = {}
        self._of_districts: list[pa.Array] = []

    def table(self, name: str) -> None:
        """Reconcile a table in all provinces."""
        rest = Rest(name)
        judge = judge_of(name, self._rule.districts)
        for province in self._rule.new:
            self._province(name, province, rest, judge)
        if name in OF_DOSSIERS:
            rest.without("dossier", self._entangled)
        old = self._rule.old_procedures if name == "procedures" else self._rule.old_agencies
        self._findings += rest.findings(old, judge)
        if name == "dossiers":
            self._entangled = rest.records()

    def _province(self, name: str, province: str, rest: Rest, judge: Callable[[Row, Row], Wrong]) -> None:
        sources = []
        for old in self._rule.parts[province]:
            table = reading.source_table(self._source, old, name)
            self._source_rows[name, old] = len(table)
            sources.append(table)
        must = expected(name, sources, self._rule, province)
        has = reading.target_table(self._target, province, name)
        self._count(name, must, sources)
        tally = Tally(
            province=province,
            table=name,
            source=sum(map(len, sources)),
            expected=len(must),
            found=len(has),
            expected_sha256=digest(must.select(TARGET[name].names)),
            found_sha256=digest(has),
        )
        self.tallies.append(tally)
        pairs = match(name, must, has)
        rest.add(province, must, has, pairs)
        if tally.equal:
            return
        there, here = must.take(pa.array(pairs.expected)), has.take(pa.array(pairs.found))
        for rows in compared(name, there, here, judge, province):
            # a result follows its dossier to another code: that is told of the dossier
            followed = pc.is_in(rows["expected"], value_set=self._entangled)
            self._findings.append(
                rows.filter(pc.invert(pc.and_(pc.equal(rows["field"], "dossier"), followed)))
            )

    def _count(self, name: str, must: pa.Table, sources: list[pa.Table]) -> None:
        counts = self._counts
        if name == "dossiers":
            of_district = must.filter(pc.equal(must["was_level"], "district"))["code"].combine_chunks()
            self._of_districts.append(of_district)
            counts["district_dossiers"] += len(of_district)
            counts["abolished_dossiers"] += pc.sum(must["old_rule"]).as_py() or 0
            counts["held"] += _number(must, "placed", "held")
            counts["split_addresses"] += len(must) - _number(must, "placed", "ward")
        elif name == "results":
            counts["valid_results"] += pc.sum(must["reusable"]).as_py() or 0
        elif name == "accounts":
            counts["district_accounts"] += _number(must, "state", "closed")
        elif name == "procedures":
            counts["district_procedures"] += sum(_number(each, "level", "district") for each in sources)

    def done(self) -> Reconciled:
        """What was found."""
        found = pa.concat_tables([FINDINGS.empty_table(), *self._findings]).combine_chunks()
        codes = pa.chunked_array(self._of_districts, pa.string()).combine_chunks()
        mine = found.filter(pc.is_in(found["record"], value_set=codes))
        kinds = Counter(mine["kind"].to_pylist())
        return Reconciled(self.tallies, Examined(**self._counts), found, kinds)

    def handover(self) -> None:
        """Hold the counts that each side stated against its files."""
        found = {(each.table, each.province): each.found for each in self.tallies}
        for folder, there, legal in (
            (self._source, self._source_rows, SOURCE),
            (self._target, found, TARGET),
        ):
            told = reading.handover(folder)
            self._counts["handover_sides"] += bool(told)
            for table, stated in told.items():
                if table not in legal:
                    raise reading.ConversionError(
                        f"{folder}: handover.json: {table!r} is no table; legal are {', '.join(legal)}"
                    )
                self._stated(folder, table, stated, there)

    def _stated(
        self, folder: Path, table: str, stated: dict[str, int], there: dict[tuple[str, str], int]
    ) -> None:
        for province, number in stated.items():
            if (table, province) not in there:
                raise reading.ConversionError(
                    f"{folder}: handover.json: {table}: {province!r} is no province of this side"
                )
            self._counts["handovers"] += 1
            if there[table, province] != number:
                record = f"{table} / {province}"
                row = ("counts-off", province, record, table, str(there[table, province]), str(number))
                self._findings.append(findings([row]))


def _number(table: pa.Table, column: str, value: str) -> int:
    return pc.sum(pc.equal(table[column], value)).as_py() or 0
