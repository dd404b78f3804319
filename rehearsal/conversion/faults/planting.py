"""Plants faults on the tables of a target, province after province, no two on the same thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rehearsal.conversion.arrays import booleans, integers
from rehearsal.conversion.faults.model import Change, Fault, Row, Scene
from rehearsal.conversion.faults.registry import FAULTS, HANDOVER_KIND
from reports.conversion.reading import Handover
from reports.conversion.schema import INSTANT, KEYS

CHILDREN = ("attachments", "results")
ABROAD = "province-wrong"
TRIES = 50
"""Rows that a fault is tried on before it goes to another province."""


class Planted(msgspec.Struct, frozen=True, order=True):
    """A fault that was planted: what the reconciliation has to say of it, and nothing else."""

    kind: str
    province: str
    record: str


class Planting:
    """Plants ``asked`` faults of each kind on the provinces, drawn from a seed.

    What finds no place in its province is tried in the next one; :attr:`planted` says what was planted in
    the end.
    """

    def __init__(self, asked: Mapping[str, int], provinces: Sequence[str], seed: int) -> None:
        self.planted: list[Planted] = []
        self._random = Random(f"{seed}/planted")
        self._provinces = list(provinces)
        self._due: dict[str, Counter[str]] = {code: Counter() for code in self._provinces}
        self._abroad: list[pa.Table] = []
        self._counts_off = asked.get(HANDOVER_KIND, 0)
        for kind, number in asked.items():
            # what is to lie in a later province must come from an earlier one
            places = self._provinces[:-1] if kind == ABROAD else self._provinces
            if kind != HANDOVER_KIND and places:
                for _ in range(number):
                    self._due[self._random.choice(places)][kind] += 1

    def plant(
        self, province: str, sources: Sequence[Mapping[str, pa.Table]], tables: Mapping[str, pa.Table]
    ) -> dict[str, pa.Table]:
        """The tables of a province with what is due there."""
        merged = {
            name: pa.concat_tables(each[name] for each in sources).combine_chunks()
            for name in ("dossiers", "accounts")
        }
        work = _Province(province, dict(tables), merged)
        later = self._provinces[self._provinces.index(province) + 1 :]
        for kind, number in sorted(self._due[province].items()):
            done = 0
            for _ in range(number):
                scene = Scene(province, work.tables, merged, self._random, len(self.planted))
                if kind == ABROAD and not later:
                    break
                record = work.strike(FAULTS[kind], scene)
                if record is None:
                    break
                done += 1
                self.planted.append(Planted(kind, province, record))
            if later:
                self._due[later[0]][kind] += number - done
        made = work.applied()
        if self._abroad:
            made["dossiers"] = pa.concat_tables([made["dossiers"], *self._abroad]).combine_chunks()
        self._abroad = work.abroad
        return made

    def plant_handover(self, counted: Handover) -> None:
        """Change counts that are handed over with the target."""
        places = [(table, province) for table, stated in counted.items() for province in stated]
        for table, province in self._random.sample(places, min(self._counts_off, len(places))):
            counted[table][province] += self._random.choice((-1, 1, 10))
            self.planted.append(Planted(HANDOVER_KIND, province, f"target / {table} / {province}"))


class _Province:
    """What is to become of the tables of a province."""

    def __init__(self, code: str, tables: dict[str, pa.Table], sources: Mapping[str, pa.Table]) -> None:
        self.code, self.tables, self.sources = code, tables, sources
        self.abroad: list[pa.Table] = []
        self._taken: set[tuple[str, str]] = set()
        self._edits: dict[str, dict[str, dict[int, object]]] = {name: {} for name in tables}
        self._removed: dict[str, set[int]] = {name: set() for name in tables}
        self._added: dict[str, list[pa.Table]] = {name: [] for name in tables}

    def strike(self, fault: Fault, scene: Scene) -> str | None:
        """Plant one; what the reconciliation has to name, or None where it can strike nowhere."""
        table = self.tables[fault.table]
        where = fault.where(table, scene)
        places = (
            np.arange(len(table)) if where is None else np.flatnonzero(where.to_numpy(zero_copy_only=False))
        )
        for place in scene.random.sample(places.tolist(), min(TRIES, len(places))):
            row = _row(table, place)
            if self._is_taken(fault.table, row):
                continue
            change = fault.change(row, scene, place)
            group = _group(fault.table)
            if change is None or (change.also and (group, change.also) in self._taken):
                continue
            self._taken |= {(group, _owner(fault.table, row))} | (
                {(group, change.also)} if change.also else set()
            )
            self._note(fault.table, place, row, change)
            return change.record or " / ".join(row[name] for name in KEYS[fault.table])
        return None

    def applied(self) -> dict[str, pa.Table]:
        """The tables with all changes."""
        return {name: self._changed(name, table) for name, table in self.tables.items()}

    def _is_taken(self, table: str, row: Row) -> bool:
        return (_group(table), _owner(table, row)) in self._taken

    def _note(self, name: str, place: int, row: Row, change: Change) -> None:
        for column, value in change.edits.items():
            self._edits[name].setdefault(column, {})[place] = value
        if change.removed:
            self._removed[name].add(place)
        if change.with_children:
            for child in CHILDREN:
                mine = pc.equal(self.tables[child]["dossier"], row["code"]).to_numpy(zero_copy_only=False)
                self._removed[child] |= set(np.flatnonzero(mine).tolist())
        for other in change.copies:
            copy = _with(
                self.tables[name].slice(place, 1), {column: {0: value} for column, value in other.items()}
            )
            (self.abroad if change.abroad else self._added[name]).append(copy)

    def _changed(self, name: str, table: pa.Table) -> pa.Table:
        made = _with(table, self._edits[name])
        if self._removed[name]:
            stays = np.ones(len(made), dtype=np.bool_)
            stays[sorted(self._removed[name])] = False
            made = made.filter(booleans(stays))
        return pa.concat_tables([made, *self._added[name]]).combine_chunks()


def _group(table: str) -> str:
    """Dossiers and what belongs to them are one thing: no two faults on it."""
    return "dossiers" if table in CHILDREN else table


def _owner(table: str, row: Row) -> str:
    owner: str = row["dossier"] if table in CHILDREN else row[KEYS[table][0]]
    return owner


def _row(table: pa.Table, place: int) -> Row:
    one = table.slice(place, 1)
    return {name: _value(one[name][0]) for name in one.column_names}


def _value(value: pa.Scalar) -> object:
    return value.value if value.type == INSTANT else value.as_py()


def _with(table: pa.Table, edits: Mapping[str, Mapping[int, object]]) -> pa.Table:
    """The table with other values in some columns and rows."""
    for column, values in edits.items():
        place = table.schema.get_field_index(column)
        field = table.schema.field(place)
        rows = sorted(values)
        mask = np.zeros(len(table), dtype=np.bool_)
        mask[rows] = True
        given = [values[row] for row in rows]
        fresh = _column(given, field.type)
        changed = pc.replace_with_mask(table[column].combine_chunks(), booleans(mask), fresh)
        table = table.set_column(place, field, changed)
    return table


def _column(values: list[object], kind: pa.DataType) -> pa.Array:
    if kind == INSTANT:
        return integers(np.array(values), pa.int64()).view(INSTANT)
    return pa.array(values, kind)
