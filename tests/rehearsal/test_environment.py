"""The conductor's view of the systems: whoever does not answer is named, and every link is checked."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterable
from itertools import count, islice

import httpx
import msgspec
import pytest

from chaos.probe import Passage
from mocks.operator import (
    Backlog,
    Clock,
    ClockReading,
    CountersReport,
    Health,
    Stored,
    StoredPage,
    Switch,
    SwitchSet,
)
from rehearsal import environment, mock_processes, topology
from rehearsal.environment import Country
from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.mock_lives import MockProcesses
from rehearsal.network import Network, network
from rehearsal.plan import Plan
from rehearsal.run_record import RunFolder
from tests.rehearsal.fakes import FakeLinks, Time

PLACES = topology.assign(islice(count(20_000), topology.ports_needed()))
SYSTEM_AT = {port: system for system, port in PLACES.ports.items()}

Answers = Callable[[str, httpx.Request], msgspec.Struct | httpx.Response]


class Checked(FakeLinks):
    """Answers each check with the next of ``bodies``, by link; what is missing there is answered right."""

    def __init__(self, *bodies: dict[str, bytes | None]) -> None:
        super().__init__(PLACES.links, Time())
        self._bodies = list(bodies)
        self.asked: list[int] = []

    async def check(
        self,
        path: str,  # noqa: ARG002 - as the real one
        names: Iterable[str] | None = None,
        *,
        within: float = 3.0,  # noqa: ARG002
    ) -> dict[str, Passage]:
        chosen = list(self.links if names is None else names)
        self.asked.append(len(chosen))
        bodies = self._bodies.pop(0)
        passages = {}
        for name in chosen:
            callee = name.split("--")[1]
            body = bodies.get(name, msgspec.json.encode(Health(callee, "", True)))
            passages[name] = (
                Passage(0, b"", "connection refused", 0.1) if body is None else Passage(200, body, "", 0.1)
            )
        return passages


class StandingProcesses(MockProcesses):
    """The processes of a plan, of which none runs. ``gone`` are away, ``again`` is in its second life."""

    def __init__(self, plan: Plan, folder: RunFolder) -> None:
        configs = mock_processes.configurations(plan, PLACES, folder.path)
        super().__init__(configs, folder, plan.alone)
        self.gone: set[str] = set()
        self.again = ""

    def is_away(self, process: str) -> bool:
        return process in self.gone

    def lives(self, process: str) -> int:
        return 2 if process == self.again else 1


def country(plan: Plan, answers: Answers, folder: RunFolder) -> Country:
    """A country whose systems answer their operator as ``answers`` says."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = answers(SYSTEM_AT[request.url.port or 0], request)
        return (
            said
            if isinstance(said, httpx.Response)
            else httpx.Response(200, content=msgspec.json.encode(said))
        )

    operator = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return Country(plan, Network(PLACES, FakeLinks([], Time())), StandingProcesses(plan, folder), operator)


class Clocks:
    """The clocks of the mocks: ``ahead`` of ours by nanoseconds, by process, and going on to run away."""

    def __init__(self, plan: Plan, ahead: dict[str, int]) -> None:
        self.told: dict[str, int] = {}
        self.ahead = dict(ahead)
        self._process = {each.name: mock_processes.group(each, plan.alone) for each in plan.systems}

    def answer(self, system: str, request: httpx.Request) -> ClockReading:
        assert (request.method, request.url.path) == ("PUT", "/-/clock")
        self.told[system] = msgspec.json.decode(request.content, type=Clock).t0_monotonic_ns
        ahead = self.ahead.get(self._process[system], 0)
        now = time.monotonic_ns() + ahead
        return ClockReading(self.told[system], now, now, time.time_ns() + ahead)


async def test_every_system_is_told_t0_on_its_own_clock(plan: Plan, folder: RunFolder) -> None:
    """Two processes, one of them with a clock of its own, an hour ahead."""
    hour = 3_600 * 10**9
    clocks = Clocks(plan, {"country": hour})
    there = country(plan, clocks.answer, folder)
    await there.set_clock(77)
    assert len(clocks.told) == 136
    assert clocks.told["national-portal"] == 77, "the same clock is left alone"
    measured = {each.process: each for each in there.clocks()}
    assert sorted(measured) == ["mocks-country", "mocks-national-portal"]
    away = measured["mocks-country"]
    assert clocks.told["case-15"] == clocks.told["vneid"] == 77 + away.offset_ns
    assert abs(away.offset_ns - hour) <= away.uncertainty_ns < 10**9
    assert abs(away.wall_offset_ns - hour) < 10**9
    assert {each.host for each in measured.values()} == {socket.gethostname()}
    assert {each.drift_ns for each in measured.values()} == {0}


