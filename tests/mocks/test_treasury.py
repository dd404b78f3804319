"""The treasury: every charge of the payment platform is settled once, and the totals agree."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

import fixtures
from mocks.dossiers import HANOI
from tests.mocks.citizen import WITH_FEE, Citizen
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing
from tests.mocks.registers import CORE

FEE = fixtures.fee(fixtures.procedure(WITH_FEE).fee or "")
LINK = "payment--treasury"


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """Province 15, the payment platform and the treasury."""
    with standing(tmp_path, *CORE, "treasury") as made:
        yield made


def pay(country: Country, *numbers: int) -> list[str]:
    """Citizens submit and pay; the ids of the charges."""
    for number in numbers:
        citizen = Citizen(country, number=number)
        answer = citizen.submit(citizen.dossier(procedure=WITH_FEE), key=f"intent-{number:04d}")
        code = answer.json()["code"]
        assert citizen.pay(code, citizen.consent(code), key=f"payment-{number:04d}").status_code == 200
    return [each.record for each in country.stored("payment")]


def test_what_is_paid_is_settled_once_and_the_totals_agree(country: Country) -> None:
    charges = pay(country, 1, 2, 3)
    country.time.advance(10.0)
    settled = country.stored("treasury")
    assert [each.record for each in settled] == [each.receipt for each in settled] == charges
    paid = {each.record: (each.dossier, each.amount) for each in country.stored("payment")}
    assert {each.record: (each.dossier, each.amount) for each in settled} == paid
    (day,) = country.get("treasury", "/api/days").json()["days"]
    assert day == datetime.now(HANOI).strftime("%Y-%m-%d")
    assert country.get("treasury", f"/api/days/{day}/totals").json() == {
        "day": day,
        "totals": [{"fee_code": FEE.code, "charges": 3, "amount": 3 * FEE.amount}],
    }
    assert country.get("treasury", "/api/days/1999-01-01/totals").json()["totals"] == []
    assert country.undelivered("payment") == 0


def test_a_treasury_that_is_down_holds_up_no_payment(country: Country) -> None:
    country.network.cut.add(LINK)
    charges = pay(country, 1)
    country.time.advance(10.0)
    assert country.undelivered("payment") == 1, "the portal has its notice, the treasury nothing"
    country.restart("payment")
    country.network.cut.clear()
    country.time.advance(10.0)
    assert [each.record for each in country.stored("treasury")] == charges


def test_a_lost_acknowledgement_settles_nothing_twice(country: Country) -> None:
    country.network.lose_answers.add(LINK)
    charges = pay(country, 1)
    country.time.advance(10.0)
    country.restart("treasury")
    country.network.lose_answers.clear()
    country.time.advance(10.0)
    assert [each.record for each in country.stored("treasury")] == charges
    assert country.network.requests[LINK] > 1


def test_a_charge_with_another_amount_is_refused(country: Country) -> None:
    body = {"charge": "CH-1", "dossier": "HS-1", "fee_code": FEE.code, "amount": 8000, "day": "2025-07-01"}
    assert country.post("treasury", "/api/settlements", body).status_code == 201
    assert country.post("treasury", "/api/settlements", body).status_code == 200
    other = country.post("treasury", "/api/settlements", {**body, "amount": 9000})
    assert (other.status_code, problem(other)) == (422, "key-reused")
    for bad in ({"amount": 0}, {"day": "1.7.2025"}, {"charge": ""}):
        assert country.post("treasury", "/api/settlements", {**body, **bad}).status_code == 400


def test_without_a_treasury_nothing_waits_for_it(tmp_path: Path) -> None:
    with standing(tmp_path, *CORE) as country:
        pay(country, 1)
        country.time.advance(10.0)
        assert country.undelivered("payment") == 0
