"""The registers that a person or a dossier reaches, one by one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import fixtures
from mocks.systems.health_data import WITHOUT
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing
from tests.mocks.registers import A_WHILE, CITIZEN, COMMUNE, PEOPLE, PROVINCE

NAMES = (
    "tax",
    "social-insurance",
    "judicial-records",
    "driver-licences",
    "enterprises",
    "business-households",
    "land",
    "health-data",
    "health-insurance-appraisal",
    "insurance-data",
)
UNIT = {"province": PROVINCE, "commune": COMMUNE, "citizen_id": CITIZEN.id}
REQUESTS: dict[str, tuple[str, dict[str, Any], str, int, str]] = {
    "land": (
        "/api/changes",
        {"dossier": "HS-0001", "form": "land", "sheet": 1, "plot": 2, **UNIT},
        "/api/changes/HS-0001",
        202,
        f"{COMMUNE}.land-000001",
    ),
    "tax": (
        "/api/land-obligations",
        {"dossier": "HS-0001", **UNIT},
        "/api/requests/HS-0001",
        202,
        f"{COMMUNE}.land-obligation-000001",
    ),
    "social-insurance": (
        "/api/benefits",
        {"dossier": "HS-0001", "kind": "health-card", **UNIT},
        "/api/benefits/HS-0001",
        202,
        f"{COMMUNE}.health-card-000001",
    ),
    "judicial-records": (
        "/api/requests",
        {"dossier": "HS-0001", "form": 2, **UNIT},
        "/api/requests/HS-0001",
        202,
        f"{COMMUNE}.form-2-000001",
    ),
    "driver-licences": (
        "/api/renewals",
        {"request": "HS-0001", "licence_class": "B", **UNIT},
        "/api/renewals/HS-0001",
        202,
        f"{COMMUNE}.renewal-000001",
    ),
    "enterprises": (
        "/api/registrations",
        {"request": "HS-0001", "name": "Công ty Thử Nghiệm", **UNIT},
        "/api/registrations/HS-0001",
        202,
        f"{COMMUNE}.enterprise-000001",
    ),
    "business-households": (
        "/api/households",
        {"dossier": "HS-0001", "name": "Hộ Thử Nghiệm", **UNIT},
        "/api/households/HS-0001",
        201,
        f"{COMMUNE}.household-000001",
    ),
}
KEYS = {"driver-licences": "request", "enterprises": "request"}
OLD = next(
    each.code
    for each in fixtures.old_wards()
    if isinstance(fixtures.ward_successors(each.code), fixtures.WholeWard)
    and each.code not in {c.code for c in fixtures.communes()}
)


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """Registers."""
    with standing(tmp_path, *NAMES) as made:
        yield made


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_taken_once_finished_and_kept(country: Country, name: str) -> None:
    path, body, where, status, number = REQUESTS[name]
    assert country.post(name, path, body).status_code == status
    again = country.post(name, path, body)
    assert again.status_code == 200
    assert again.json()["state"] == ("done" if status == 201 else "accepted")
    country.time.advance(A_WHILE)
    for _ in range(2):
        assert country.get(name, where).json() == {"key": "HS-0001", "state": "done", "number": number}
        (entry,) = country.stored(name)
        assert (entry.record, entry.dossier, entry.province, entry.commune, entry.status) == (
            number,
            "HS-0001",
            PROVINCE,
            COMMUNE,
            1,
        )
        country.restart(name)
    assert country.get(name, where.replace("HS-0001", "HS-0002")).status_code == 404


@pytest.mark.parametrize("name", REQUESTS)
def test_numbers_are_unique_in_a_commune_also_after_a_restart(country: Country, name: str) -> None:
    path, body, _, _, first = REQUESTS[name]
    key = KEYS.get(name, "dossier")
    country.post(name, path, body)
    country.restart(name)
    country.post(name, path, {**body, key: "HS-0002"})
    neighbour = fixtures.communes_of(PROVINCE)[1].code
    country.post(name, path, {**body, key: "HS-0003", "commune": neighbour})
    numbers = {each.record for each in country.stored(name)}
    book = first.removesuffix("000001")
    assert numbers == {first, f"{book}000002", first.replace(COMMUNE, neighbour)}


@pytest.mark.parametrize("name", REQUESTS)
def test_old_units_are_refused_with_the_new_code(country: Country, name: str) -> None:
    path, body, _, _, _ = REQUESTS[name]
    answer = country.post(name, path, {**body, "commune": OLD})
    assert (answer.status_code, problem(answer)) == (422, "unit-succeeded")
    found = fixtures.ward_successors(OLD)
    assert isinstance(found, fixtures.WholeWard)
    assert found.successor.code in answer.json()["message"]["vi"]
    assert problem(country.post(name, path, {**body, "commune": "001"})) == "unit-split"
    assert country.stored(name) == []


@pytest.mark.parametrize("name", REQUESTS)
def test_another_content_under_the_same_key_is_refused(country: Country, name: str) -> None:
    path, body, _, _, _ = REQUESTS[name]
    country.post(name, path, body)
    other = country.post(name, path, {**body, "citizen_id": PEOPLE.citizen(2, PROVINCE).id})
    assert (other.status_code, problem(other)) == (422, "key-reused")


def test_a_household_gets_a_tax_code_from_the_tax_office(country: Country) -> None:
    path, body, _, _, _ = REQUESTS["business-households"]
    country.network.cut.add("business-households--tax")
    country.post("business-households", path, body)
    country.time.advance(A_WHILE)
    assert country.undelivered("business-households") == 1, "it is registered and waits for its code"
    country.restart("business-households")
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    (code,) = country.stored("tax")
    assert (code.dossier, code.procedure) == ("HS-0001", "tax-code")
    assert country.undelivered("business-households") == 0


def test_a_licence_is_renewed_for_those_who_are_fit(country: Country) -> None:
    path, body, _, _, _ = REQUESTS["driver-licences"]
    unexamined = PEOPLE.citizen(WITHOUT - 1, PROVINCE).id
    refused = country.post("driver-licences", path, {**body, "citizen_id": unexamined})
    assert (refused.status_code, problem(refused)) == (409, "no-certificate")
    country.network.cut.add("driver-licences--health-data")
    down = country.post("driver-licences", path, body)
    assert (down.status_code, problem(down)) == (502, "register-unavailable")
    assert country.stored("driver-licences") == []


def test_a_health_card_waits_for_the_appraisal_and_an_allowance_does_not(country: Country) -> None:
    path, body, _, _, _ = REQUESTS["social-insurance"]
    country.network.cut.add("social-insurance--health-insurance-appraisal")
    assert country.post("social-insurance", path, body).status_code == 502
    allowance = {**body, "kind": "funeral-allowance"}
    assert country.post("social-insurance", path, allowance).status_code == 202


LOOK_UPS = {
    "land": (f"/api/parcels/{COMMUNE}/3/4", "/api/parcels/99999/3/4"),
    "tax": (f"/api/taxpayers/{CITIZEN.id}", "/api/taxpayers/0100109106"),
    "social-insurance": (f"/api/insurance-numbers/{CITIZEN.id}", "/api/insurance-numbers/x%3Fy"),
    "driver-licences": (f"/api/licences/{CITIZEN.id}", "/api/licences/x"),
    "enterprises": (f"/api/enterprises/{PEOPLE.enterprise(5).tax_code}", "/api/enterprises/0100109106"),
    "health-data": (f"/api/health-certificates/{CITIZEN.id}", "/api/health-certificates/x"),
    "health-insurance-appraisal": (f"/api/eligibility/{CITIZEN.id}", "/api/eligibility/x"),
    "insurance-data": (f"/api/insured/{CITIZEN.id}", "/api/insured/x"),
}


@pytest.mark.parametrize("name", LOOK_UPS)
def test_a_look_up_finds_what_there_is_and_says_404_to_the_rest(country: Country, name: str) -> None:
    known, unknown = LOOK_UPS[name]
    found = country.get(name, known)
    assert found.status_code == 200
    assert found.json() == country.get(name, known).json(), "the same every time"
    assert country.get(name, unknown).status_code == 404


def test_an_enterprise_is_found_by_its_tax_code(country: Country) -> None:
    expected = PEOPLE.enterprise(5)
    found = country.get("enterprises", f"/api/enterprises/{expected.tax_code}").json()
    assert (found["name"], found["commune"]) == (expected.name, expected.commune)
    assert found["representative"] == expected.representative.id
    payer = country.get("tax", f"/api/taxpayers/{expected.tax_code}").json()
    assert payer == {"tax_code": expected.tax_code, "name": expected.name}


@pytest.mark.parametrize("where", ["121/1", "1/1000", "0/1", "1/-1", "1/x", "1/%C2%B2"])
def test_a_parcel_outside_the_map_is_not_there(country: Country, where: str) -> None:
    answer = country.get("land", f"/api/parcels/{COMMUNE}/{where}")
    assert (answer.status_code, problem(answer)) == (404, "no-such-parcel")
