"""The reconciliation: counts and checksums of every province first, then, where they differ, every field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from reports.conversion import reading
from reports.conversion.checking import repeated, rule_problems, source_problems
from reports.conversion.comparing import compared, findings, judge_of
from reports.conversion.digests import digest
from reports.conversion.expecting import Rule, expected
from reports.conversion.judging import Row, Wrong
from reports.conversion.leftovers import Rest
from reports.conversion.matching import match
from reports.conversion.schema import FINDINGS, KEYS, TABLES, TARGET

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
    """Hold a target against its source by the rule. Raises :class:`~reports.errors.ReportError`: where files
    cannot be used, with all that is wrong with them."""
    tables = reading.rule_tables(rules)
    reading.refuse(rule_problems(tables, rules))
    rule = Rule(tables)
    reading.check_files(source, rule.old, target, rule.new)
    work = _Work(source, target, rule)
    for name in TABLES:
        work.table(name)
        say(f"{name}: {sum(each.found for each in work.tallies if each.table == name):,} rows")
    work.handover()
    reading.refuse(work.problems)
    return work.done()


class _Work:
    def __init__(self, source: Path, target: Path, rule: Rule) -> None:
        self._source, self._target, self._rule = source, target, rule
        self._findings: list[pa.Table] = []
        self.tallies: list[Tally] = []
        self.problems: list[str] = []
        self._counts: dict[str, int] = dict.fromkeys(Examined.__struct_fields__, 0)
        self._entangled = pa.array([], pa.string())
        self._source_rows: dict[tuple[str, str], int] = {}
        self._of_districts: list[pa.Array] = []

    def table(self, name: str) -> None:
        """Reconcile a table in all provinces."""
        rest = Rest(name)
        judge = judge_of(name, self._rule.districts)
        for province in self._rule.new:
            try:
                self._province(name, province, rest, judge)
            except reading.ConversionError as error:
                self.problems += error.problems
        if self.problems:
            return  # what is said of some provinces alone would be wrong of the others
        if name in OF_DOSSIERS:
            rest.without("dossier", self._entangled)
        old = self._rule.old_procedures if name == "procedures" else self._rule.old_agencies
        self._findings += rest.findings(old, judge)
        if name == "dossiers":
            self._entangled = rest.records()

    def _province(self, name: str, province: str, rest: Rest, judge: Callable[[Row, Row], Wrong]) -> None:
        sources: list[pa.Table] = []
        problems: list[str] = []
        for old in self._rule.parts[province]:
            path = reading.source_path(self._source, old, name)
            table = reading.source_table(self._source, old, name)
            problems += source_problems(path, name, table, self._rule, province)
            self._source_rows[name, old] = len(table)
            sources.append(table)
        if not problems and name != "procedures":  # which merging provinces have in common, as they must
            where = f"{self._source}: {name} of {' and '.join(self._rule.parts[province])}"
            problems += repeated(where, pa.concat_tables(sources), KEYS[name])
        reading.refuse(problems)
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
        home = {old: new for new, parts in self._rule.parts.items() for old in parts}
        for side, folder, there, provinces in (
            ("source", self._source, self._source_rows, home),
            ("target", self._target, found, {new: new for new in self._rule.new}),
        ):
            try:
                told = reading.handover(folder, TABLES, list(provinces))
            except reading.ConversionError as error:
                self.problems += error.problems
                continue
            self._counts["handover_sides"] += bool(told)
            for table, stated in told.items():
                self._counts["handovers"] += len(stated)
                for province, number in stated.items():
                    held = there.get((table, province))  # nothing where its file could not be used
                    if held is not None and held != number:
                        record = f"{side} / {table} / {province}"
                        row = ("counts-off", provinces[province], record, table, str(held), str(number))
                        self._findings.append(findings([row]))


def _number(table: pa.Table, column: str, value: str) -> int:
    return pc.sum(pc.equal(table[column], value)).as_py() or 0
