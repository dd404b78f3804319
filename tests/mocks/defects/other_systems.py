"""What gives the defects of all other systems away; see :mod:`tests.mocks.defects.national_portal`."""

from __future__ import annotations

import time

import httpx

import fixtures
from tests.mocks.citizen import WITH_FEE, Citizen
from tests.mocks.country import Country
from tests.mocks.defects.steps import A_WHILE, CASE, PORTAL, histories, pay, submit

OLD = "portal-10"


def turns_statuses_back(country: Country) -> bool:
    return any(step in history[2:] for history in histories(country) for step in (1, 2))


def skips_statuses(country: Country) -> bool:
    return any(history[-2:] == [4, 10] for history in histories(country))


def old_unit_codes(country: Country) -> bool:
    submit(country, 3)
    country.time.advance(A_WHILE)
    today = {each.code for each in fixtures.communes()}
    assert {each.commune for each in country.stored(PORTAL)} <= today
    return {each.commune for each in country.stored(CASE)}.isdisjoint(today)


def clock_ahead(country: Country) -> bool:
    submit(country, 1)
    country.time.advance(A_WHILE)
    assert abs(country.stored(PORTAL)[0].stamped - time.time()) < 30
    return country.stored(CASE)[0].stamped - time.time() > 60


def duplicates_deliveries(country: Country) -> bool:
    country.network.lose_answers.add("lgsp-15--case-15")
    submit(country, 2)
    country.time.advance(4)
    country.network.lose_answers.clear()
    country.time.advance(A_WHILE)
    assert country.undelivered(PORTAL) == country.undelivered(CASE) == 0
    intents = [each.intent for each in country.stored(CASE)]
    assert set(intents) == {"intent-0000", "intent-0001"}
    assert {each.record for each in country.stored(CASE)} == {each.record for each in country.stored(PORTAL)}
    return len(intents) > 2


def not_connected(country: Country) -> bool:
    submit(country, 1)
    country.time.advance(A_WHILE)
    return country.stored(CASE) == [] and country.undelivered(PORTAL) == 1


def loses_deliveries(country: Country) -> bool:
    submit(country, 20)
    country.time.advance(A_WHILE)
    assert country.undelivered(PORTAL) == 0
    return len(country.stored(CASE)) < len(country.stored(PORTAL)) == 20


def no_idempotency(country: Country) -> bool:
    country.network.lose_answers.add("national-portal--payment")
    citizen = Citizen(country)
    code = citizen.submit(citizen.dossier(procedure=WITH_FEE)).json()["code"]
    citizen.pay(code, citizen.consent(code))
    country.network.lose_answers.clear()
    country.time.advance(A_WHILE)
    keys = [each.intent for each in country.stored("payment")]
    assert set(keys) == {"pay-00000001"}
    return len(keys) > 1


def captures_wrong_amount(country: Country) -> bool:
    assert {each.json()["state"] for each in pay(country, 15)} == {"paid"}
    (fee,) = {fixtures.procedure(WITH_FEE).amount}
    return {each.amount for each in country.stored("payment")} == {fee, 10 * fee}


def forgets_charges(country: Country) -> bool:
    receipts = {each.json()["receipt"] for each in pay(country, 15)}
    assert {each.receipt for each in country.stored(PORTAL)} == receipts
    return {each.record for each in country.stored("payment")} < receipts


def slow_leak(country: Country) -> bool:
    for _ in range(20):
        Citizen(country).get("/")
    return bool(country.get("vneid", "/-/counters").json()["busy_seconds"] > 0.05)


def after_t0(country: Country) -> tuple[httpx.Response, httpx.Response]:
    """A bookmark that is opened, and a form that is sent, both after T0."""
    citizen = Citizen(country, OLD)
    dossier = citizen.dossier()
    for file in dossier.attachments:
        citizen.upload(file.content())
    country.set_t0()
    return citizen.get("/nop-ho-so?MaTTHCDP=1.004227.000"), citizen.submit(dossier, upload=False)


def open_after_t0(country: Country) -> bool:
    _, sent = after_t0(country)
    assert len(country.stored(OLD)) == (sent.status_code == 201)
    return sent.status_code == 201


def redirects_without_deep_link(country: Country) -> bool:
    opened, _ = after_t0(country)
    assert opened.status_code == 308
    return not opened.headers["location"].endswith("/nop-ho-so?MaTTHCDP=1.004227.000")


def closes_early(country: Country) -> bool:
    country.set_t0(in_seconds=12)
    assert country.get(OLD, "/").status_code == 200
    country.time.advance(5)
    early = country.get(OLD, "/").status_code
    country.time.advance(8)
    assert country.get(OLD, "/").status_code == 308
    return early == 308


def closes_without_words(country: Country) -> bool:
    _, sent = after_t0(country)
    assert sent.status_code == 410
    return sent.content == b""


def says_yes_after_t0(country: Country) -> bool:
    _, sent = after_t0(country)
    assert country.stored(OLD) == country.stored(CASE) == []
    return sent.status_code == 201 and bool(sent.json()["code"])
