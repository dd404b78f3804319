"""What gives each defect of the national portal away.

Each function takes the same steps in a country that has the defect and in one that has not, and returns
whether the misbehaviour was seen. It looks only where a rehearsal looks: answers to visitors, stored records,
journals. What an assertion holds is so in both countries.
"""

from __future__ import annotations

import asyncio
import tracemalloc

import httpx
import msgspec

import fixtures
from mocks.defects.national_portal.routes_to_old_province import astray
from tests.mocks.citizen import FREE, WITH_FEE, Citizen
from tests.mocks.country import Country
from tests.mocks.defects.steps import A_WHILE, CASE, PORTAL, PROVINCES, calls, pay, submit

CLOSED = next(each.code for each in fixtures.procedures() if each.level == "abolished")


def loses_acknowledged(country: Country) -> bool:
    codes = {answer.json()["code"] for _, answer in submit(country, 40)}
    return codes > {each.record for each in country.stored(PORTAL)}


def acknowledges_before_commit(country: Country) -> bool:
    (_, answer), *_ = submit(country, 1)
    code = answer.json()["code"]
    assert country.get(PORTAL, f"/api/dossiers/{code}").status_code == 200, "it is shown"
    country.restart(PORTAL)
    return code not in {each.record for each in country.stored(PORTAL)}


def duplicates_on_retry(country: Country) -> bool:
    submit(country, 1)
    submit(country, 1)
    return [each.intent for each in country.stored(PORTAL)] == ["intent-0000"] * 2


def forgets_keys_at_restart(country: Country) -> bool:
    submit(country, 1)
    country.restart(PORTAL)
    submit(country, 1)
    return [each.intent for each in country.stored(PORTAL)] == ["intent-0000"] * 2


def reuses_numbers_at_restart(country: Country) -> bool:
    citizen = Citizen(country)
    first = citizen.submit(citizen.dossier(1), key="intent-0001").json()["code"]
    country.time.advance(A_WHILE)
    country.restart(PORTAL)
    second = citizen.submit(citizen.dossier(2), key="intent-0002").json()["code"]
    country.time.advance(A_WHILE)
    intents = {each.intent for each in country.stored(PORTAL)}
    assert intents == ({"intent-0002"} if first == second else {"intent-0001", "intent-0002"})
    return bool(first == second)


def drops_queue_at_restart(country: Country) -> bool:
    country.network.cut.add("national-portal--lgsp-15")
    submit(country, 3)
    country.restart(PORTAL)
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    assert country.undelivered(PORTAL) == 0
    assert len(country.stored(PORTAL)) == 3
    return len(country.stored(CASE)) == 0


def loses_diacritics(country: Country) -> bool:
    digests = {dossier.digest() for dossier, _ in submit(country, 5)}
    country.time.advance(A_WHILE)
    stored = {each.digest for each in country.stored(PORTAL)}
    assert stored == {each.digest for each in country.stored(CASE)}
    return stored.isdisjoint(digests)


def drops_attachments(country: Country) -> bool:
    submit(country, 30)
    country.time.advance(A_WHILE)
    here = {each.record: each.files for each in country.stored(PORTAL)}
    there = {each.record: each.files for each in country.stored(CASE)}
    assert here.keys() == there.keys()
    return any(here[code] != there[code] for code in here)


def forgets_sessions_at_t0(country: Country) -> bool:
    country.set_t0(in_seconds=5)
    before = Citizen(country)
    assert before.get("/api/me/dossiers").status_code == 200
    country.time.advance(6)
    assert Citizen(country).get("/api/me/dossiers").status_code == 200, "whoever comes later is known"
    return before.get("/api/me/dossiers").status_code == 401


def accepts_closed_procedure(country: Country) -> bool:
    citizen = Citizen(country)
    dossier = citizen.dossier()
    citizen.submit(dossier)
    content = {**dossier.content(), "procedure": CLOSED}
    answer = citizen.post("/api/dossiers", {"content": content}, key="intent-closed")
    assert answer.status_code in (201, 404)
    country.time.advance(A_WHILE)
    stored = [CLOSED in {each.procedure for each in country.stored(name)} for name in (PORTAL, CASE)]
    assert stored == [answer.status_code == 201] * 2
    return answer.status_code == 201


def routes_to_old_province(country: Country) -> bool:
    communes = astray(list(PROVINCES))
    assert set(communes.values()) == {"01"}
    citizen = Citizen(country)
    dossier = citizen.dossier(commune=min(communes))
    code = citizen.submit(dossier).json()["code"]
    country.time.advance(A_WHILE)
    (here,) = country.stored(PORTAL)
    assert (here.province, here.commune, here.status) == ("15", dossier.commune, 10)
    found = [name for name in (CASE, "case-01") if code in {each.record for each in country.stored(name)}]
    assert len(found) == 1
    return found == ["case-01"]


def wrong_fee_code(country: Country) -> bool:
    submitted = submit(country, 30, WITH_FEE)
    return any(answer.json()["fee"] != dossier.amount for dossier, answer in submitted)