async def test_clocks_are_measured_again_after_the_load_for_their_drift(
    plan: Plan, folder: RunFolder
) -> None:
    clocks = Clocks(plan, {"country": 3_600 * 10**9})
    there = country(plan, clocks.answer, folder)
    await there.set_clock(77)
    told = clocks.told["case-15"]
    clocks.ahead["country"] += 10 * 10**9
    await there.compare_clocks()
    drifts = {each.process: each.drift_ns for each in there.clocks()}
    assert abs(drifts["mocks-country"] - 10 * 10**9) < 10**9
    assert abs(drifts["mocks-national-portal"]) < 10**9
    assert clocks.told["case-15"] == told, "asking again must not move T0"


async def test_a_system_that_does_not_say_what_its_clock_reads_is_named(
    plan: Plan, folder: RunFolder
) -> None:
    with pytest.raises(EvidenceError, match="does not say what its clock reads"):
        await country(plan, lambda *_: Clock(77), folder).set_clock(77)


async def test_systems_at_rest_are_left_out_of_the_backlog(plan: Plan, folder: RunFolder) -> None:
    waiting = {"lgsp-15": Backlog(undelivered=2), "case-15": Backlog(open=3), "payment": Backlog(1, 1)}
    there = country(plan, lambda system, _: waiting.get(system, Backlog()), folder)
    assert await there.backlog() == {"case-15": 3, "lgsp-15": 2, "payment": 2}


async def test_the_counters_of_every_system_are_read(plan: Plan, folder: RunFolder) -> None:
    counted = await country(plan, lambda *_: CountersReport(5, 4, 1, 0.25, 2), folder).counters()
    assert len(counted) == 136
    assert (counted["vneid"].requests, counted["vneid"].refused) == (5, 1)


def gone_portal(plan: Plan, folder: RunFolder, answer: msgspec.Struct) -> tuple[Country, StandingProcesses]:
    """A country without its national portal, which nobody may ask."""

    def answers(system: str, request: httpx.Request) -> msgspec.Struct:
        if system == "national-portal":
            raise httpx.ReadTimeout("nothing came", request=request)
        return answer

    there = country(plan, answers, folder)
    processes = there.processes
    assert isinstance(processes, StandingProcesses)
    processes.gone = {"national-portal"}
    return there, processes


async def test_a_system_that_a_fault_has_down_is_not_asked_and_never_at_rest(
    plan: Plan, folder: RunFolder
) -> None:
    there, processes = gone_portal(plan, folder, Backlog())
    assert await there.backlog() == {"national-portal": 1}
    processes.gone = set()
    with pytest.raises(EvidenceError, match="national-portal does not answer"):
        await there.backlog()


async def test_a_system_that_goes_down_while_it_is_asked_is_away(plan: Plan, folder: RunFolder) -> None:
    processes: StandingProcesses

    def answers(system: str, request: httpx.Request) -> msgspec.Struct:
        if system == "national-portal":
            processes.gone = {"national-portal"}
            raise httpx.ReadError("reset", request=request)
        return Backlog()

    there = country(plan, answers, folder)
    assert isinstance(there.processes, StandingProcesses)
    processes = there.processes
    assert await there.backlog() == {"national-portal": 1}


async def test_clocks_of_those_that_are_there_are_compared(plan: Plan, folder: RunFolder) -> None:
    clocks = Clocks(plan, {})
    there = country(plan, clocks.answer, folder)
    await there.set_clock(77)
    assert isinstance(there.processes, StandingProcesses)
    there.processes.gone = {"national-portal"}
    clocks.told.clear()
    await there.compare_clocks()
    assert "national-portal" not in clocks.told
    assert len(there.clocks()) == 2, "the first measurement of the other stays on record"


async def test_a_station_that_was_started_again_has_forgotten_what_it_counted(
    plan: Plan, folder: RunFolder
) -> None:
    there = country(plan, lambda *_: CountersReport(5, 4, 1, 0.25, 2), folder)
    assert isinstance(there.processes, StandingProcesses)
    there.processes.again = "national-portal"
    counted = await there.counters()
    assert len(counted) == 135
    assert "national-portal" not in counted


async def test_a_system_in_a_new_life_is_reminded_of_t0_on_its_own_clock(
    plan: Plan, folder: RunFolder
) -> None:
    clocks = Clocks(plan, {"national-portal": 3_600 * 10**9})
    there = country(plan, clocks.answer, folder)
    await there.set_clock(77)
    told = clocks.told.pop("national-portal")
    await there.remind("national-portal")
    assert clocks.told["national-portal"] == told != 77


