"""What is left over on both sides once rows were paired in each province: lost, doubled, moved, made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.conversion.comparing import compared
from reports.conversion.judging import Row, Wrong
from reports.conversion.kinds import LEFTOVERS
from reports.conversion.matching import Pairs, fingerprint, recognised
from reports.conversion.reading import key
from reports.conversion.schema import FINDINGS, KEYS
from reports.lookup import Ints

PLACES = ("level", "unit", "commune", "placed")
"""What is wrong anyway where a dossier lies in the wrong province."""


class Rest:
    """The rows of a table that found no partner in their province, gathered from all provinces."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._kinds = LEFTOVERS[name]
        self._missing: list[pa.Table] = []
        self._surplus: list[pa.Table] = []
        self._keys: list[pa.Array] = []

    def add(self, province: str, expected: pa.Table, found: pa.Table, pairs: Pairs) -> None:
        """Keep what a province left over."""
        paired, surplus = expected.take(pa.array(pairs.expected)), found.take(pa.array(pairs.surplus))
        self._keys.append(self._key(_of(paired, province)))
        self._missing.append(_of(expected.take(pa.array(pairs.missing)), province))
        self._surplus.append(_of(surplus, province).append_column("twin", self._twins(paired, surplus)))

    def without(self, column: str, values: pa.Array) -> None:
        """Forget the rows of which a column holds one of these."""
        for side in (self._missing, self._surplus):
            side[:] = [each.filter(pc.invert(pc.is_in(each[column], value_set=values))) for each in side]

    def records(self) -> pa.Array:
        """The keys of all these rows."""
        keys = [self._record(each) for each in (*self._missing, *self._surplus)]
        return pa.chunked_array(keys, pa.large_string()).combine_chunks().cast(pa.string())

    def findings(self, old: frozenset[str], judge: Callable[[Row, Row], Wrong]) -> Iterator[pa.Table]:
        """What became of each. ``old``: keys that had to vanish."""
        missing, surplus = (
            pa.concat_tables(each).combine_chunks() for each in (self._missing, self._surplus)
        )
        elsewhere = pc.index_in(self._key(surplus), value_set=self._key(missing)).fill_null(-1)
        place = elsewhere.to_numpy(zero_copy_only=False).astype(np.int64)
        moved = np.flatnonzero(place >= 0)
        _, first = np.unique(place[moved], return_index=True)
        moved = moved[first]
        if len(moved):
            yield from self._moved(missing.take(pa.array(place[moved])), surplus.take(pa.array(moved)), judge)
        yield from self._recognised(_except(missing, place[moved]), _except(surplus, moved), old, judge)

    def _moved(
        self, home: pa.Table, astray: pa.Table, judge: Callable[[Row, Row], Wrong]
    ) -> Iterator[pa.Table]:
        """Rows that lie in another province than they must, and what else is wrong with them."""
        right, wrong = home["of"], astray["of"]
        yield _told(self._kinds.moved, right, self._record(home), "province", right, wrong)
        for column in PLACES if self.name == "dossiers" else ():
            astray = astray.set_column(astray.schema.get_field_index(column), column, home[column])
        yield from self._compared(home, astray, judge)

    def _compared(
        self, must: pa.Table, has: pa.Table, judge: Callable[[Row, Row], Wrong]
    ) -> Iterator[pa.Table]:
        """What else is wrong with rows that are one, told of the province that has to have them."""
        for province in dict.fromkeys(must["of"].to_pylist()):
            here = pc.equal(must["of"], province)
            yield from compared(self.name, must.filter(here), has.filter(here), judge, province)

    def _recognised(
        self,
        missing: pa.Table,
        surplus: pa.Table,
        old: frozenset[str],
        judge: Callable[[Row, Row], Wrong],
    ) -> Iterator[pa.Table]:
        """A missing row under another key where it can be recognised; else what lacks, what is too much."""
        kinds, column = self._kinds, KEYS[self.name][-1]
        like = np.full(len(surplus), -1, dtype=np.int64)
        if kinds.changed:
            like = recognised(self.name, missing, surplus)
        there = pa.chunked_array(self._keys, pa.large_string())
        known = pc.is_in(self._key(surplus), value_set=there).to_numpy(zero_copy_only=False)
        hit = np.flatnonzero(like >= 0)
        was, now = missing.take(pa.array(like[hit])), surplus.take(pa.array(hit))
        record = self._record(was)
        kind: pa.Array = pc.if_else(pa.array(known[hit]), kinds.shared or kinds.changed, kinds.changed)
        field: pa.Array | str = column
        if kinds.misfiled:
            astray = pc.not_equal(was["dossier"], now["dossier"])
            kind, field = pc.if_else(astray, kinds.misfiled, kind), pc.if_else(astray, "dossier", column)
        yield _told(kind, was["of"], record, field, record, self._record(now))
        yield from self._compared(was, now, judge)
        more, twice = _except(surplus, hit), pa.array(np.delete(known, hit))
        record = self._record(more)
        made_up: pa.Array | str = kinds.invented
        if kinds.kept:
            gone = pc.is_in(record, value_set=pa.array(sorted(old), record.type))
            made_up = pc.if_else(gone, kinds.kept, kinds.invented)
        if kinds.twin:
            made_up = pc.if_else(pc.equal(more["twin"], ""), made_up, kinds.twin)
        first = pc.if_else(twice, "", more["twin"])
        yield _told(pc.if_else(twice, kinds.doubled, made_up), more["of"], record, "", first, record)
        less = _except(missing, like[hit])
        record = self._record(less)
        yield _told(kinds.missing, less["of"], record, "", record, "")

    def _twins(self, paired: pa.Table, surplus: pa.Table) -> pa.Array:
        """Per surplus row the key of the row that it looks like and that is there too, "" for none."""
        if not self._kinds.twin or not len(surplus):
            return pa.repeat("", len(surplus))
        like = pc.index_in(fingerprint(self.name, surplus), value_set=fingerprint(self.name, paired))
        return self._record(paired).take(like).fill_null("").cast(pa.string())

    def _record(self, table: pa.Table) -> pa.Array:
        """The key of each row as findings name it."""
        return key(table, KEYS[self.name])

    def _key(self, table: pa.Table) -> pa.Array:
        """What tells rows apart, over all provinces."""
        return key(table, KEYS[self.name] if self._kinds.moved else ("of", *KEYS[self.name]))


def _told(*columns: pa.Array | str) -> pa.Table:
    """Findings from columns, or one value for all rows; the third column is none."""
    count = len(columns[2])
    made = [pa.repeat(each, count) if isinstance(each, str) else each.cast(pa.string()) for each in columns]
    return pa.table(made, schema=FINDINGS)


def _except(table: pa.Table, places: Ints) -> pa.Table:
    return table.take(pa.array(np.setdiff1d(np.arange(len(table)), places)))


def _of(table: pa.Table, province: str) -> pa.Table:
    return table.append_column("of", pa.repeat(province, len(table)))
