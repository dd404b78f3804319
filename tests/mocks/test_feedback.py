"""Tickets reach their unit, are taken once, and are answered."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import fixtures
from mocks.systems.feedback import ANSWERED_AFTER, ROUND
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing

NAME = "feedback"
UNIT = fixtures.communes_of("15")[0].code


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with standing(tmp_path, NAME) as made:
        yield made


def hand_in(
    country: Country,
    unit: str = UNIT,
    text: str = "Chờ lâu",
    channel: str = "portal",
    key: str = "key-00000001",
) -> httpx.Response:
    body = {"unit": unit, "text": text, "channel": channel}
    return country.post(NAME, "/api/tickets", body, {"Idempotency-Key": key})


def test_a_ticket_is_taken_once_and_answered(country: Country) -> None:
    first = hand_in(country)
    country.restart(NAME)
    second = hand_in(country)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    path = f"/api/tickets/{first.json()['ticket']}"
    assert country.get(NAME, path).json()["state"] == "routed"
    country.time.advance(ANSWERED_AFTER[1] + 2 * ROUND)
    answered = country.get(NAME, path).json()
    assert answered["state"] == "answered"
    assert UNIT in answered["answer"]
    country.restart(NAME)
    assert country.get(NAME, path).json() == answered
    (kept,) = country.stored(NAME)
    assert (kept.kind, kept.intent, kept.province, kept.commune) == ("ticket", "key-00000001", "15", UNIT)


def test_the_sums_are_by_state_channel_and_province(country: Country) -> None:
    hand_in(country, channel="portal", key="key-00000001")
    hand_in(country, channel="vneid", key="key-00000002")
    hand_in(country, unit="01", channel="vneid", key="key-00000003")
    assert country.get(NAME, "/api/state").json() == {
        "received": 3,
        "answered": 0,
        "by_channel": {"portal": 1, "vneid": 2},
        "by_province": {"01": 1, "15": 2},
    }


@pytest.mark.parametrize("changes", [{"text": "Khác"}, {"unit": "15"}, {"channel": "vneid"}])
def test_a_key_is_for_one_ticket(country: Country, changes: dict[str, str]) -> None:
    hand_in(country)
    answer = hand_in(country, **changes)
    assert (answer.status_code, problem(answer)) == (422, "key-reused")


@pytest.mark.parametrize(
    ("unit", "text", "status", "said"),
    [
        pytest.param("99999", "Chờ lâu", 404, "no-such-unit", id="no unit"),
        pytest.param("001", "Chờ lâu", 410, "unit-split", id="a district"),
        pytest.param(UNIT, "", 400, "malformed", id="nothing to say"),
    ],
)
def test_a_ticket_that_leads_nowhere_is_refused(
    country: Country, unit: str, text: str, status: int, said: str
) -> None:
    answer = hand_in(country, unit, text)
    assert (answer.status_code, problem(answer)) == (status, said)
    assert country.stored(NAME) == []


def test_an_unknown_ticket_is_not_found(country: Country) -> None:
    assert problem(country.get(NAME, "/api/tickets/PA-0")) == "no-such-ticket"
