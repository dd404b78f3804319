"""Links are hurt and cured in the order in which it was asked, whoever was cancelled meanwhile."""

from __future__ import annotations

import asyncio
import threading

import pytest

from chaos.client import ProxyState
from chaos.errors import ChaosError
from rehearsal.faults.links import LinkHand
from rehearsal.plan.records import Fault
from tests.rehearsal.fakes import FakeLinks, Time, TimedProxy
from tests.rehearsal.faults.examples import PAYMENT, VNEID, fault


def hand(*names: str) -> tuple[LinkHand, FakeLinks]:
    links = FakeLinks(names or (VNEID,), Time())
    return LinkHand(links), links


async def test_a_fault_is_on_all_of_its_links_and_off_again() -> None:
    doing, links = hand(VNEID, PAYMENT)
    cut = fault("cut", 0, 1, VNEID, PAYMENT)
    shown = await doing.inflict(cut, 0, 0)
    assert [state["enabled"] for state in shown.values() if isinstance(state, dict)] == [False, False]
    await doing.cure(cut)
    assert links.well()


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(fault("second", 1, 9), id="both sever it"),
        pytest.param(fault("second", 1, 9, kind="slow", latency=0.5), id="of another kind"),
    ],
)
async def test_of_two_faults_on_one_link_each_cure_takes_off_its_own(second: Fault) -> None:
    doing, links = hand()
    first = fault("first", 0, 5)
    for each in (first, second):
        await doing.inflict(each, 0, 0)
    await doing.cure(first)
    assert not links.well(), "the second is still on"
    await doing.cure(second)
    assert links.well()


async def test_a_stage_takes_the_place_of_the_one_before_and_the_cure_takes_off_any() -> None:
    doing, links = hand()
    flaps = fault("flaps", 0, 2, kind="flapping", period=1.0, down=0.5)
    seen = []
    for number in range(3):
        await doing.inflict(flaps, number, 0)
        seen.append(links.fakes[VNEID].state().enabled)
    assert seen == [False, True, False]
    await doing.cure(flaps)
    assert links.well()


async def test_a_brown_out_has_the_toxics_of_one_stage_at_a_time() -> None:
    doing, links = hand()
    brown = fault("brown", 0, 6, kind="brown-out", steps=3)
    late = []
    for number in range(3):
        await doing.inflict(brown, number, 0)
        late.append(
            [t.attributes["latency"] for t in links.fakes[VNEID].state().toxics if t.type == "latency"]
        )
    assert [len(each) for each in late] == [1, 1, 1]
    assert late == sorted(late)
    await doing.cure(brown)
    assert links.well()


async def test_a_change_that_is_under_way_when_it_is_cancelled_comes_before_the_cure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached, go_on = threading.Event(), threading.Event()
    disable = TimedProxy.disable

    def slowly(self: TimedProxy) -> ProxyState:
        reached.set()
        go_on.wait(10)
        return disable(self)

    monkeypatch.setattr(TimedProxy, "disable", slowly)
    doing, links = hand()
    cut = fault("cut", 0, 60)
    inflicting = asyncio.create_task(doing.inflict(cut, 0, 0))
    await asyncio.to_thread(reached.wait, 10)
    inflicting.cancel()
    await asyncio.gather(inflicting, return_exceptions=True)
    curing = asyncio.create_task(doing.cure(cut))
    await asyncio.wait([curing], timeout=0.1)
    assert links.fakes[VNEID].history == [], "a cure before its fault would be undone by it"
    go_on.set()
    await curing
    assert links.fakes[VNEID].history == ["disable", "enable"]


async def test_letting_go_heals_what_nobody_remembers() -> None:
    doing, links = hand()
    links.fakes[VNEID].disable()
    await doing.let_go()
    assert links.well()


async def test_a_link_that_would_not_is_named_and_spares_no_other() -> None:
    doing, links = hand(VNEID, PAYMENT)
    links.fakes[VNEID].broken = True
    with pytest.raises(ChaosError, match=VNEID):
        await doing.inflict(fault("cut", 0, 1, VNEID, PAYMENT), 0, 0)
    assert links.fakes[PAYMENT].history == ["disable"]
