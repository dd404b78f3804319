"""One-time codes by text message: late ones are good, asking again harms nothing, and nobody is flooded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

from mocks.capacity import Capacity, ServiceTime
from mocks.config import SystemConfig
from mocks.systems.sms_gateway import GatewayState
from mocks.systems.vneid_codes import DELIVERY_LIMIT, GOOD_FOR, MOST_MESSAGES, CodeSent, Phone
from tests.mocks.citizen import Citizen
from tests.mocks.country import AT_ONCE, Country, configuration, problem, running

LINK = "vneid--sms-gateway"


def with_gateway(capacity: Capacity = AT_ONCE) -> list[SystemConfig]:
    """The core, and a gateway for VNeID."""
    systems = [
        msgspec.structs.replace(each, peers={"sms-gateway": f"http://{LINK}"})
        if each.name == "vneid"
        else each
        for each in configuration()
    ]
    return [*systems, SystemConfig("sms-gateway", "sms-gateway", 0, capacity=capacity)]


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with running(tmp_path, with_gateway()) as made:
        yield made


class SigningIn:
    """Somebody in front of a sign-in page, with a phone."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.id = Citizen(country, signed_in=False).person.id
        login = country.get("national-portal", "/auth/login")
        there = urlsplit(login.headers["location"])
        self.page = country.get("vneid", f"{there.path}?{there.query}").json()["request"]

    def ask(self) -> CodeSent:
        answer = self.country.post("vneid", "/api/one-time-codes", self._who())
        return msgspec.json.decode(answer.content, type=CodeSent)

    def shown(self) -> list[str]:
        phone = self.country.get("vneid", f"/api/phones/{self.id}").content
        return [each.code for each in msgspec.json.decode(phone, type=Phone).messages]

    def type_in(self, code: str) -> int:
        return self.give(code).status_code

    def give(self, code: str) -> httpx.Response:
        return self.country.post("vneid", "/oauth2/authorize/one-time-code", {**self._who(), "code": code})

    def _who(self) -> dict[str, str]:
        return {"request": self.page, "citizen_id": self.id}


def state(country: Country) -> GatewayState:
    return msgspec.json.decode(country.get("sms-gateway", "/api/state").content, type=GatewayState)


def test_a_code_comes_and_opens_a_session(country: Country) -> None:
    visitor = SigningIn(country)
    assert visitor.ask() == CodeSent(True, 1)
    assert visitor.shown() == []
    country.time.advance(5)
    [code] = visitor.shown()
    back = visitor.give(code)
    assert back.status_code == 302
    there = urlsplit(back.headers["location"])
    callback = country.get("national-portal", f"{there.path}?{there.query}")
    assert callback.status_code == 303
    assert callback.headers["set-cookie"].startswith("session=")


def test_a_code_is_good_once(country: Country) -> None:
    visitor = SigningIn(country)
    visitor.ask()
    country.time.advance(5)
    [code] = visitor.shown()
    assert [visitor.type_in(code), visitor.type_in(code)] == [302, 403]


def test_a_wrong_code_is_refused_and_the_right_one_stays_good(country: Country) -> None:
    visitor = SigningIn(country)
    visitor.ask()
    country.time.advance(5)
    [code] = visitor.shown()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert problem(visitor.give(wrong)) == "wrong-code"
    assert visitor.type_in(code) == 302


def test_a_code_before_its_message_is_refused(country: Country) -> None:
    visitor = SigningIn(country)
    assert visitor.type_in("000000") == 403


def test_asking_again_while_a_message_is_on_its_way_sends_none(country: Country) -> None:
    visitor = SigningIn(country)
    assert [visitor.ask().sent for _ in range(4)] == [True, False, False, False]
    country.time.advance(5)
    assert state(country).accepted == 1


def test_whichever_message_is_read_its_code_is_good(country: Country) -> None:
    visitor = SigningIn(country)
    for _ in range(2):
        visitor.ask()
        country.time.advance(5)
    first, second = visitor.shown()
    assert first == second
    assert visitor.type_in(first) == 302


def test_messages_for_one_page_are_bounded(country: Country) -> None:
    visitor = SigningIn(country)
    for _ in range(MOST_MESSAGES):
        assert visitor.ask().sent
        country.time.advance(5)
    refused = country.post(
        "vneid", "/api/one-time-codes", {"request": visitor.page, "citizen_id": visitor.id}
    )
    assert problem(refused) == "too-many-codes"
    assert state(country).delivered == MOST_MESSAGES


def test_the_time_of_a_code_begins_when_it_arrives(tmp_path: Path) -> None:
    slow = Capacity(servers=1, service=ServiceTime("constant", 10.0), queue=5)
    with running(tmp_path, with_gateway(slow)) as country:
        visitor = SigningIn(country)
        visitor.ask()
        country.time.advance(9.5 + GOOD_FOR / 2 + 2)
        [code] = visitor.shown()
        assert visitor.type_in(code) == 302


def test_a_code_expires(country: Country) -> None:
    visitor = SigningIn(country)
    visitor.ask()
    country.time.advance(5 + GOOD_FOR)
    [code] = visitor.shown()
    assert problem(visitor.give(code)) == "code-expired"


def test_a_lost_report_is_no_second_message(country: Country) -> None:
    visitor = SigningIn(country)
    country.network.lose_answers.add(LINK)
    visitor.ask()
    country.time.advance(DELIVERY_LIMIT / 2)
    country.network.lose_answers.clear()
    country.time.advance(2 * DELIVERY_LIMIT)
    said = state(country)
    assert (said.accepted, said.delivered, said.repeated) == (1, 1, 1)
    assert len(visitor.shown()) == 1


def test_a_gateway_that_is_away_is_tried_a_few_times(country: Country) -> None:
    visitor = SigningIn(country)
    country.network.cut.add(LINK)
    visitor.ask()
    country.time.advance(30)
    assert country.network.requests[LINK] == 3
    assert visitor.shown() == []
    country.network.cut.clear()
    assert visitor.ask().sent, "it can be asked for again"


def test_a_page_of_nobody_is_refused(country: Country) -> None:
    visitor = SigningIn(country)
    visitor.page = "forged"
    refused = country.post(
        "vneid", "/api/one-time-codes", {"request": visitor.page, "citizen_id": visitor.id}
    )
    assert problem(refused) == "bad-request"


def test_nobody_without_an_account_gets_a_code(country: Country) -> None:
    visitor = SigningIn(country)
    refused = country.post("vneid", "/api/one-time-codes", {"request": visitor.page, "citizen_id": "0"})
    assert problem(refused) == "no-such-citizen"


def test_a_country_without_a_gateway_offers_no_codes(tmp_path: Path) -> None:
    with running(tmp_path) as country:
        visitor = SigningIn(country)
        refused = country.post(
            "vneid", "/api/one-time-codes", {"request": visitor.page, "citizen_id": visitor.id}
        )
        assert problem(refused) == "no-codes"
        assert problem(visitor.give("123456")) == "no-codes"
        assert problem(country.get("vneid", f"/api/phones/{visitor.id}")) == "no-codes"


def test_another_message_under_the_same_key_is_refused(country: Country) -> None:
    headers = {"Idempotency-Key": "message-00000001"}
    first = {"phone": "0953000001", "text": "123456"}
    other = {"phone": "0953000002", "text": "123456"}
    assert country.post("sms-gateway", "/api/messages", first, headers).status_code == 201
    assert country.post("sms-gateway", "/api/messages", first, headers).status_code == 200
    assert problem(country.post("sms-gateway", "/api/messages", other, headers)) == "key-reused"
