"""The mock country's converter asks the rule, and keeps what must not change."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from fixtures.conversion.procedures import district_procedures
from fixtures.conversion.rule import continuation, placement
from fixtures.reference.communes import communes_of
from fixtures.reference.provinces import merged_into
from rehearsal.conversion.converting import convert
from rehearsal.conversion.generating import generate
from reports.conversion.schema import TARGET

KEPT = ("owner_id", "owner_name", "received", "due", "status", "history", "amount", "paid")


@pytest.fixture(scope="module")
def sides() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Lào Cai: its two old provinces, and what they became."""
    old = [generate(each, 400, 1) for each in merged_into("15")]
    return old, convert("15", old)


def test_tables_have_the_columns_of_the_target(sides: tuple[list[dict[str, Any]], dict[str, Any]]) -> None:
    assert {name: table.schema for name, table in sides[1].items()} == TARGET


def test_a_dossier_goes_where_the_rule_says_and_stays_what_it_was(
    sides: tuple[list[dict[str, Any]], dict[str, Any]],
) -> None:
    before = [row for each in sides[0] for row in each["dossiers"].to_pylist()]
    after = {row["code"]: row for row in sides[1]["dossiers"].to_pylist()}
    assert len(before) == len(after)
    for was in before:
        now = after[was["code"]]
        assert [now[name] for name in KEPT] == [was[name] for name in KEPT]
        goes_on = continuation(was["level"], was["procedure"])
        assert (now["procedure"], now["level"], now["old_rule"]) == (
            goes_on.procedure,
            goes_on.level,
            goes_on.old_rule,
        )
        assert now["commune"] == placement(was["ward"], was["hamlet"]).commune
        assert now["unit"] == ("H38.99" if now["level"] == "province" else f"H38.99.{now['commune']}")


def test_no_district_is_left(sides: tuple[list[dict[str, Any]], dict[str, Any]]) -> None:
    made = sides[1]
    for table in ("dossiers", "units", "procedures"):
        assert "district" not in made[table]["level"].to_pylist()
    assert len(made["units"]) == len(communes_of("15")) + 1


def test_two_catalogues_become_one_without_doubles(
    sides: tuple[list[dict[str, Any]], dict[str, Any]],
) -> None:
    rows = sides[1]["procedures"].to_pylist()
    assert max(Counter(row["code"] for row in rows).values()) == 1
    open_ = {row["code"]: row["open"] for row in rows}
    for each in district_procedures():
        assert open_[each.successor or each.code] is (each.level != "abolished")


def test_accounts_of_districts_are_closed_without_rights(
    sides: tuple[list[dict[str, Any]], dict[str, Any]],
) -> None:
    closed = [row for row in sides[1]["accounts"].to_pylist() if row["state"] == "closed"]
    assert closed
    assert all(not row["roles"] and not row["unit"] for row in closed)
