"""The rule of conversion as tables: all that the reconciliation knows of the country."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from fixtures.conversion.hamlets import hamlets_of
from fixtures.conversion.procedures import district_procedures
from fixtures.conversion.rule import account, centre_of, placement
from fixtures.conversion.units import old_units
from fixtures.reference.agencies import commune_agency
from fixtures.reference.communes import communes_of
from fixtures.reference.provinces import OldProvince, province
from fixtures.reference.wards import old_wards
from rehearsal.conversion.arrays import texts
from reports.conversion.schema import RULE

CENTRE_NAME = "Trung tâm phục vụ hành chính công {}"


def rule_tables(old: Sequence[OldProvince]) -> dict[str, pa.Table]:
    """The six tables of the rule, for some old provinces and what they became."""
    codes = {each.code for each in old}
    new = sorted({each.successor for each in old})
    wards = [each.code for each in old_wards() if each.province in codes]
    rows: dict[str, list[tuple[str, ...]]] = {
        "provinces": [
            (
                each.code,
                each.name_vi,
                now.code,
                centre_of(each.code),
                now.name_vi,
                CENTRE_NAME.format(now.name_vi),
            )
            for each in old
            for now in [province(each.successor)]
        ],
        "wards": [(ward, placement(ward).commune) for ward in wards],
        "hamlets": [
            (each.ward, each.name, each.commune) for ward in wards for each in hamlets_of(ward).values()
        ],
        "communes": [
            (each.code, each.province, commune_agency(each.code), each.name_vi)
            for code in new
            for each in communes_of(code)
        ],
        "procedures": [(each.code, each.level, each.successor) for each in district_procedures()],
        "agencies": [
            (each.code, each.level, account(each).unit)
            for each in old_units().values()
            if each.province in codes
        ],
    }
    return {name: _table(rows[name], schema) for name, schema in RULE.items()}


def _table(rows: list[tuple[str, ...]], schema: pa.Schema) -> pa.Table:
    columns: list[Any] = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([texts(column) for column in columns], schema=schema)
