"""Faults are inflicted and cured at their instants; whatever was begun is cured, come what may."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.fault_player import FaultPlayer
from rehearsal.faults.hand import Hand, Shown
from rehearsal.plan.records import Fault
from rehearsal.run_record import RunFolder
from tests.rehearsal.conftest import STARTED, events
from tests.rehearsal.fakes import FakeLinks, Time
from tests.rehearsal.faults.examples import PAYMENT, VNEID, fault
from tests.virtual_time import SECOND, START, VirtualTime

T0 = START + 10 * SECOND


class FakeHand(Hand):
    """Knows what is on and when it was changed, in seconds after T0.

    A change of a fault in ``slow`` takes so many seconds; those in ``broken`` fail.
    """

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self.on: dict[str, int] = {}
        self.until: dict[str, float] = {}
        self.history: list[tuple[float, str, str]] = []
        self.slow: dict[str, float] = {}
        self.broken: set[str] = set()
        self.stuck = False

    async def inflict(self, fault: Fault, number: int, until_ns: int) -> Shown:
        self.on[fault.name] = number  # half of it, until it is done
        await self._change(f"stage {number}" if number else "inflict", fault)
        self.until[fault.name] = (until_ns - T0) / 1e9
        return {"spot": "hurt"}

    async def cure(self, fault: Fault) -> None:
        await self._change("cure", fault)
        self.on.pop(fault.name, None)

    async def let_go(self) -> None:
        if self.stuck:
            raise EvidenceError("it does not let go")
        self.on.clear()

    async def _change(self, what: str, fault: Fault) -> None:
        await asyncio.sleep(self.slow.get(fault.name, 0))
        self.history.append((round((self._time.now_ns - T0) / 1e9, 6), what, fault.name))
        if fault.name in self.broken:
            raise EvidenceError("it would not")


class Stage(SimpleNamespace):
    """A player with all that it plays on."""

    time: VirtualTime
    player: FaultPlayer
    hand: FakeHand
    links: FakeLinks
    folder: RunFolder

    def play(self) -> None:
        """From the first cue to the last."""
        self.time.run(self.player.play(T0))

    def play_until(self, seconds: float) -> None:
        """Cancelled at a moment, as by Ctrl-C."""
        self.time.run(_cancelled_after(self.player, seconds + 10))

    def told(self, event: str) -> list[dict[str, Any]]:
        """The events of a kind."""
        return [each for each in events(self.folder) if each["event"] == event]


async def _cancelled_after(player: FaultPlayer, seconds: float) -> None:
    playing = asyncio.create_task(player.play(T0))
    await asyncio.wait([playing], timeout=seconds)
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)


@contextmanager
def stage(faults: Sequence[Fault], folder: RunFolder | None = None) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as path, VirtualTime() as time:
        folder = folder or RunFolder(Path(path), "evening", STARTED)
        links = FakeLinks(dict.fromkeys(name for each in faults for name in each.links), Time())
        hand = FakeHand(time)
        player = FaultPlayer(faults, links, folder, dict.fromkeys(("link", "system", "process"), hand))
        yield Stage(time=time, player=player, hand=hand, links=links, folder=folder)
        folder.close()


def test_every_fault_is_inflicted_and_cured_at_its_instant() -> None:
    with stage([fault("cut", -2, 3), fault("slow", 1, 7, kind="slow", latency=0.5)]) as on:
        on.play()
        assert on.hand.history == [
            (-2, "inflict", "cut"),
            (1, "inflict", "slow"),
            (3, "cure", "cut"),
            (7, "cure", "slow"),
        ]
        assert on.hand.until == {"cut": 3, "slow": 7}
        assert not on.player.active


def test_stages_follow_each_other_and_each_is_told() -> None:
    with stage([fault("flaps", 0, 2, kind="flapping", period=1.0, down=0.5)]) as on:
        on.play()
        assert on.hand.history == [
            (0, "inflict", "flaps"),
            (0.5, "stage 1", "flaps"),
            (1, "stage 2", "flaps"),
            (1.5, "stage 3", "flaps"),
            (2, "cure", "flaps"),
        ]
        assert [(told["fault"], told["stage"], told["of"]) for told in on.told("fault-stage")] == [
            ("flaps", number, 4) for number in (1, 2, 3)
        ]


def test_a_change_that_takes_its_time_delays_no_other() -> None:
    with stage([fault("heavy", 0, 9), fault("light", 1, 2, PAYMENT)]) as on:
        on.hand.slow = {"heavy": 4.0}
        on.play()
        assert on.hand.history[:2] == [(1, "inflict", "light"), (2, "cure", "light")]


def test_what_was_read_back_and_what_proves_the_cure_is_noted() -> None:
    with stage([fault("crash", 0, 1, VNEID, PAYMENT, kind="killed", systems=("vneid",))]) as on:
        on.links.blocked = {PAYMENT}
        on.hand.slow = {"crash": 0.25}
        on.play()
        [applied], [healed] = on.told("fault-applied"), on.told("fault-healed")
        where = {"fault": "crash", "place": "process", "systems": ["vneid"], "links": [VNEID, PAYMENT]}
        assert applied | where | {"state": {"spot": "hurt"}} == applied
        assert healed | where == healed
        assert healed["proved"] == [VNEID], "no request passed through the other link"
        assert (healed["healed"], healed["late"]) == (T0 + 1.25 * SECOND, 0.25)


@pytest.mark.parametrize(
    ("other", "proved_at"),
    [
        pytest.param(fault("other", 1, 8), 8.0, id="a fault on the same link is in the way"),
        pytest.param(fault("other", 1, 8, PAYMENT), 2.0, id="one on another link is not"),
        pytest.param(fault("other", 1, 8, kind="killed", systems=("vneid",)), 8.0, id="one of the callee is"),
        pytest.param(fault("other", 1, 8, kind="errors", systems=("vneid",)), 2.0, id="a switch is not"),
    ],
)
def test_a_cure_is_proved_as_soon_as_no_other_fault_is_in_the_way(other: Fault, proved_at: float) -> None:
    with stage([fault("first", 0, 2), other]) as on:
        on.play()
        [healed] = [told for told in on.told("fault-healed") if told["fault"] == "first"]
        assert (healed["at"] - T0) / 1e9 == pytest.approx(proved_at)
        assert healed["healed"] == T0 + 2 * SECOND, "it was cured at its instant all the same"
        assert healed["proved"] == [VNEID]


def test_a_fault_that_is_on_when_the_run_is_cancelled_is_cured_by_the_end() -> None:
    with stage([fault("cut", 0, 60), fault("later", 70, 80, PAYMENT)]) as on:
        on.play_until(5)
        assert on.player.active == {"cut"}
        on.time.run(on.player.end())
        assert (on.hand.on, on.player.active) == ({}, set())
        assert [each["event"] for each in events(on.folder)] == ["fault-applied", "fault-healed"]
        assert on.told("fault-healed")[0]["late"] == -55


def test_a_fault_that_was_half_there_when_the_run_was_cancelled_is_cured() -> None:
    with stage([fault("cut", 0, 60)]) as on:
        on.hand.slow = {"cut": 3.0}
        on.play_until(1)
        assert on.hand.on == {"cut": 0}
        on.time.run(on.player.end())
        assert on.hand.on == {}


def test_a_cure_whose_proof_was_cut_short_is_proved_by_the_end() -> None:
    with stage([fault("first", 0, 2), fault("second", 1, 9)]) as on:
        on.play_until(5)
        assert on.told("fault-healed") == []
        on.time.run(on.player.end())
        healed = {told["fault"]: told["healed"] for told in on.told("fault-healed")}
        assert healed == {"first": T0 + 2 * SECOND, "second": T0 + 5 * SECOND}


def test_a_fault_that_could_not_be_inflicted_ends_the_play_and_all_are_cured() -> None:
    with stage([fault("long", 0, 60), fault("night-cut", 1, 2, PAYMENT)]) as on:
        on.hand.broken = {"night-cut"}
        with pytest.raises(EvidenceError, match="fault night-cut could not be inflicted: it would not"):
            on.play()
        on.time.run(on.player.end())
        assert on.hand.on == {}


def test_a_cure_that_fails_is_told_and_what_is_left_is_let_go() -> None:
    with stage([fault("a", 0, 3), fault("b", 0, 60, PAYMENT)]) as on:
        on.hand.broken = {"a"}
        with pytest.raises(EvidenceError, match="fault a could not be"):
            on.play()
        on.time.run(on.player.end())
        assert {told["fault"] for told in on.told("fault-not-cured")} == {"a"}
        assert on.hand.on == {}
        assert {told["fault"] for told in on.told("fault-healed")} == {"a", "b"}


async def ended_by(player: FaultPlayer, error: Exception | None) -> None:
    async with player:
        if error is not None:
            raise error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        pytest.param(None, "could not be healed", id="nothing else went wrong"),
        pytest.param(KeyError("x"), "could not be healed", id="a bug"),
        pytest.param(SetUpError("no port"), "no port", id="the cause is known"),
    ],
)
def test_what_cannot_be_healed_is_told_unless_there_is_a_cause(error: Exception | None, told: str) -> None:
    with stage([fault("cut", 0, 60)]) as on:
        on.hand.stuck = True
        with pytest.raises((EvidenceError, SetUpError), match=told):
            on.time.run(ended_by(on.player, error))


WINDOWS = st.lists(
    st.tuples(
        st.integers(0, 20),
        st.integers(1, 20),
        st.sampled_from([("cut", ()), ("flapping", ()), ("errors", ("vneid",)), ("frozen", ("vneid",))]),
        st.sampled_from([VNEID, PAYMENT]),
        st.sampled_from([0.0, 0.4, 3.0]),
    ),
    min_size=1,
    max_size=5,
)


@given(windows=WINDOWS, cancelled_at=st.none() | st.integers(0, 45), broken=st.booleans())
def test_nothing_is_left_whatever_was_on_when_it_ended(
    windows: list[tuple[int, int, tuple[str, tuple[str, ...]], str, float]],
    cancelled_at: int | None,
    broken: bool,
) -> None:
    faults = [
        fault(f"f-{number}", at, at + lasts, link, kind=kind, systems=systems)
        for number, (at, lasts, (kind, systems), link, _) in enumerate(windows)
    ]
    with stage(faults) as on:
        on.hand.slow = {each.name: window[-1] for each, window in zip(faults, windows, strict=True)}
        on.hand.broken = {"f-0"} if broken else set()
        if cancelled_at is not None:
            on.play_until(cancelled_at)
        elif broken:
            with pytest.raises(EvidenceError):
                on.play()
        else:
            on.play()
        on.time.run(on.player.end())
        assert (on.hand.on, on.player.active) == ({}, set())
        begun = {name for _, what, name in on.hand.history if what == "inflict"}
        healed = [told["fault"] for told in on.told("fault-healed")]
        assert len(healed) == len(set(healed))
        assert {told["fault"] for told in on.told("fault-applied")} <= set(healed)
        assert begun <= set(healed)