async def test_switches_are_set_on_the_systems_clock_and_read_back(plan: Plan, folder: RunFolder) -> None:
    clocks = Clocks(plan, {"national-portal": 3_600 * 10**9})
    put: list[Switch] = []

    def answers(system: str, request: httpx.Request) -> msgspec.Struct:
        if request.url.path != "/-/switches":
            return clocks.answer(system, request)
        if request.method == "PUT":
            put[:] = msgspec.json.decode(request.content, type=SwitchSet).switches
        return SwitchSet(put)

    there = country(plan, answers, folder)
    await there.set_clock(77)
    wanted = Switch("late", "reordered", 10**15, spread=2.0)
    [found] = await there.switch("national-portal", [wanted])
    [ahead] = [each.offset_ns for each in there.clocks() if each.process == "mocks-national-portal"]
    assert found.until_monotonic_ns == 10**15 + ahead
    assert await there.switch("national-portal", []) == []


async def test_stores_are_read_page_by_page_and_ordered_by_system(plan: Plan, folder: RunFolder) -> None:
    held = {"payment": 3, "case-15": 2}

    def answers(system: str, request: httpx.Request) -> StoredPage:
        offset, total = int(request.url.params["offset"]), held.get(system, 0)
        page = [Stored(system, "dossier", f"{system}-{offset}")] if offset < total else []
        return StoredPage(page, offset + 1 if offset + 1 < total else -1)

    records = await country(plan, answers, folder).stored()
    assert [record.record for record in records] == [
        "case-15-0", "case-15-1", "payment-0", "payment-1", "payment-2",
    ]  # fmt: skip


def refuses(system: str, request: httpx.Request) -> msgspec.Struct:
    if system == "lgsp-24":
        raise httpx.ConnectError("refused", request=request)
    return Backlog()


def fails(system: str, request: httpx.Request) -> msgspec.Struct | httpx.Response:
    return httpx.Response(500) if system == "lgsp-24" else Backlog()


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        pytest.param(refuses, "lgsp-24 does not answer its operator (ConnectError: refused)", id="refuses"),
        pytest.param(fails, "lgsp-24 answered its operator 500 on GET /-/backlog", id="fails"),
    ],
)
async def test_a_system_that_does_not_answer_is_named(
    plan: Plan, folder: RunFolder, answers: Answers, message: str
) -> None:
    with pytest.raises(EvidenceError, match=re.escape(message)):
        await country(plan, answers, folder).backlog()


LINK = "lgsp-15--case-15"
ASTRAY = msgspec.json.encode(Health("case-24", "case-system", True))


@pytest.mark.parametrize(
    ("bodies", "asked"),
    [
        pytest.param([{}], [401], id="all well"),
        pytest.param([{LINK: None}, {}], [401, 1], id="well when asked again"),
        pytest.param([{LINK: ASTRAY}, {LINK: None}, {}], [401, 1, 1], id="well in the end"),
    ],
)
async def test_links_are_asked_until_each_carried_a_request(
    bodies: list[dict[str, bytes | None]], asked: list[int]
) -> None:
    links = Checked(*bodies)
    await environment._check(Network(PLACES, links))
    assert links.asked == asked


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(None, "connection refused", id="no way"),
        pytest.param(ASTRAY, "it leads to case-24", id="the wrong way"),
        pytest.param(b"hello", "it leads to no system of ours", id="a stranger"),
    ],
)
async def test_a_link_that_carries_no_request_to_its_callee_is_named(body: bytes | None, why: str) -> None:
    links = Checked(*[{LINK: body}] * environment.CHECK_ROUNDS)
    with pytest.raises(SetUpError, match=re.escape(f"1 of 401 links do not carry a request: {LINK}: {why}")):
        await environment._check(Network(PLACES, links))


def test_the_entrances_are_the_links_of_citizens_and_officials() -> None:
    entrances = Network(PLACES, FakeLinks([], Time())).entrances()
    assert len(entrances) == 3 + 63 + 34
    assert entrances["citizens--vneid"] == PLACES.links["citizens--vneid"].listen
    assert {name.split("--")[0] for name in entrances} == {"citizens", "officials"}


async def test_without_toxiproxy_there_is_no_network_and_a_way_to_get_one(folder: RunFolder) -> None:
    with socket.socket() as once:
        once.bind(("127.0.0.1", 0))
        closed = f"127.0.0.1:{once.getsockname()[1]}"
    with pytest.raises(SetUpError, match=f"{closed}.*"):
        async with network(folder, toxiproxy=closed, say=lambda _: None):
            pass
