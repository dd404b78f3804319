"""A system is told the whole set of its switches at every change, and when it is back."""

from __future__ import annotations

import asyncio
import time
from typing import get_args

import pytest

from chaos import catalogue
from mocks.operator import Switch, SwitchKind
from rehearsal.errors import EvidenceError
from rehearsal.faults.switches import GRACE_NS, SwitchHand
from tests.rehearsal.faults.examples import fault

SOON = time.monotonic_ns() + 3600 * 10**9


class FakeOperator:
    """Keeps the switches of every system. ``stubborn`` ones keep what they have."""

    def __init__(self) -> None:
        self.on: dict[str, list[Switch]] = {}
        self.told: list[tuple[str, list[str]]] = []
        self.away: set[str] = set()
        self.dead: set[str] = set()
        self.stubborn: set[str] = set()
        self.go_on: asyncio.Event | None = None

    def is_away(self, system: str) -> bool:
        return system in self.away

    async def switch(self, system: str, switches: list[Switch]) -> list[Switch]:
        if self.go_on is not None:
            await self.go_on.wait()
        if system in self.dead | self.away:
            raise EvidenceError(f"{system} does not answer its operator")
        self.told.append((system, [each.name for each in switches]))
        if system not in self.stubborn:
            self.on[system] = switches
        return self.on.get(system, [])

    def names(self, system: str) -> list[str]:
        """What is on at a system."""
        return [each.name for each in self.on.get(system, [])]


@pytest.fixture
def operator() -> FakeOperator:
    return FakeOperator()


ERRORS = fault("errors", 0, 9, kind="errors", systems=("vneid", "payment"), status=503, share=0.5)
LATE = fault("late", 0, 9, kind="reordered", systems=("vneid",), spread=1.5)


async def test_a_switch_carries_the_parameters_and_goes_off_by_itself_some_time_after_its_end(
    operator: FakeOperator,
) -> None:
    shown = await SwitchHand(operator).inflict(ERRORS, 0, SOON)
    expected = Switch("errors", "errors", SOON + GRACE_NS, status=503, share=0.5)
    assert operator.on == {"vneid": [expected], "payment": [expected]}
    assert set(shown) == {"vneid", "payment"}


async def test_each_change_leaves_the_switches_of_other_faults_on(operator: FakeOperator) -> None:
    hand = SwitchHand(operator)
    await hand.inflict(ERRORS, 0, SOON)
    await hand.inflict(LATE, 0, SOON)
    assert (operator.names("vneid"), operator.names("payment")) == (["errors", "late"], ["errors"])
    await hand.cure(ERRORS)
    assert (operator.names("vneid"), operator.names("payment")) == (["late"], [])
    await hand.let_go()
    assert operator.names("vneid") == []


async def test_a_system_that_is_away_is_told_when_it_is_back(operator: FakeOperator) -> None:
    hand = SwitchHand(operator)
    operator.away = {"vneid"}
    await hand.inflict(ERRORS, 0, SOON)
    await hand.inflict(LATE, 0, SOON)
    assert operator.told == [("payment", ["errors"])]
    operator.away = set()
    await hand.again("vneid")
    assert operator.names("vneid") == ["errors", "late"]
    operator.away = {"vneid"}
    await hand.cure(LATE)
    operator.away = set()
    await hand.again("vneid")
    assert operator.names("vneid") == ["errors"]


async def test_a_system_nobody_has_a_switch_for_is_not_told_anything(operator: FakeOperator) -> None:
    await SwitchHand(operator).again("case-15")
    assert operator.told == []


async def test_a_switch_whose_time_is_up_is_not_asked_for_again(operator: FakeOperator) -> None:
    hand = SwitchHand(operator)
    await hand.inflict(ERRORS, 0, time.monotonic_ns() - GRACE_NS)
    assert operator.names("vneid") == []


@pytest.mark.parametrize("trouble", ["dead", "stubborn"])
async def test_one_system_that_would_not_is_named_and_spares_no_other(
    operator: FakeOperator, trouble: str
) -> None:
    setattr(operator, trouble, {"vneid"})
    with pytest.raises(EvidenceError, match="vneid"):
        await SwitchHand(operator).inflict(ERRORS, 0, SOON)
    assert operator.names("payment") == ["errors"]


async def test_what_was_cancelled_is_over_before_the_next_word(operator: FakeOperator) -> None:
    hand = SwitchHand(operator)
    operator.go_on = asyncio.Event()
    inflicting = asyncio.create_task(hand.inflict(LATE, 0, SOON))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    inflicting.cancel()
    await asyncio.gather(inflicting, return_exceptions=True)
    curing = asyncio.create_task(hand.cure(LATE))
    operator.go_on.set()
    await curing
    assert [names for _, names in operator.told][-1] == []
    assert operator.names("vneid") == []


def test_every_fault_of_systems_in_the_catalogue_has_a_switch_that_systems_know() -> None:
    made = (kind.model_validate({}) for kind in catalogue.KINDS.values() if kind.place == "system")
    known = {each.switch().kind for each in made if isinstance(each, catalogue.SystemFault)}
    assert known == set(get_args(SwitchKind))
