"""Faults of a system that its operator switches on, and that take themselves off."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.operator import Switch, SwitchKind
from mocks.switches import Switches
from reports.journal import RECEIVED
from reports.journal_reader import read_stream
from tests.mocks.citizen import FREE, WITH_FEE, Citizen
from tests.mocks.country import Country, configuration, problem, running
from tests.virtual_time import SECOND

PORTAL, CASE = "national-portal", "case-15"
EVERY = [PORTAL, "vneid", "population", "procedures", "payment", "lgsp-15", CASE, "portal-10"]
PAGE = f"/api/procedures/{FREE}"


def switch(country: Country, system: str, *kinds: str, lasting: float = 5.0, **more: float) -> httpx.Response:
    """Switch these on, and everything else off."""
    until = country.time.now_ns + round(lasting * SECOND)
    told = [{"name": kind, "kind": kind, "until_monotonic_ns": until, **more} for kind in kinds]
    return tell(country, system, msgspec.json.encode({"switches": told}))


def tell(country: Country, system: str, body: bytes) -> httpx.Response:
    return country.time.run(country.ask(system, "PUT", "/-/switches", content=body))


def answered(country: Country, system: str) -> list[int]:
    """The statuses in the journal of what a system received."""
    country.flush()
    table, _ = read_stream(country.folder / "received.test.1.arrows", RECEIVED)
    return [each["status"] for each in table.to_pylist() if each["system"] == system]


def deliver(country: Country) -> str:
    """A dossier handed in, and everything that follows from it; its code."""
    citizen = Citizen(country)
    code = str(citizen.submit(citizen.dossier()).json()["code"])
    country.time.advance(30)
    return code


@pytest.mark.parametrize("system", EVERY)
def test_every_system_takes_switches_says_which_are_on_and_takes_them_off_by_itself(
    country: Country, system: str
) -> None:
    assert country.get(system, "/-/switches").json() == {"switches": []}
    told = switch(country, system, "errors", "reordered", status=503, share=0.5, spread=0.2).json()
    assert [each["kind"] for each in told["switches"]] == ["errors", "reordered"]
    assert {(each["status"], each["share"], each["spread"]) for each in told["switches"]} == {(503, 0.5, 0.2)}
    assert country.get(system, "/-/switches").json() == told
    only = switch(country, system, "throttled").json()
    assert [each["kind"] for each in only["switches"]] == ["throttled"], "the whole set is replaced"
    country.time.advance(5)
    assert country.get(system, "/-/switches").json() == {"switches": []}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"switches": [{"name": "a", "kind": "explodes", "until_monotonic_ns": 1}]}',
        b'{"switches": [{"name": "a", "kind": "errors"}]}',
        b'{"switches": [{"name": "a", "kind": "errors", "until_monotonic_ns": 1, "share": 1.5}]}',
        b'{"switches": [{"name": "a", "kind": "errors", "until_monotonic_ns": 1, "status": 200}]}',
        b'{"switches": [{"name": "a", "kind": "errors", "until_monotonic_ns": 1, "status": 599}]}',
        b'{"switches": [{"name": "a", "kind": "reordered", "until_monotonic_ns": 1, "spread": -1}]}',
    ],
)
def test_a_switch_that_cannot_be_is_refused_and_changes_nothing(country: Country, body: bytes) -> None:
    before = switch(country, "vneid", "throttled").json()
    refused = tell(country, "vneid", body)
    assert (refused.status_code, problem(refused)) == (400, "malformed")
    assert country.get("vneid", "/-/switches").json() == before


@pytest.mark.parametrize(
    ("kind", "more", "status", "code", "done"),
    [
        pytest.param("errors", {}, 500, "failed", False, id="errors"),
        pytest.param("errors", {"status": 502}, 502, "failed", False, id="errors with a status"),
        pytest.param("throttled", {}, 429, "throttled", False, id="throttled"),
        pytest.param("says-not-found", {}, 404, "does-not-exist", False, id="says not found"),
        pytest.param("errors-after", {"status": 503}, 503, "failed", True, id="errors after"),
    ],
)
def test_what_is_answered_in_place_of_the_truth(
    country: Country, kind: str, more: dict[str, float], status: int, code: str, done: bool
) -> None:
    citizen = Citizen(country)
    dossier = citizen.dossier()
    for file in dossier.attachments:
        citizen.upload(file.content())
    switch(country, PORTAL, kind, **more)
    answer = citizen.submit(dossier, upload=False)
    assert (answer.status_code, problem(answer)) == (status, code)
    assert answered(country, PORTAL)[-1] == status, "the journal has what was answered"
    assert bool(country.stored(PORTAL)) is done
    assert ("retry-after" in answer.headers) is (kind == "throttled")
    country.time.advance(5)
    assert citizen.submit(dossier, upload=False).status_code == (200 if done else 201)


def test_a_share_of_the_requests_is_met(country: Country) -> None:
    switch(country, PORTAL, "errors", share=0.3)
    statuses = Counter(country.get(PORTAL, PAGE).status_code for _ in range(300))
    assert set(statuses) == {200, 500}
    assert 60 < statuses[500] < 120


def test_a_closed_portal_that_fails_does_not_show_the_way(country: Country) -> None:
    country.set_t0()
    switch(country, "portal-10", "errors")
    assert country.get("portal-10", "/").status_code == 500
    switch(country, "portal-10")
    assert country.get("portal-10", "/").status_code == 308


def test_requests_that_are_held_overtake_each_other(country: Country) -> None:
    switch(country, PORTAL, "reordered", spread=2.0)

    async def asked(number: int, done: list[int]) -> None:
        assert (await country.ask(PORTAL, "GET", "/")).status_code == 200
        done.append(number)

    async def all_of_them() -> list[int]:
        done: list[int] = []
        await asyncio.gather(*(asked(number, done) for number in range(20)))
        return done

    begun = country.time.seconds
    done = country.time.run(all_of_them())
    assert sorted(done) == list(range(20))
    assert done != sorted(done)
    assert 1.0 < country.time.seconds - begun <= 2.1


@pytest.mark.parametrize(
    ("system", "link", "calls"),
    [
        pytest.param(PORTAL, "national-portal--lgsp-15", 2, id="the portal's outbox"),
        pytest.param("lgsp-15", "lgsp-15--case-15", 1, id="the platform's relay"),
    ],
)
def test_a_delivery_that_comes_twice_leaves_one_dossier(
    tmp_path: Path, system: str, link: str, calls: int
) -> None:
    with running(tmp_path, configuration(("15",), ())) as country:
        switch(country, system, "duplicate-delivery", lasting=1.0)
        code = deliver(country)
        # the portal signs in to the platform first
        assert country.network.requests[link] == calls + 1
        assert [each.record for each in country.stored(CASE)] == [code]
        assert country.stored(PORTAL)[0].history == country.stored(CASE)[0].history


def test_statuses_and_notices_that_come_twice_change_nothing(country: Country) -> None:
    for system in (CASE, "payment"):
        switch(country, system, "duplicate-delivery", lasting=60)
    citizen = Citizen(country)
    receipt = citizen.submit(citizen.dossier(procedure=WITH_FEE)).json()
    citizen.pay(receipt["code"], citizen.consent(receipt["code"]))
    country.time.advance(30)
    assert country.network.requests["payment--national-portal"] == 2
    assert country.stored(PORTAL)[0].history == country.stored(CASE)[0].history == "1,2,4,9,10"
    assert country.stored(PORTAL)[0].receipt == country.stored("payment")[0].record
    assert country.undelivered(CASE) == country.undelivered("payment") == 0


def test_without_switches_nothing_is_drawn_and_nothing_asked(country: Country) -> None:
    state = country.system(PORTAL).switches
    assert state.on == ()
    assert not state.twice()
    assert (state.hold(), state.instead(), state.afterwards()) == (0, None, None)


KINDS: tuple[SwitchKind, ...] = (
    "errors", "throttled", "errors-after", "duplicate-delivery", "reordered", "says-not-found"
)  # fmt: skip


@given(
    untils=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 100)), max_size=12),
    now=st.integers(0, 100),
)
def test_a_switch_is_on_exactly_until_its_instant(untils: list[tuple[SwitchKind, int]], now: int) -> None:
    clock = [0]
    switches = Switches(random.Random(1), lambda: clock[0])
    switches.replace([Switch(str(at), kind, until) for at, (kind, until) in enumerate(untils)])
    clock[0] = now
    switches.expire()
    assert [each.until_monotonic_ns for each in switches.on] == [until for _, until in untils if now < until]
    on = {each.kind for each in switches.on}
    assert (switches.instead() is not None) == bool(on & {"errors", "throttled", "says-not-found"})
    assert (switches.afterwards() is not None) == ("errors-after" in on)
    assert switches.twice() == ("duplicate-delivery" in on)
