"""What the target must hold, worked out from the source's tables and the tables of the rule.

Nothing here is shared with any converter: two ways to one result is what makes a difference mean something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.conversion.reading import key
from reports.conversion.schema import TARGET

DOSSIER_BEFORE = ("was_unit", "was_level", "was_procedure")
"""Columns of an expected dossier besides the target's: what the source says."""


class Rule:
    """The tables of the rule, ready to be asked for whole columns."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self.tables = {name: table.combine_chunks() for name, table in tables.items()}
        self.tables["wards"] = self._with_provinces(self.tables["wards"])
        provinces = self.tables["provinces"].to_pylist()
        self.old = [row["old"] for row in provinces]
        self.new = sorted({row["province"] for row in provinces})
        self.names = {row["province"]: row["name"] for row in provinces}
        self.centre = {row["province"]: row["centre"] for row in provinces}
        self.centre_name = {row["province"]: row["centre_name"] for row in provinces}
        self.parts = {code: [row["old"] for row in provinces if row["province"] == code] for code in self.new}
        self.old_names = {row["old"]: row["old_name"] for row in provinces}
        self.old_procedures = frozenset(
            code for code, level in self._pairs("procedures", "code", "level") if level != "abolished"
        )
        self.districts = frozenset(
            code for code, level in self._pairs("agencies", "code", "level") if level == "district"
        )
        self.old_agencies = frozenset(self.tables["agencies"]["code"].to_pylist())

    def column(self, table: str, name: str) -> pa.Array:
        """A column of a table of the rule."""
        return self.tables[table][name].combine_chunks()

    def ask(self, table: str, by: str, asked: pa.Array, *names: str) -> list[pa.Array]:
        """Per value of ``asked`` what the table says of it in other columns; null where it says nothing."""
        places = pc.index_in(asked, value_set=self.column(table, by))
        return [self.column(table, name).take(places) for name in names]

    def _with_provinces(self, wards: pa.Table) -> pa.Table:
        """The wards with the province that each lies in now; null of a split one without hamlets."""
        place = pc.index_in(wards["ward"], value_set=self.column("hamlets", "ward"))
        part = self.column("hamlets", "commune").take(place.combine_chunks())
        commune = pc.if_else(pc.equal(wards["commune"], ""), part, wards["commune"].combine_chunks())
        (province,) = self.ask("communes", "commune", commune.combine_chunks(), "province")
        return wards.append_column("province", province)

    def _pairs(self, table: str, *names: str) -> list[tuple[str, ...]]:
        return list(zip(*(self.tables[table][name].to_pylist() for name in names), strict=True))


def expected(name: str, sources: Sequence[pa.Table], rule: Rule, province: str) -> pa.Table:
    """The rows that a new province must hold in a table, from its old provinces' tables.

    In the columns of the target; dossiers have :data:`DOSSIER_BEFORE` as well. The source must have no
    problem (:mod:`reports.conversion.checking`).
    """
    return _MAKERS[name](pa.concat_tables(sources).combine_chunks(), rule, province)


def _column(table: pa.Table, name: str) -> pa.Array:
    return table[name].combine_chunks()


def _dossiers(source: pa.Table, rule: Rule, province: str) -> pa.Table:
    level = _column(source, "level")
    commune, placed = _placed(source, rule)
    district = pc.equal(level, "district")
    procedure = _column(source, "procedure")
    new_level, successor = rule.ask("procedures", "code", procedure, "level", "successor")
    new_level = pc.if_else(district, new_level, level)
    abolished = pc.and_(district, pc.equal(new_level, "abolished"))
    new_level = pc.if_else(abolished, "commune", new_level)
    (agency,) = rule.ask("communes", "commune", commune, "agency")
    by_commune = pc.and_(pc.equal(new_level, "commune"), pc.not_equal(commune, ""))
    changed = {
        "level": new_level,
        "unit": pc.if_else(by_commune, agency, rule.centre[province]),
        "commune": commune,
        "placed": placed,
        "procedure": pc.if_else(pc.and_not(district, abolished), successor, procedure),
        "old_rule": abolished,
    }
    made = _filled("dossiers", source, changed)
    before = zip(DOSSIER_BEFORE, ("unit", "level", "procedure"), strict=True)
    for name, was in before:
        made = made.append_column(name, source[was])
    return made


def _placed(source: pa.Table, rule: Rule) -> tuple[pa.Array, pa.Array]:
    """The commune of each address, "" where it is undecided, and what decided."""
    wards = _column(source, "ward")
    (whole,) = rule.ask("wards", "ward", wards, "commune")
    split = pc.equal(whole, "")
    parts = key(rule.tables["hamlets"], ("ward", "hamlet"))
    place = pc.index_in(key(source, ("ward", "hamlet")), value_set=parts)
    by_hamlet = rule.column("hamlets", "commune").take(place)
    decided = by_hamlet.is_valid()
    commune = pc.if_else(split, by_hamlet.fill_null(""), whole)
    return commune, pc.if_else(split, pc.if_else(decided, "hamlet", "held"), "ward")


def _attachments(source: pa.Table, _rule: Rule, _province: str) -> pa.Table:
    return source


def _results(source: pa.Table, _rule: Rule, _province: str) -> pa.Table:
    return _filled("results", source, {"reusable": source["valid"]})


def _units(_source: pa.Table, rule: Rule, province: str) -> pa.Table:
    communes = rule.tables["communes"]
    mine = communes.filter(pc.equal(communes["province"], province))
    centre = pa.table(
        [[rule.centre[province]], [rule.centre_name[province]], ["province"], [province]],
        schema=TARGET["units"],
    )
    level = pa.array(["commune"] * len(mine), pa.string())
    rest = pa.table([mine["agency"], mine["name"], level, mine["commune"]], schema=TARGET["units"])
    return pa.concat_tables([centre, rest]).combine_chunks()


def _accounts(source: pa.Table, rule: Rule, _province: str) -> pa.Table:
    units = _column(source, "unit")
    level, successor = rule.ask("agencies", "code", units, "level", "successor")
    state = pc.if_else(
        pc.equal(successor, ""), pc.if_else(pc.equal(level, "district"), "closed", "held"), "active"
    )
    roles = pc.if_else(pc.equal(state, "active"), _column(source, "roles"), "")
    return _filled("accounts", source, {"unit": successor, "roles": roles, "state": state})


def _procedures(source: pa.Table, rule: Rule, _province: str) -> pa.Table:
    """The catalogues of the old provinces made one: each procedure once."""
    codes, level = _column(source, "code"), _column(source, "level")
    district = pc.equal(level, "district")
    new_level, successor = rule.ask("procedures", "code", codes, "level", "successor")
    abolished = pc.and_(district, pc.equal(new_level, "abolished").fill_null(fill_value=False))
    made = _filled(
        "procedures",
        source,
        {
            "code": pc.if_else(pc.and_not(district, abolished), successor, codes),
            "level": pc.if_else(district, new_level, level),
            "open": pc.and_not(source["open"].combine_chunks(), abolished),
        },
    )
    numbers = _column(made, "code").dictionary_encode().indices.to_numpy()
    _, first = np.unique(numbers, return_index=True)
    return made.take(np.sort(first))


def _filled(name: str, source: pa.Table, changed: Mapping[str, pa.Array]) -> pa.Table:
    schema = TARGET[name]
    columns = [changed[field] if field in changed else source[field] for field in schema.names]
    return pa.table(columns, schema=schema).combine_chunks()


_MAKERS = {
    "dossiers": _dossiers,
    "attachments": _attachments,
    "results": _results,
    "units": _units,
    "accounts": _accounts,
    "procedures": _procedures,
}
