"""The counter of a case system: dossiers on paper, gaps of the way up, and the purge of test records."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import fixtures
from mocks.gaps import Gap
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing
from tests.mocks.registers import (
    A_WHILE,
    CASE,
    CITIZEN,
    COMMUNE,
    CORE,
    PROVINCE,
    content,
    dossier,
    forward,
    history,
    official,
    procedure,
)

PORTAL, COUNTER = "national-portal", "/api/counter/dossiers"
MARRIAGE = procedure(form="marriage")
NEIGHBOUR = fixtures.communes_of(PROVINCE)[1].code


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """Province 15."""
    with standing(tmp_path, *CORE, "land", "tax", "social-insurance", "insurance-data") as made:
        yield made


def brought(country: Country, code: str = MARRIAGE, *, key: str = "walk-in-0001", number: int = 1) -> str:
    """A citizen brings a dossier; its code."""
    body = {"content": content(code, number)}
    answer = country.post(CASE, COUNTER, body, {**official(country), "Idempotency-Key": key})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


def test_a_dossier_that_is_brought_is_known_above(country: Country) -> None:
    code = brought(country)
    country.time.advance(A_WHILE)
    below, above = country.stored(CASE), country.stored(PORTAL)
    assert [each.record for each in below] == [each.record for each in above] == [code]
    assert above[0].history == below[0].history == "1,2,4,9,10"
    assert below[0].intent == "walk-in-0001"
    assert below[0].files == above[0].files == len(content(MARRIAGE)["attachments"]) > 0, "papers are scanned"
    assert below[0].digest == above[0].digest


def test_the_same_key_brings_one_dossier(country: Country) -> None:
    code = brought(country)
    headers = {**official(country), "Idempotency-Key": "walk-in-0001"}
    again = country.post(CASE, COUNTER, {"content": content(MARRIAGE)}, headers)
    assert (again.status_code, again.json()["code"]) == (200, code)
    other = country.post(CASE, COUNTER, {"content": content(MARRIAGE, 2)}, headers)
    assert (other.status_code, problem(other)) == (422, "key-reused")


def test_numbers_go_on_after_a_restart(country: Country) -> None:
    first = brought(country)
    country.restart(CASE)
    second = brought(country, key="walk-in-0002", number=2)
    assert (first[-5:], second[-5:]) == ("-0001", "-0002")


def test_the_counter_tells_the_fee(country: Country) -> None:
    fee = procedure(fee="TEST-LP-03")
    body = {"content": content(fee)}
    answer = country.post(CASE, COUNTER, body, {**official(country), "Idempotency-Key": "walk-in-0001"})
    assert (answer.json()["fee_code"], answer.json()["fee"]) == (
        "TEST-LP-03",
        fixtures.fee("TEST-LP-03").amount,
    )


ABOLISHED = next(each.code for each in fixtures.procedures() if each.level == "abolished")
REFUSED = {
    "a procedure of the districts": ({"procedure": ABOLISHED}, 404, "no-such-procedure"),
    "no procedure": ({"procedure": "1.999999"}, 404, "no-such-procedure"),
    "another province": ({"province": "01"}, 422, "wrong-unit"),
    "an old ward": ({"commune": "00001"}, 422, "wrong-unit"),
    "nothing that can be read": ({"commune": None}, 422, "incomplete"),
}


@pytest.mark.parametrize(("change", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_what_the_counter_does_not_take(
    country: Country, change: dict[str, object], status: int, code: str
) -> None:
    body = {"content": {**content(MARRIAGE), **change}}
    answer = country.post(CASE, COUNTER, body, {**official(country), "Idempotency-Key": "walk-in-0001"})
    assert (answer.status_code, problem(answer)) == (status, code)
    assert country.stored(CASE) == []


def test_only_officials_are_at_the_counter(country: Country) -> None:
    key = {"Idempotency-Key": "walk-in-0001"}
    assert problem(country.post(CASE, COUNTER, {"content": content(MARRIAGE)}, key)) == "not-signed-in"
    for path in ("dossiers/x/registers", "registers/taxpayers/x", f"registers/parcels/{COMMUNE}/1/1"):
        assert country.get(CASE, f"/api/{path}").status_code == 401


# -- what officials ask registers ------------------------------------------------------------------


def test_officials_look_things_up(country: Country) -> None:
    headers = official(country)
    parcel = country.get(CASE, f"/api/registers/parcels/{COMMUNE}/12/34", headers).json()
    assert (parcel["commune"], parcel["sheet"], parcel["plot"]) == (COMMUNE, 12, 34)
    assert 40 <= parcel["area_m2"] < 2000
    taxpayer = country.get(CASE, f"/api/registers/taxpayers/{CITIZEN.id}", headers).json()
    assert taxpayer["name"] == CITIZEN.name
    number = country.get(CASE, f"/api/registers/insurance-numbers/{CITIZEN.id}", headers).json()
    assert number["number"].startswith("TEST-BH-")


def test_a_look_up_says_what_the_register_says_or_that_it_does_not_answer(country: Country) -> None:
    headers = official(country)
    missing = country.get(CASE, f"/api/registers/parcels/{COMMUNE}/999/1", headers)
    assert (missing.status_code, problem(missing)) == (404, "no-such-parcel")
    strange = country.get(CASE, "/api/registers/taxpayers/a%2Fb%20c", headers)
    assert (strange.status_code, problem(strange)) == (404, "no-such-taxpayer")
    country.network.cut.add(f"{CASE}--land")
    down = country.get(CASE, f"/api/registers/parcels/{COMMUNE}/12/34", headers)
    assert (down.status_code, problem(down)) == (502, "register-unavailable")
    country.network.cut.clear()
    country.network.lose_answers.add(f"{CASE}--land")
    slow = country.get(CASE, f"/api/registers/parcels/{COMMUNE}/12/34", headers)
    assert (slow.status_code, problem(slow)) == (504, "register-unavailable")


def test_where_there_are_no_registers_they_are_said_not_to_be_connected(tmp_path: Path) -> None:
    with standing(tmp_path, *CORE) as country:
        answer = country.get(CASE, f"/api/registers/taxpayers/{CITIZEN.id}", official(country))
        assert (answer.status_code, problem(answer)) == (502, "not-connected")


# -- gaps of the way up ----------------------------------------------------------------------------


def test_a_commune_without_a_way_back_sends_no_status(tmp_path: Path) -> None:
    with standing(tmp_path, *CORE, gaps=[Gap("no-status-back", COMMUNE)]) as country:
        silent, other = forward(country, dossier(MARRIAGE, 1), dossier(MARRIAGE, 2, NEIGHBOUR))
        born = brought(country, number=3)
        sent = country.network.requests[f"{CASE}--lgsp-15"]
        country.time.advance(A_WHILE)
        assert [history(country, code) for code in (silent, other, born)] == ["1,2,4,9,10"] * 3
        assert country.network.requests[f"{CASE}--lgsp-15"] > sent, "the other commune's are sent"
        assert history(country, born, PORTAL) == "1", "what is born there is told, its progress is not"


def test_a_broken_way_up_keeps_what_is_born_at_the_counter(tmp_path: Path) -> None:
    with standing(tmp_path, *CORE, gaps=[Gap("sync-up-broken", PROVINCE)]) as country:
        code = brought(country)
        country.time.advance(A_WHILE)
        assert history(country, code) == "1,2,4,9,10"
        assert country.stored(PORTAL) == []
        assert country.undelivered(CASE) == 0, "nothing waits: nobody ever tries"


# -- purging test records --------------------------------------------------------------------------


def purge(country: Country, *codes: str) -> int:
    """Purge test dossiers at the case system; how many there were."""
    body = msgspec.json.encode({"codes": list(codes)})
    answer = country.time.run(country.ask(CASE, "DELETE", "/api/test-dossiers", content=body))
    assert answer.status_code == 200, answer.text
    return int(answer.json()["purged"])


def test_purged_dossiers_are_gone_for_good(country: Country) -> None:
    first, second = brought(country), brought(country, key="walk-in-0002", number=2)
    country.time.advance(A_WHILE)
    assert purge(country, first, first, "G22.99-20250701-9999999") == 1
    for _ in range(2):
        headers = official(country)
        assert country.get(CASE, f"/api/dossiers/{first}", headers).status_code == 404
        assert [each.record for each in country.stored(CASE)] == [second]
        country.restart(CASE)
    assert purge(country, first) == 0


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.0, 1.5, 2.0, 3.0])
def test_a_dossier_can_be_purged_while_it_is_worked_on(country: Country, seconds: float) -> None:
    first, second = brought(country), brought(country, key="walk-in-0002", number=2)
    country.time.advance(seconds)
    assert purge(country, first) == 1
    country.time.advance(A_WHILE)
    assert [each.record for each in country.stored(CASE)] == [second]
    assert history(country, second) == "1,2,4,9,10", "the desk goes on"
    assert country.undelivered(CASE) == 0, "nothing of it waits"


def test_what_waits_about_a_purged_dossier_is_never_told(country: Country) -> None:
    country.network.cut.add(f"{CASE}--lgsp-15")
    first, second = brought(country), brought(country, key="walk-in-0002", number=2)
    country.time.advance(A_WHILE)
    purge(country, first)
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    assert [each.record for each in country.stored(PORTAL)] == [second]
    assert country.undelivered(CASE) == 0


def test_a_dossier_that_is_purged_during_a_commit_does_not_come_back(country: Country) -> None:
    code = brought(country)
    disk = country.hold_commits(CASE)
    country.time.advance(2.0)  # the desk has moved it and waits for the disk
    body = msgspec.json.encode({"codes": [code]})

    async def purged_then_committed() -> int:
        asked = asyncio.create_task(country.ask(CASE, "DELETE", "/api/test-dossiers", content=body))
        await asyncio.sleep(0.01)
        disk.release()
        return int((await asked).json()["purged"])

    assert country.time.run(purged_then_committed()) == 1
    country.time.advance(A_WHILE)
    assert country.stored(CASE) == []


def test_what_was_carried_over_or_lacks_the_marker_is_not_purged(country: Country) -> None:
    carried = country.stored(CASE, carried_over=True)[0].record
    unmarked = msgspec.structs.replace(dossier(MARRIAGE), DauHieu="")
    (code,) = forward(country, unmarked)
    assert purge(country, carried, code) == 0
    country.time.advance(A_WHILE)
    assert history(country, code) == "1,2,4,9,10"


def test_a_purged_dossier_is_not_taken_again(country: Country) -> None:
    (code,) = forward(country, dossier(MARRIAGE))
    assert purge(country, code) == 1
    for _ in range(2):
        body = {"session": "", "service": "NoiHoSo", "data": [msgspec.to_builtins(dossier(MARRIAGE))]}
        answer = country.post(CASE, "/integration", body)
        assert (answer.status_code, problem(answer)) == (409, "code-taken")
        country.restart(CASE)
