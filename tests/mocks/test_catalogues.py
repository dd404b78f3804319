"""Agency codes, fees, addresses and accounts: complete in a prepared country, and lacking what a gap says."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import fixtures
from mocks.gaps import Gap
from mocks.systems.accounts import ROLES
from mocks.units import old_districts
from tests.mocks.country import Country, problem
from tests.mocks.platform import put, standing

CODES, FEES, PORTAL, ACCOUNTS = "agency-codes", "fee-catalogue", "information-portal", "accounts-15"
COMMUNES = [each.code for each in fixtures.communes_of("15")]
COMMUNE, OTHER = COMMUNES[:2]


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[Country]:
    with standing(tmp_path, CODES, FEES, PORTAL, ACCOUNTS) as country:
        yield country


@pytest.fixture
def lacking(tmp_path: Path) -> Iterator[Country]:
    gaps = [
        Gap("agency-code-missing", COMMUNE),
        Gap("address-missing", COMMUNE),
        Gap("account-missing", COMMUNE),
        Gap("fee-code-old", "15", "TEST-LP-01"),
        Gap("fee-code-old", "15", "TEST-LP-99"),
        Gap("district-rights-alive", "15"),
    ]
    with standing(tmp_path / "lacking", CODES, FEES, PORTAL, ACCOUNTS, gaps=gaps) as country:
        yield country


def rows(country: Country, system: str, path: str) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = country.get(system, path).json()
    return answer


# -- agency codes ----------------------------------------------------------------------------------


def test_every_unit_of_a_province_has_one_active_code(prepared: Country) -> None:
    found = rows(prepared, CODES, "/api/provinces/15/agencies")
    active = {each["unit"]: each["code"] for each in found if each["state"] == "active"}
    assert set(active) == {"15", *COMMUNES}
    assert active["15"] == "H38.99"
    assert all(len(each["code"]) <= 35 for each in found)
    assert len({each["code"] for each in found}) == len(found)


def test_codes_of_old_provinces_and_districts_are_closed(prepared: Country) -> None:
    found = rows(prepared, CODES, "/api/provinces/15/agencies")
    closed = {each["code"]: each["successor"] for each in found if each["state"] == "closed"}
    assert closed["H63.99"] == "H38.99", "Yên Bái went into Lào Cai"
    assert len(closed) == 1 + len(old_districts("15"))
    answer = prepared.get(CODES, "/api/agencies/H63.99").json()
    assert (answer["state"], answer["unit"]) == ("closed", "")


def test_a_code_that_was_never_given_is_unknown(prepared: Country, lacking: Country) -> None:
    assert problem(prepared.get(CODES, "/api/agencies/H38.98")) == "no-such-agency"
    code = fixtures.commune_agency(COMMUNE)
    assert prepared.get(CODES, f"/api/agencies/{code}").status_code == 200
    assert lacking.get(CODES, f"/api/agencies/{code}").status_code == 404
    assert COMMUNE not in {each["unit"] for each in rows(lacking, CODES, "/api/provinces/15/agencies")}


# -- fees ------------------------------------------------------------------------------------------


def test_a_prepared_province_has_the_fees_of_the_catalogue(prepared: Country) -> None:
    national = rows(prepared, FEES, "/api/fees")
    assert [each["code"] for each in national] == [each.code for each in fixtures.fees()]
    assert rows(prepared, FEES, "/api/provinces/15/fees") == national
    assert prepared.get(FEES, "/api/fees/TEST-LP-01").json() == national[0]
    assert problem(prepared.get(FEES, "/api/fees/no")) == "no-such-fee"


def test_old_fee_codes_stand_out_by_their_version(lacking: Country) -> None:
    national = {each["code"]: each for each in rows(lacking, FEES, "/api/fees")}
    configured = {each["code"]: each for each in rows(lacking, FEES, "/api/provinces/15/fees")}
    differ = {code for code, each in configured.items() if national.get(code) != each}
    assert differ == {"TEST-LP-01", "TEST-LP-99"}
    assert rows(lacking, FEES, "/api/provinces/01/fees") == list(national.values())


# -- addresses -------------------------------------------------------------------------------------


def test_every_centre_is_published(prepared: Country, lacking: Country) -> None:
    found = rows(prepared, PORTAL, "/api/provinces/15/centres")
    assert [each["unit"] for each in found] == ["15", *COMMUNES]
    assert all(each["address"] and each["procedures_received"] > 0 for each in found)
    assert [each["unit"] for each in rows(lacking, PORTAL, "/api/provinces/15/centres")] == [
        "15",
        *COMMUNES[1:],
    ]


def test_a_centre_says_what_it_receives(prepared: Country, lacking: Country) -> None:
    page = prepared.get(PORTAL, f"/api/centres/{COMMUNE}").json()
    assert len(page["procedures"]) == page["centre"]["procedures_received"]
    assert all(fixtures.procedure(code).level == "commune" for code in page["procedures"])
    assert problem(lacking.get(PORTAL, f"/api/centres/{COMMUNE}")) == "not-published"
    assert problem(prepared.get(PORTAL, "/api/centres/001")) == "unit-split"


# -- accounts --------------------------------------------------------------------------------------


def test_every_unit_has_its_roles_and_districts_have_none(prepared: Country) -> None:
    found = rows(prepared, ACCOUNTS, "/api/provinces/15/accounts")
    active = Counter(each["unit"] for each in found if each["active"])
    assert active == dict.fromkeys(["15", *COMMUNES], len(ROLES))
    assert {each["unit"] for each in found if not each["active"]} == set(old_districts("15"))
    of_one = rows(prepared, ACCOUNTS, f"/api/accounts?unit={COMMUNE}")
    assert [each["role"] for each in of_one] == list(ROLES)


def test_gaps_of_accounts(lacking: Country) -> None:
    found = rows(lacking, ACCOUNTS, "/api/provinces/15/accounts")
    assert COMMUNE not in {each["unit"] for each in found}
    assert OTHER in {each["unit"] for each in found}
    alive = [each["unit"] for each in found if each["active"] and each["role"] == "district"]
    assert alive == [old_districts("15")[0]]


def test_a_right_that_was_taken_away_stays_away(prepared: Country) -> None:
    path = f"/api/accounts/{COMMUNE}.signing"
    assert put(prepared, ACCOUNTS, path, {"active": False}).json()["active"] is False
    prepared.restart(ACCOUNTS)
    assert prepared.get(ACCOUNTS, path).json()["active"] is False
    assert put(prepared, ACCOUNTS, path, {"active": True}).json()["active"] is True
    assert problem(put(prepared, ACCOUNTS, "/api/accounts/nobody", {"active": True})) == "no-such-account"


def test_a_directory_is_of_one_province(prepared: Country) -> None:
    answer = prepared.get(ACCOUNTS, "/api/provinces/01/accounts")
    assert (answer.status_code, problem(answer)) == (404, "not-here")
