"""Where two rows that are one differ, field by field, and what is left over: everything becomes findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.conversion.digests import plain
from reports.conversion.judging import JUDGES, Row, Wrong, judge_dossier
from reports.conversion.kinds import LEFTOVERS
from reports.conversion.matching import Pairs, recognised
from reports.conversion.reading import key
from reports.conversion.schema import FINDINGS, KEYS, TARGET
from reports.lookup import Ints

AT_ONCE = 20_000
"""Rows that differ, in memory as Python values at once."""
HANOI = timezone(timedelta(hours=7))
PLACES = ("level", "unit", "commune", "placed")
"""What is wrong anyway where a row lies in the wrong province."""

Finding = tuple[str, str, str, str, str, str]
"""Kind, province, record, field, expected, found: the columns of `FINDINGS`."""


class Findings:
    """All findings so far, in columns."""

    def __init__(self) -> None:
        self._parts: list[pa.Table] = []

    def add(self, rows: list[Finding]) -> None:
        """Add findings."""
        columns = [pa.array(each, pa.string()) for each in zip(*rows, strict=True)] if rows else None
        if columns:
            self._parts.append(pa.table(columns, schema=FINDINGS))

    def table(self) -> pa.Table:
        """One row for each finding."""
        return pa.concat_tables([FINDINGS.empty_table(), *self._parts]).combine_chunks()


def judge_of(name: str, districts: frozenset[str]) -> Callable[[Row, Row], Wrong]:
    """The judge of a table."""
    if name == "dossiers":
        return lambda must, has: judge_dossier(must, has, districts)
    return JUDGES[name]


def differing(name: str, expected: pa.Table, found: pa.Table) -> Ints:
    """Places at which two tables of as many rows differ in a column of the target."""
    differs = np.zeros(len(found), dtype=np.bool_)
    for column in TARGET[name].names:
        differs |= pc.not_equal(plain(expected[column]), plain(found[column])).to_numpy(zero_copy_only=False)
    return np.flatnonzero(differs)


def compared(
    name: str, expected: pa.Table, found: pa.Table, judge: Callable[[Row, Row], Wrong], province: str
) -> Iterator[list[Finding]]:
    """The findings of rows that are one, given side by side, in lists of bounded length."""
    rows = differing(name, expected, found)
    for begin in range(0, len(rows), AT_ONCE):
        chunk = pa.array(rows[begin : begin + AT_ONCE])
        records = key(expected.take(chunk), KEYS[name]).to_pylist()
        musts, others = listed(expected.take(chunk)), listed(found.take(chunk))
        yield [
            (kind, province, record, field, told(field, must[field]), told(field, has[field]))
            for record, must, has in zip(records, musts, others, strict=True)
            for kind, field in judge(must, has)
        ]


def listed(table: pa.Table) -> list[dict[str, Any]]:
    """Rows as mappings, instants as Unix seconds."""
    return pa.table({name: plain(table[name]) for name in table.column_names}).to_pylist()  # type: ignore[no-any-return]  # Arrow has no types


def told(field: str, value: object) -> str:
    """A value as a reader sees it."""
    if field in ("received", "due", "issued") and isinstance(value, int):
        return datetime.fromtimestamp(value, UTC).astimezone(HANOI).isoformat(timespec="seconds")
    return str(value).lower() if isinstance(value, bool) else str(value)


class Rest:
    """What is left over on both sides of a table, gathered from all provinces."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._missing: list[pa.Table] = []
        self._surplus: list[pa.Table] = []
        self._keys: list[pa.Array] = []

    def add(self, province: str, expected: pa.Table, found: pa.Table, pairs: Pairs) -> None:
        """Keep what a province left over."""
        there = expected.take(pa.array(pairs.expected))
        self._keys.append(key(there, KEYS[self.name]))
        self._missing.append(_of(expected.take(pa.array(pairs.missing)), province))
        surplus = _of(found.take(pa.array(pairs.surplus)), province)
        self._surplus.append(surplus)

    def settled(
        self, old: frozenset[str], judge: Callable[[Row, Row], Wrong]
    ) -> tuple[Iterator[list[Finding]], set[str]]:
        """The findings, and the keys of all rows concerned. ``old``: keys that had to vanish."""
        return self._findings(old, judge), {*self._entangled(self._missing), *self._entangled(self._surplus)}

    def without(self, column: str, values: set[str]) -> None:
        """Forget the rows of which a column holds one of these."""
        among = pa.array(sorted(values), pa.string())
        for side in (self._missing, self._surplus):
            side[:] = [each.filter(pc.invert(pc.is_in(each[column], value_set=among))) for each in side]

    def _entangled(self, side: list[pa.Table]) -> Iterator[str]:
        for each in side:
            yield from key(each, KEYS[self.name]).to_pylist()

    def _findings(self, old: frozenset[str], judge: Callable[[Row, Row], Wrong]) -> Iterator[list[Finding]]:
        kinds = LEFTOVERS[self.name]
        missing, surplus = (
            pa.concat_tables(each).combine_chunks() for each in (self._missing, self._surplus)
        )
        # in another province than it must be
        place = pc.index_in(self._key(surplus), value_set=self._key(missing)).fill_null(-1)
        elsewhere = place.to_numpy(zero_copy_only=False).astype(np.int64)
        moved = np.flatnonzero(elsewhere >= 0)
        _, first = np.unique(elsewhere[moved], return_index=True)
        moved = moved[first]
        home = missing.take(pa.array(elsewhere[moved]))
        astray = surplus.take(pa.array(moved))
        provinces = (each["of"].to_pylist() for each in (home, astray))
        yield [
            (kinds.moved, right, record, "province", right, wrong)
            for record, right, wrong in zip(self._key(home).to_pylist(), *provinces, strict=True)
        ]
        yield from self._also_altered(home, astray, judge)
        missing = missing.take(pa.array(np.setdiff1d(np.arange(len(missing)), elsewhere[moved])))
        surplus = surplus.take(pa.array(np.setdiff1d(np.arange(len(surplus)), moved)))
        yield from self._recognised(missing, surplus, old)

    def _also_altered(
        self, home: pa.Table, astray: pa.Table, judge: Callable[[Row, Row], Wrong]
    ) -> Iterator[list[Finding]]:
        for column in PLACES if self.name == "dossiers" else ():
            place = astray.schema.get_field_index(column)
            astray = astray.set_column(place, column, home[column])
        for province in dict.fromkeys(home["of"].to_pylist()):
            here = pc.equal(home["of"], province)
            yield from compared(self.name, home.filter(here), astray.filter(here), judge, province)

    def _recognised(
        self, missing: pa.Table, surplus: pa.Table, old: frozenset[str]
    ) -> Iterator[list[Finding]]:
        kinds = LEFTOVERS[self.name]
        like = np.full(len(surplus), -1, dtype=np.int64)
        if kinds.changed:
            like = recognised(self.name, missing, surplus)
        known = np.zeros(len(surplus), dtype=np.bool_)
        for keys in self._keys:
            known |= pc.is_in(self._key(surplus), value_set=keys).to_numpy(zero_copy_only=False)
        wanted, wanted_of = self._key(missing).to_pylist(), missing["of"].to_pylist()
        rows: list[Finding] = []
        for place, (code, province) in enumerate(
            zip(self._key(surplus).to_pylist(), surplus["of"].to_pylist(), strict=True)
        ):
            if like[place] >= 0:
                kind = kinds.shared if known[place] else kinds.changed
                record = wanted[like[place]]
                rows.append((kind, wanted_of[like[place]], record, KEYS[self.name][0], record, code))
                continue
            kind = kinds.doubled if known[place] else kinds.invented
            if kinds.kept and not known[place] and code in old:
                kind = kinds.kept
            rows.append((kind, province, code, "", "", code))
        gone = set(like[like >= 0].tolist())
        rows += [
            (kinds.missing, wanted_of[place], code, "", code, "")
            for place, code in enumerate(wanted)
            if place not in gone
        ]
        yield rows

    def _key(self, table: pa.Table) -> pa.Array:
        return key(table, KEYS[self.name])


def _of(table: pa.Table, province: str) -> pa.Table:
    return table.append_column("of", pa.array([province] * len(table), pa.string()))
