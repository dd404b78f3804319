"""What the old systems held: seeded, well formed, of nobody."""

from __future__ import annotations

import unicodedata

import pytest

from fixtures.conversion.hamlets import UNLISTED, hamlets_of
from fixtures.conversion.procedures import district_procedure_codes
from fixtures.conversion.units import old_units
from fixtures.dossier_codes import parse_dossier_code
from fixtures.identifiers import parse_citizen_id
from fixtures.reference.provinces import old_province, old_provinces
from fixtures.reference.statuses import is_legal_history
from fixtures.reference.wards import ward_successors
from rehearsal.conversion.generating import generate, shares
from rehearsal.errors import UsageError
from reports.conversion.schema import SOURCE

OLD = old_province("22")


def test_the_same_seed_makes_the_same_and_another_does_not() -> None:
    first, again, other = generate(OLD, 200, 7), generate(OLD, 200, 7), generate(OLD, 200, 8)
    assert all(first[name].equals(again[name]) for name in SOURCE)
    assert not first["dossiers"].equals(other["dossiers"])


def test_tables_have_the_columns_of_the_source() -> None:
    made = generate(OLD, 50, 1)
    assert {name: table.schema for name, table in made.items()} == SOURCE


def test_dossiers_are_well_formed_and_marked_as_tests() -> None:
    rows = generate(OLD, 500, 1)["dossiers"].to_pylist()
    units = old_units()
    assert len({row["code"] for row in rows}) == 500
    for row in rows:
        code = parse_dossier_code(row["code"])
        assert (code.unit, code.is_test) == (row["unit"], True)
        assert code.day == row["received"].date()
        assert units[row["unit"]].level == row["level"]
        assert ward_successors(row["ward"]).ward.province == OLD.code
        assert row["due"] > row["received"]
        assert is_legal_history([int(step) for step in row["history"].split(",")])
        assert row["history"].endswith(str(row["status"]))
        assert (row["procedure"] in district_procedure_codes()) == (row["level"] == "district")
        assert row["paid"] in (0, row["amount"])
        assert unicodedata.is_normalized("NFC", row["owner_name"])
        citizen = parse_citizen_id(row["owner_id"])
        assert citizen is not None
        assert citizen.province == OLD.code


def test_every_kind_of_address_occurs() -> None:
    rows = generate(OLD, 3_000, 1)["dossiers"].to_pylist()
    split = [row for row in rows if hamlets_of(row["ward"])]
    assert {UNLISTED, ""} < {row["hamlet"] for row in split}
    assert any(row["hamlet"] in hamlets_of(row["ward"]) for row in split)


def test_attachments_and_results_belong_to_dossiers() -> None:
    made = generate(OLD, 300, 1)
    codes = set(made["dossiers"]["code"].to_pylist())
    assert set(made["attachments"]["dossier"].to_pylist()) == codes
    assert set(made["results"]["dossier"].to_pylist()) <= codes
    assert {len(each) for each in made["attachments"]["sha256"].to_pylist()} == {64}


@pytest.mark.parametrize("total", [0, 1, 999, 1_000_000])
def test_shares_add_up(total: int) -> None:
    given = shares(list(old_provinces()), total)
    assert sum(given.values()) == total
    assert len(given) == 63


def test_more_codes_for_a_day_than_there_are_is_refused() -> None:
    with pytest.raises(UsageError, match="9999 at most"):
        generate(OLD, 3_000_000, 1)
