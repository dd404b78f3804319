"""Papers are carried once for each order, and the case system hears how far they are."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mocks.systems.postal import ON_THE_WAY, ROUND
from tests.mocks.country import Country, problem
from tests.mocks.platform import case_dossier, standing

NAME, CASE = "postal", "case-15"
DOSSIER = "G22.99-20250701-0000001"
DELIVERED_AFTER = 2 * (ON_THE_WAY[1] + ROUND) + 1.0


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with standing(tmp_path, NAME, CASE, "lgsp-15", "national-portal", "procedures") as made:
        envelope = {"session": "", "service": "NoiHoSo", "data": [case_dossier(DOSSIER)]}
        assert made.post(CASE, "/integration", envelope).status_code == 200
        yield made


def order(
    country: Country, dossier: str = DOSSIER, key: str = "key-00000001", **changes: str
) -> httpx.Response:
    body = {"dossier": dossier, "province": "15", "kind": "return", **changes}
    return country.post(NAME, "/api/orders", body, {"Idempotency-Key": key})


def told(country: Country) -> list[str]:
    return [each["state"] for each in country.get(CASE, f"/api/postal-status/{DOSSIER}").json()]


def test_an_order_is_carried_and_its_states_are_told(country: Country) -> None:
    code = order(country).json()["order"]
    country.time.advance(0.1)
    assert told(country) == ["ordered"]
    country.time.advance(DELIVERED_AFTER)
    assert country.get(NAME, f"/api/orders/{code}").json()["state"] == "delivered"
    assert told(country) == ["delivered"]
    assert country.get(NAME, "/api/state").json() == {
        "ordered": 0,
        "under_way": 0,
        "delivered": 1,
        "told": 3,
        "refused": 0,
    }
    country.restart(CASE)
    assert told(country) == ["delivered"]


def test_an_order_is_taken_once(country: Country) -> None:
    first = order(country)
    country.restart(NAME)
    second = order(country)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    (kept,) = country.stored(NAME)
    assert (kept.kind, kept.dossier, kept.intent) == ("postal-order", DOSSIER, "key-00000001")
    assert problem(order(country, kind="pick-up")) == "key-reused"
    assert problem(order(country, province="99", key="key-00000002")) == "no-such-province"
    assert problem(country.get(NAME, "/api/orders/BC-0")) == "no-such-order"


@pytest.mark.parametrize("fault", ["cut", "lose_answers"])
def test_while_the_case_system_is_away_statuses_wait(country: Country, fault: str) -> None:
    getattr(country.network, fault).add(f"{NAME}--{CASE}")
    order(country)
    country.time.advance(DELIVERED_AFTER)
    assert country.undelivered(NAME) == 3
    country.restart(NAME)
    country.network.cut.clear()
    country.network.lose_answers.clear()
    country.time.advance(DELIVERED_AFTER)
    assert country.undelivered(NAME) == 0
    assert told(country) == ["delivered"]


def test_what_the_case_system_does_not_know_is_counted_and_holds_up_nobody(country: Country) -> None:
    order(country, dossier="no-such-dossier")
    order(country, key="key-00000002")
    country.time.advance(DELIVERED_AFTER)
    state = country.get(NAME, "/api/state").json()
    assert (state["told"], state["refused"]) == (3, 3)
    country.restart(NAME)
    assert country.get(NAME, "/api/state").json()["refused"] == 3


def test_an_earlier_state_changes_nothing(country: Country) -> None:
    status = {"order": "BC-1", "dossier": DOSSIER, "kind": "return", "state": "collected"}
    country.post(CASE, "/api/postal-status", status)
    late = country.post(CASE, "/api/postal-status", {**status, "state": "ordered"})
    assert late.json()["state"] == "collected"
    assert (
        problem(country.post(CASE, "/api/postal-status", {**status, "dossier": "none"})) == "no-such-dossier"
    )