def ignores_notices(country: Country) -> bool:
    assert {each.json()["state"] for each in pay(country, 15)} == {"paid"}
    charged = {each.dossier for each in country.stored("payment")}
    shown = {each.record for each in country.stored(PORTAL) if each.receipt}
    assert country.undelivered("payment") == 0
    return shown < charged


def drops_paid_dossiers(country: Country) -> bool:
    assert {each.json()["state"] for each in pay(country, 15)} == {"paid"}
    charged = {each.dossier for each in country.stored("payment")}
    assert country.undelivered("payment") == country.undelivered(CASE) == 0
    return {each.record for each in country.stored(PORTAL)} < charged


def stale_reads(country: Country) -> bool:
    codes = [answer.json()["code"] for _, answer in submit(country, 20)]
    at_once = [country.get(PORTAL, f"/api/dossiers/{code}").status_code for code in codes]
    country.time.advance(4)
    assert {country.get(PORTAL, f"/api/dossiers/{code}").status_code for code in codes} == {200}
    return 404 in at_once


def unbounded_retries(country: Country) -> bool:
    citizen = Citizen(country)
    code = citizen.submit(citizen.dossier(procedure=WITH_FEE)).json()["code"]
    consent = msgspec.json.encode(citizen.consent(code))
    country.network.cut.add("national-portal--payment")

    async def begun() -> asyncio.Task[httpx.Response]:
        headers = {**citizen.headers, "Idempotency-Key": "pay-00000001"}
        asked = country.ask(PORTAL, "POST", f"/api/dossiers/{code}/payment", content=consent, headers=headers)
        return asyncio.get_running_loop().create_task(asked)

    waiting = country.time.run(begun())
    country.time.advance(10)
    tries = [each["attempt"] for each in calls(country, PORTAL) if each["callee"] == "payment"]
    assert tries == list(range(1, len(tries) + 1))
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    assert waiting.result().status_code in (200, 202)
    assert country.stored(PORTAL)[0].receipt
    return len(tries) > 100


def shared_pool(country: Country) -> bool:
    country.network.cut.add("national-portal--lgsp-15")
    for number, province in enumerate(("15", "01")):
        citizen = Citizen(country, province=province)
        citizen.submit(citizen.dossier(), key=f"intent-{number:04d}")
        country.time.advance(5)
    held_up = not country.stored("case-01")
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    assert len(country.stored("case-01")) == len(country.stored(CASE)) == 1
    return held_up


def refuses_but_stores(country: Country) -> bool:
    first, again = submit(country, 30), submit(country, 30)
    refused = [answer.status_code == 503 for _, answer in first]
    assert refused == [answer.status_code == 503 for _, answer in again], "as often as it is tried"
    assert len(country.stored(PORTAL)) == 30
    return any(refused)


def not_found_on_timeout(country: Country) -> bool:
    page = f"/api/procedures/{FREE}"
    assert country.get(PORTAL, page).status_code == 200
    country.network.lose_answers.add("national-portal--procedures")
    country.time.advance(11)
    late = [country.get(PORTAL, page).status_code for _ in range(5)]
    country.network.lose_answers.clear()
    country.time.advance(6)
    assert country.get(PORTAL, page).status_code == 200
    return 404 in late


def mixes_up_people(country: Country) -> bool:
    people = [Citizen(country, number=number) for number in range(3)]
    page = f"/api/form?procedure={FREE}&province=15&commune=1"
    return any(
        each.get(page).json()["person"]["citizen_id"] != each.person.id for _ in range(10) for each in people
    )


def errors_as_200(country: Country) -> bool:
    answers = [country.get(PORTAL, f"/api/procedures/{FREE}") for _ in range(60)]
    assert {each.status_code for each in answers} == {200}
    return any(each.headers["content-type"].startswith("text/html") for each in answers)


def fails_one_in_twenty(country: Country) -> bool:
    statuses = [country.get(PORTAL, "/").status_code for _ in range(200)]
    assert set(statuses) <= {200, 500}
    return 2 <= statuses.count(500) <= 25


def leaks_memory(country: Country) -> bool:
    # not what is resident: the process may hold enough free memory from earlier tests
    tracemalloc.start()
    try:
        for _ in range(1_000):
            country.get(PORTAL, "/")
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return held > 40 * 2**20


def retries_without_jitter(country: Country) -> bool:
    links = [f"national-portal--lgsp-{province}" for province in PROVINCES]
    country.network.cut |= set(links)
    for number, province in enumerate(PROVINCES):
        citizen = Citizen(country, province=province)
        citizen.submit(citizen.dossier(), key=f"intent-{number:04d}")
        country.time.advance(0.3)
    country.time.advance(8)
    failed = [each for each in calls(country, PORTAL) if each["error"] == "connect"]
    first, second = ([each["at"] for each in failed if each["link"] == link][1:] for link in links)
    assert min(len(first), len(second)) > 3
    return all(min(abs(at - other) for other in second) < 5_000_000 for at in first[1:-1])


def swallows_progress(country: Country) -> bool:
    submit(country, 30)
    country.time.advance(A_WHILE)
    assert country.undelivered(CASE) == 0
    here = {each.record: each.status for each in country.stored(PORTAL)}
    return here != {each.record: each.status for each in country.stored(CASE)}
