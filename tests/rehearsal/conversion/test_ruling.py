"""The tables of the rule say what the data files say, read here without any of the code that the rule uses.

The converter asks the same functions from which the tables are written: were these wrong, both sides would be
wrong alike, and the reconciliation would find nothing.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fixtures.reference.provinces import old_provinces
from rehearsal.conversion.ruling import rule_tables

DATA = Path(__file__).parents[3] / "fixtures" / "data"
Rows = list[dict[str, Any]]


def data(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def tables() -> Mapping[str, Rows]:
    """Each table of the rule of the whole country."""
    return {name: table.to_pylist() for name, table in rule_tables(list(old_provinces())).items()}


def test_each_old_ward_goes_where_the_data_say_or_waits_for_its_hamlets(tables: Mapping[str, Rows]) -> None:
    communes: defaultdict[str, list[str]] = defaultdict(list)
    for row in data("old_ward_to_new.csv"):
        communes[row["old_ward"]].append(row["commune"])
    whole = {row["old_ward"] for row in data("old_ward_to_new.csv") if row["kind"] == "whole"}
    expected = {ward: to[0] if ward in whole else "" for ward, to in communes.items()}
    assert {row["ward"]: row["commune"] for row in tables["wards"]} == expected
    for row in tables["hamlets"]:
        assert row["ward"] not in whole
        assert row["commune"] in communes[row["ward"]]


def test_each_commune_is_in_its_province_and_has_an_agency_of_it(tables: Mapping[str, Rows]) -> None:
    agency = {row["code"]: row["agency_code"] for row in data("provinces34.csv")}
    expected = {
        row["code"]: (row["province"], row["name_vi"], agency[row["province"]])
        for row in data("communes3321.csv")
    }
    found = {
        row["commune"]: (row["province"], row["name"], row["agency"].split(".")[0])
        for row in tables["communes"]
    }
    assert found == expected
    assert len({row["agency"] for row in tables["communes"]}) == len(expected)


def test_each_old_province_goes_into_the_one_it_was_merged_into(tables: Mapping[str, Rows]) -> None:
    agency = {row["code"]: row["agency_code"] for row in data("provinces34.csv")}
    expected = {row["code"]: row["successor"] for row in data("provinces63_to_34.csv")}
    assert {row["old"]: row["province"] for row in tables["provinces"]} == expected
    assert all(row["centre"].split(".")[0] == agency[row["province"]] for row in tables["provinces"])


def test_an_old_unit_goes_to_the_unit_of_its_place(tables: Mapping[str, Rows]) -> None:
    commune_of = {row["ward"]: row["commune"] for row in tables["wards"]}
    unit_of = {row["commune"]: row["agency"] for row in tables["communes"]}
    levels = Counter(row["level"] for row in tables["agencies"])
    assert levels == {"province": 63, "district": 691, "commune": len(commune_of)}
    for row in tables["agencies"]:
        place = row["code"].split(".")[-1]
        if row["level"] == "commune":
            assert row["successor"] == unit_of.get(commune_of[place], ""), row
        else:
            assert bool(row["successor"]) == (row["level"] == "province"), row


def test_346_procedures_of_districts_are_divided_as_the_directives_say(tables: Mapping[str, Rows]) -> None:
    levels = Counter(row["level"] for row in tables["procedures"])
    assert levels == {"province": 18, "commune": 278, "abolished": 50}
    assert all(bool(row["successor"]) == (row["level"] != "abolished") for row in tables["procedures"])
