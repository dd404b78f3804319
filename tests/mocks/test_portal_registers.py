"""What the national portal asks of registers for a citizen, and what becomes of it when they are down."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mocks.systems.health_data import WITHOUT
from tests.mocks.citizen import Citizen
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing
from tests.mocks.registers import A_WHILE, CASE, COMMUNE, CORE, PEOPLE, PROVINCE, procedure

PORTAL = "national-portal"
REGISTERS = ("enterprises", "driver-licences", "health-data", "judicial-records", "insurance-data")
INTERCONNECTED = ("birth-death", "civil-status", "social-insurance", "health-insurance-appraisal")
UNIT = {"province": PROVINCE, "commune": COMMUNE}
TAX_CODE = PEOPLE.enterprise(5).tax_code


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """Province 15 and registers."""
    with standing(tmp_path, *CORE, *REGISTERS, *INTERCONNECTED) as made:
        yield made


LOOK_UPS = {
    "enterprises": f"enterprises/{TAX_CODE}",
    "driver-licences": "licence",
    "insurance-data": "insurance",
}
REQUESTS: dict[str, tuple[str, dict[str, Any]]] = {
    "enterprises": ("enterprises", {"name": "Công ty Thử Nghiệm", **UNIT}),
    "driver-licences": ("licence/renewal", {"licence_class": "B", **UNIT}),
    "judicial-records": ("judicial-record", {"form": 1, **UNIT}),
}


@pytest.mark.parametrize("register", LOOK_UPS)
def test_a_citizen_looks_something_up(country: Country, register: str) -> None:
    path = f"/api/registers/{LOOK_UPS[register]}"
    assert Citizen(country, signed_in=False).get(path).status_code == 401
    citizen = Citizen(country)
    assert citizen.get(path).status_code == 200
    country.network.cut.add(f"{PORTAL}--{register}")
    down = citizen.get(path)
    assert (down.status_code, problem(down)) == (502, "register-unavailable")


def test_what_is_looked_up_is_ones_own(country: Country) -> None:
    citizen = Citizen(country, number=3)
    assert citizen.get("/api/registers/insurance").json()["full_name"] == citizen.person.name
    assert citizen.get("/api/registers/licence").json()["citizen_id"] == citizen.person.id
    assert citizen.get("/api/registers/enterprises/x%2F..%2Fy").status_code == 404


@pytest.mark.parametrize("register", REQUESTS)
def test_a_citizen_asks_for_something_once(country: Country, register: str) -> None:
    path, body = REQUESTS[register]
    assert (
        Citizen(country, signed_in=False).post(f"/api/registers/{path}", body, key="request-01").status_code
        == 401
    )
    citizen = Citizen(country)
    for _ in range(2):
        answer = citizen.post(f"/api/registers/{path}", body, key="request-01")
        assert (answer.status_code, answer.json()["key"]) == (202, "request-01")
    country.time.advance(A_WHILE)
    (entry,) = country.stored(register)
    assert (entry.dossier, entry.commune, entry.status) == ("request-01", COMMUNE, 1)
    old = citizen.post(f"/api/registers/{path}", {**body, "commune": "001"}, key="request-02")
    assert (old.status_code, problem(old)) == (422, "unit-split")


def test_a_judicial_record_comes_later(country: Country) -> None:
    citizen = Citizen(country)
    citizen.post("/api/registers/judicial-record", {"form": 2, **UNIT}, key="request-01")
    assert citizen.get("/api/registers/judicial-record/request-01").json()["state"] == "accepted"
    country.time.advance(A_WHILE)
    assert citizen.get("/api/registers/judicial-record/request-01").json()["state"] == "done"
    assert citizen.get("/api/registers/judicial-record/request-02").status_code == 404


def test_a_register_that_refuses_is_heard(country: Country) -> None:
    citizen = Citizen(country, number=WITHOUT - 1)
    body = {"licence_class": "B", **UNIT}
    answer = citizen.post("/api/registers/licence/renewal", body, key="request-01")
    assert (answer.status_code, problem(answer)) == (409, "no-certificate")


def test_an_interconnected_dossier_is_told_to_the_services_and_to_the_province_once(country: Country) -> None:
    citizen = Citizen(country)
    code = citizen.submit(citizen.dossier(procedure=procedure(field="interconnected"))).json()["code"]
    country.time.advance(A_WHILE)
    assert [each.dossier for each in country.stored("birth-death")] == [code]
    assert [each.record for each in country.stored(CASE)] == [code]
    assert country.network.requests[f"{PORTAL}--birth-death"] == 2, "a token, and the dossier"
    assert country.undelivered(PORTAL) == country.undelivered(CASE) == 0


def test_services_that_are_down_hold_up_no_submission(country: Country) -> None:
    country.network.cut.add(f"{PORTAL}--birth-death")
    citizen = Citizen(country)
    answer = citizen.submit(citizen.dossier(procedure=procedure(field="interconnected")))
    assert answer.status_code == 201
    country.time.advance(A_WHILE)
    assert len(country.stored(CASE)) == len(country.stored("birth-death")) == 1, "the province told of it"
    assert country.undelivered(PORTAL) == 1
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    assert country.undelivered(PORTAL) == 0


def test_where_there_are_no_registers_the_portal_says_so(tmp_path: Path) -> None:
    with standing(tmp_path, *CORE) as country:
        citizen = Citizen(country)
        answer = citizen.get("/api/registers/insurance")
        assert (answer.status_code, problem(answer)) == (502, "not-connected")
        made = citizen.submit(citizen.dossier(procedure=procedure(field="interconnected")))
        country.time.advance(A_WHILE)
        assert citizen.get(f"/api/dossiers/{made.json()['code']}").json()["status"] in (3, 10)
