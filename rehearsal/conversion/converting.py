"""The converter of the mock country: the six tables of a new province from those of the old ones.

It asks the rule (:mod:`fixtures.conversion.rule`) once for each distinct question and knows nothing of the
reconciliation, which works the same out from tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fixtures.conversion.procedures import district_procedure
from fixtures.conversion.rule import account, centre_of, continuation, placement, unit
from fixtures.conversion.units import OldLevel, old_units
from fixtures.reference.agencies import commune_agency
from fixtures.reference.communes import communes_of
from fixtures.reference.provinces import merged_into, old_province, province
from rehearsal.conversion.arrays import booleans, mapped, mapped_texts, take, texts
from rehearsal.conversion.ruling import CENTRE_NAME
from reports.conversion.schema import TARGET

Tables = Mapping[str, pa.Table]


def convert(new: str, old: Sequence[Tables]) -> dict[str, pa.Table]:
    """What a new province has to hold, from the tables of the old ones that it was made of."""
    predecessor = merged_into(new)[0].code
    return {
        name: _CONVERTERS[name](pa.concat_tables(each[name] for each in old).combine_chunks(), predecessor)
        for name in TARGET
    }


def _chunks(table: pa.Table, *names: str) -> Iterable[pa.Array]:
    return [table[name].combine_chunks() for name in names]


def _table(name: str, source: pa.Table, changed: Mapping[str, pa.Array]) -> pa.Table:
    schema = TARGET[name]
    columns = [changed[field] if field in changed else source[field] for field in schema.names]
    return pa.table(columns, schema=schema)


def _dossiers(source: pa.Table, predecessor: str) -> pa.Table:
    def place(ward: str, hamlet: str) -> tuple[str, str]:
        found = placement(ward, hamlet)
        return found.commune, found.placed

    def go_on(level: OldLevel, procedure: str) -> tuple[str, str, bool]:
        found = continuation(level, procedure)
        return found.procedure, found.level, found.old_rule

    commune, placed = mapped_texts(_chunks(source, "ward", "hamlet"), place)
    procedure, level, old_rule = mapped(_chunks(source, "level", "procedure"), go_on)
    levels = take(*level)
    (units,) = mapped_texts([levels, commune], lambda level, commune: (unit(predecessor, level, commune),))
    changed = {
        "level": levels,
        "unit": units,
        "commune": commune,
        "placed": placed,
        "procedure": take(*procedure),
        "old_rule": booleans(np.array(old_rule[0], dtype=np.bool_)[old_rule[1]]),
    }
    return _table("dossiers", source, changed)


def _attachments(source: pa.Table, _predecessor: str) -> pa.Table:
    return _table("attachments", source, {})


def _results(source: pa.Table, _predecessor: str) -> pa.Table:
    return _table("results", source, {"reusable": source["valid"]})


def _units(_source: pa.Table, predecessor: str) -> pa.Table:
    now = old_province(predecessor).successor
    communes = communes_of(now)
    columns = {
        "code": texts([centre_of(predecessor), *(commune_agency(each.code) for each in communes)]),
        "name": texts([CENTRE_NAME.format(province(now).name_vi), *(each.name_vi for each in communes)]),
        "level": texts(["province", *("commune" for _ in communes)]),
        "place": texts([now, *(each.code for each in communes)]),
    }
    return pa.table([columns[name] for name in TARGET["units"].names], schema=TARGET["units"])


def _accounts(source: pa.Table, _predecessor: str) -> pa.Table:
    def follow(code: str, roles: str) -> tuple[str, str, str]:
        found = account(old_units()[code])
        return found.unit, roles if found.keeps_roles else "", found.state

    units, roles, states = mapped_texts(_chunks(source, "unit", "roles"), follow)
    return _table("accounts", source, {"unit": units, "roles": roles, "state": states})


def _procedures(source: pa.Table, _predecessor: str) -> pa.Table:
    def follow(code: str, level: str) -> tuple[str, str, bool]:
        if level != "district":
            return code, level, True
        found = district_procedure(code)
        return found.successor or code, found.level, found.level != "abolished"

    code, level, open_ = mapped(_chunks(source, "code", "level"), follow)
    changed = {
        "code": take(*code),
        "level": take(*level),
        "open": booleans(np.array(open_[0], dtype=np.bool_)[open_[1]]),
    }
    made = _table("procedures", source, changed)
    coded = pc.dictionary_encode(made["code"].combine_chunks()).indices.to_numpy()
    _, first = np.unique(coded, return_index=True)
    return made.filter(booleans(np.isin(np.arange(len(coded)), first)))


_CONVERTERS: Mapping[str, Callable[[pa.Table, str], pa.Table]] = {
    "dossiers": _dossiers,
    "attachments": _attachments,
    "results": _results,
    "units": _units,
    "accounts": _accounts,
    "procedures": _procedures,
}
