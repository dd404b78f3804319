"""A process is killed, frozen or restarted, comes back, and is told what it missed."""

from __future__ import annotations

import asyncio

import pytest

from rehearsal.errors import EvidenceError
from rehearsal.faults.processes import ProcessHand, Welcome
from rehearsal.mock_lives import MockProcesses
from rehearsal.plan.records import Fault
from rehearsal.run_record import RunFolder
from tests.rehearsal.faults.examples import fault


class FakeProcesses(MockProcesses):
    """Does what it is told, and writes it down. ``broken`` do not come up again."""

    def __init__(self, folder: RunFolder) -> None:
        super().__init__([], folder, ())
        self.history: list[str] = []
        self.broken: set[str] = set()
        self.ends = asyncio.Event()
        self.ends.set()

    async def kill(self, process: str, fault: str) -> int:  # noqa: ARG002 - as the real one
        self._down.add(process)
        self.history.append(f"kill {process}")
        return 7

    def ask_to_end(self, process: str) -> int:
        self._down.add(process)
        self.history.append(f"end {process}")
        return 7

    async def freeze(self, process: str) -> int:
        self._still.add(process)
        self.history.append(f"freeze {process}")
        return 7

    async def bring_back(self, process: str, fault: str) -> bool:
        await self.ends.wait()
        if process in self.broken:
            raise EvidenceError(f"process {process} did not come up")
        self.history.append(f"back {process} from {fault}")
        return process in self._down


class Scene:
    """The hand and what it does to the processes, and to the systems in them."""

    def __init__(self, folder: RunFolder) -> None:
        self.processes = FakeProcesses(folder)
        self.hand = ProcessHand(self.processes, remind=self._say("remind"), catch_up=self._say("catch up"))
        self.history = self.processes.history

    def _say(self, what: str) -> Welcome:
        async def say(system: str) -> None:
            away = " (away)" if self.processes.is_away(system) else ""
            self.history.append(f"{what} {system}{away}")

        return say


@pytest.fixture
def scene(folder: RunFolder) -> Scene:
    return Scene(folder)


def of(kind: str, *systems: str) -> Fault:
    return fault("crash", 0, 1, kind=kind, systems=systems or ("vneid",))


BACK = "back vneid from crash"


@pytest.mark.parametrize(
    ("kind", "begun", "cured"),
    [
        pytest.param("killed", ["kill vneid"], [BACK, "remind vneid (away)", "catch up vneid"], id="killed"),
        pytest.param("frozen", ["freeze vneid"], [BACK, "catch up vneid"], id="frozen"),
    ],
)
async def test_a_process_comes_back_at_the_cure(
    scene: Scene, kind: str, begun: list[str], cured: list[str]
) -> None:
    assert await scene.hand.inflict(of(kind), 0, 0) == {"vneid": 7}
    assert scene.history == begun
    assert scene.processes.is_away("vneid")
    await scene.hand.cure(of(kind))
    assert scene.history == begun + cured
    assert not scene.processes.is_away("vneid")
    await scene.hand.cure(of(kind))  # once more does no harm
    assert scene.history == begun + cured


async def test_a_restart_goes_on_at_once_and_the_cure_waits_for_it(scene: Scene) -> None:
    scene.processes.ends.clear()
    await scene.hand.inflict(of("restarted"), 0, 0)
    assert scene.history == ["end vneid"], "what was begun is told before it is back"
    curing = asyncio.create_task(scene.hand.cure(of("restarted")))
    await asyncio.wait([curing], timeout=0.05)
    assert not curing.done()
    scene.processes.ends.set()
    await curing
    assert scene.history == ["end vneid", BACK, "remind vneid (away)", "catch up vneid"]


async def test_a_restart_is_over_before_its_cure_is_due(scene: Scene) -> None:
    await scene.hand.inflict(of("restarted"), 0, 0)
    for _ in range(20):
        await asyncio.sleep(0)
    assert not scene.processes.is_away("vneid")


async def test_a_process_that_does_not_come_back_is_named_and_spares_no_other(scene: Scene) -> None:
    await scene.hand.inflict(of("killed", "vneid", "payment"), 0, 0)
    scene.processes.broken = {"vneid"}
    with pytest.raises(EvidenceError, match="vneid did not come up"):
        await scene.hand.cure(of("killed", "vneid", "payment"))
    assert scene.processes.is_away("vneid")
    assert not scene.processes.is_away("payment")
    scene.processes.broken = set()
    await scene.hand.let_go()
    assert not scene.processes.is_away("vneid")


async def test_a_restart_that_failed_is_told_by_its_cure(scene: Scene) -> None:
    scene.processes.broken = {"vneid"}
    await scene.hand.inflict(of("restarted"), 0, 0)
    with pytest.raises(EvidenceError, match="vneid did not come up"):
        await scene.hand.cure(of("restarted"))
