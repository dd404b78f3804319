"""Faults are inflicted and cured at their instants; whatever was begun is cured, come what may."""

from __future__ import annotations

import asyncio
import threading

import pytest

from chaos.client import ProxyState
from rehearsal.errors import EvidenceError
from rehearsal.fault_player import Cue, FaultPlayer, cues
from rehearsal.plan.records import Fault, Text
from rehearsal.run_record import RunFolder
from tests.rehearsal.conftest import events
from tests.rehearsal.fakes import FakeLinks, Time, TimedProxy

SOME = Text(vi="vi", en="en")
VNEID, PAYMENT = "national-portal--vneid", "national-portal--payment"


def fault(name: str, start: float, end: float, *links: str, kind: str = "cut") -> Fault:
    return Fault(
        name=name,
        kind=kind,
        title=SOME,
        meaning=SOME,
        colour="#000000",
        links=links or (VNEID,),
        start=start,
        end=end,
        recover_within=1.0,
        executes="no",
        parameters={"latency": 0.5} if kind == "slow" else {},
    )


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param(
            [fault("late", 5, 9), fault("early", -3, 2)],
            [(-3, "inflict", "early"), (2, "cure", "early"), (5, "inflict", "late"), (9, "cure", "late")],
            id="in the order of time, not of the plan",
        ),
        pytest.param(
            [fault("a", 0, 10), fault("b", 4, 6)],
            [(0, "inflict", "a"), (4, "inflict", "b"), (6, "cure", "b"), (10, "cure", "a")],
            id="one within the other",
        ),
        pytest.param(
            [fault("b", 5, 10), fault("a", 0, 5)],
            [(0, "inflict", "a"), (5, "cure", "a"), (5, "inflict", "b"), (10, "cure", "b")],
            id="a cure before a fault of the same instant",
        ),
    ],
)
def test_the_order_of_cues(faults: list[Fault], expected: list[tuple[float, str, str]]) -> None:
    assert cues(faults) == [Cue(*each) for each in expected]  # type: ignore[arg-type]  # the literals are right


def player(faults: list[Fault], folder: RunFolder, time: Time) -> tuple[FaultPlayer, FakeLinks]:
    links = FakeLinks(dict.fromkeys(name for each in faults for name in each.links), time)
    return FaultPlayer(faults, links, folder, now=time.now_ns, sleep=time.sleep), links


async def test_every_fault_is_inflicted_and_cured_at_its_instant(folder: RunFolder) -> None:
    time = Time()
    playing, links = player(
        [fault("cut", -2, 3, VNEID, PAYMENT), fault("slow", 1, 7, kind="slow")], folder, time
    )
    await playing.play(round((time.now() + 10) * 1e9))
    t0 = 1010.0
    assert links.fakes[PAYMENT].history == ["disable", "enable"]
    assert links.fakes[PAYMENT].changed_at == pytest.approx([t0 - 2, t0 + 3])
    assert links.fakes[VNEID].history == [
        "disable",
        "add slow-downstream",
        "enable",
        "remove slow-downstream",
    ]
    assert links.fakes[VNEID].changed_at == pytest.approx([t0 - 2, t0 + 1, t0 + 3, t0 + 7])
    assert links.well()
    assert not playing.active


async def test_what_was_read_back_and_what_proves_the_cure_is_noted(folder: RunFolder) -> None:
    playing, links = player([fault("cut", 0, 1, VNEID, PAYMENT)], folder, Time())
    links.blocked = {PAYMENT}
    await playing.play(0)
    applied, healed = events(folder)
    assert (applied["event"], applied["fault"], applied["links"]) == (
        "fault-applied",
        "cut",
        [VNEID, PAYMENT],
    )
    assert {name: state["enabled"] for name, state in applied["state"].items()} == {
        VNEID: False,
        PAYMENT: False,
    }
    assert (healed["event"], healed["fault"]) == ("fault-healed", "cut")
    assert healed["proved"] == [VNEID], "no request passed through the other link"


async def test_a_fault_that_is_on_when_the_run_is_cancelled_is_cured_by_the_end(folder: RunFolder) -> None:
    time = Time()
    playing, links = player([fault("cut", 0, 60), fault("later", 70, 80, PAYMENT)], folder, time)
    on = asyncio.Event()

    async def sleep(seconds: float) -> None:
        if playing.active:
            on.set()
            await asyncio.Event().wait()

    playing = FaultPlayer([fault("cut", 0, 60)], links, folder, now=time.now_ns, sleep=sleep)
    task = asyncio.create_task(playing.play(0))
    await on.wait()
    assert not links.well()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await playing.end()
    assert links.well()
    assert not playing.active
    assert [event["event"] for event in events(folder)] == ["fault-applied", "fault-healed"]


async def test_a_change_that_is_under_way_when_the_run_is_cancelled_does_not_outlive_the_end(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go_on = threading.Event(), threading.Event()
    disable = TimedProxy.disable

    def slowly(self: TimedProxy) -> ProxyState:
        reached.set()
        go_on.wait(10)
        return disable(self)

    monkeypatch.setattr(TimedProxy, "disable", slowly)
    playing, links = player([fault("cut", 0, 60)], folder, Time())
    task = asyncio.create_task(playing.play(0))
    await asyncio.to_thread(reached.wait, 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    ending = asyncio.create_task(playing.end())
    await asyncio.wait([ending], timeout=0.2)
    assert links.fakes[VNEID].history == [], "a cure before its fault would be undone by it"
    go_on.set()
    await ending
    assert links.fakes[VNEID].history == ["disable", "enable"]
    assert links.well()


async def test_the_end_heals_what_nobody_remembers(folder: RunFolder) -> None:
    playing, links = player([fault("cut", 0, 1)], folder, Time())
    links.fakes[VNEID].disable()
    await playing.end()
    assert links.well()


async def test_a_fault_that_toxiproxy_refuses_is_named(folder: RunFolder) -> None:
    playing, links = player([fault("night-cut", 0, 1)], folder, Time())
    links.fakes[VNEID].broken = True
    with pytest.raises(EvidenceError, match=f"fault night-cut could not be inflicted.*{VNEID}"):
        await playing.play(0)
    links.fakes[VNEID].broken = False
    await playing.end()
    assert links.well()
    assert not playing.active


async def test_a_link_that_cannot_be_cured_does_not_spare_the_others(folder: RunFolder) -> None:
    time = Time()
    faults = [fault("a", 0, 60, VNEID), fault("b", 0, 60, PAYMENT)]
    playing, links = player(faults, folder, time)
    for each in faults:
        await playing._inflict(each)
    links.fakes[VNEID].broken = True
    with pytest.raises(EvidenceError, match=f"could not be healed.*{VNEID}"):
        await playing.end()
    assert links.fakes[PAYMENT].state().healthy
