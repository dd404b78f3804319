"""Processes of mocks come and go as the faults of the plan want it, and only so."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import psutil
import pytest

from mocks.config import ProcessConfig, SystemConfig
from rehearsal import mock_lives
from rehearsal.children import Child
from rehearsal.errors import EvidenceError
from rehearsal.mock_lives import MockProcesses
from rehearsal.run_record import RunFolder
from tests.rehearsal.conftest import events

BOTH = ("country", "vneid")


class Stand(Child):
    """A process that is ready at once stands in for one of mocks; ``manner`` is that of the next to start."""

    manner = "well"
    started: ClassVar[list[tuple[Sequence[str], int]]] = []

    @classmethod
    async def start(
        cls, name: str, command: Sequence[str], log: Path, *, dies_by: int = signal.SIGTERM
    ) -> Child:
        cls.started.append((command, dies_by))
        return await Child.start(name, ["tests.rehearsal.child", cls.manner], log, dies_by=dies_by)


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mock_lives, "Child", Stand)
    monkeypatch.setattr(Stand, "manner", "well")
    monkeypatch.setattr(Stand, "started", [])


@asynccontextmanager
async def running(folder: RunFolder) -> AsyncIterator[MockProcesses]:
    configs = [
        ProcessConfig(name, str(folder.path), 7, [SystemConfig(name=name, kind=name, port=number)])
        for number, name in enumerate(BOTH, 1)
    ]
    processes = MockProcesses(configs, folder, {"vneid"})
    try:
        await processes.start()
        yield processes
    finally:
        await processes.stop()


def told(folder: RunFolder) -> list[tuple[str, str, str, int | None]]:
    return [(each["event"], each["process"], each["fault"], each.get("status")) for each in events(folder)]


async def test_each_process_is_started_once(folder: RunFolder) -> None:
    async with running(folder) as processes:
        assert processes.of_system == {"country": "country", "vneid": "vneid"}
        assert [processes.lives(name) for name in BOTH] == [1, 1]
        assert len(processes) == 2


def configured(command: Sequence[str]) -> str:
    """The process whose configuration a command names."""
    process: str = json.loads(Path(command[1]).read_text())["process"]
    return process


async def test_each_process_is_told_its_configuration_in_every_life(folder: RunFolder) -> None:
    async with running(folder) as processes:
        await processes.kill("vneid", "crash")
        await processes.bring_back("vneid", "crash")
    assert [configured(command) for command, _ in Stand.started] == ["country", "vneid", "vneid"]


async def test_only_one_that_a_fault_may_freeze_dies_with_us_by_the_signal_that_it_would_hear(
    folder: RunFolder,
) -> None:
    async with running(folder):
        assert [dies_by for _, dies_by in Stand.started] == [signal.SIGTERM, signal.SIGKILL]


async def test_a_killed_process_begins_a_new_life_and_both_are_on_record(folder: RunFolder) -> None:
    async with running(folder) as processes, processes.none_may_end():
        pid = await processes.kill("vneid", "crash")
        assert processes.is_away("vneid")
        assert not processes.is_away("country")
        assert not psutil.pid_exists(pid)
        assert await processes.bring_back("vneid", "crash")
        assert processes.is_away("vneid"), "until it has been told what it forgot"
        processes.is_back("vneid")
        assert (processes.is_away("vneid"), processes.lives("vneid")) == (False, 2)
        assert Stand.started[2] == Stand.started[1], "the same configuration"
    assert told(folder) == [
        ("process-ended", "mocks-vneid", "crash", -signal.SIGKILL),
        ("process-started", "mocks-vneid", "crash", None),
    ]


async def test_a_restarted_process_is_asked_to_end_and_begins_a_new_life(folder: RunFolder) -> None:
    async with running(folder) as processes, processes.none_may_end():
        processes.ask_to_end("vneid")
        assert await processes.bring_back("vneid", "upgrade")
        processes.is_back("vneid")
    assert told(folder) == [
        ("process-ended", "mocks-vneid", "upgrade", -signal.SIGTERM),
        ("process-started", "mocks-vneid", "upgrade", None),
    ]


async def test_a_frozen_process_stands_still_and_goes_on_in_the_same_life(folder: RunFolder) -> None:
    async with running(folder) as processes, processes.none_may_end():
        pid = await processes.freeze("vneid")
        assert psutil.Process(pid).status() == psutil.STATUS_STOPPED
        assert processes.is_away("vneid")
        assert not await processes.bring_back("vneid", "freeze")
        processes.is_back("vneid")
        assert psutil.Process(pid).status() != psutil.STATUS_STOPPED
        assert processes.lives("vneid") == 1
    assert told(folder) == []


@pytest.mark.parametrize("life", ["first", "second"])
async def test_the_end_of_a_process_that_no_fault_has_ended_ends_the_run(
    folder: RunFolder, life: str
) -> None:
    async with running(folder) as processes:
        with pytest.raises(EvidenceError, match="process mocks vneid ended in the middle of the run"):
            await _dies(processes, life)


async def _dies(processes: MockProcesses, life: str) -> None:
    async with processes.none_may_end():
        if life == "second":
            await processes.kill("vneid", "crash")
            await processes.bring_back("vneid", "crash")
            processes.is_back("vneid")
        processes._running["vneid"].send(signal.SIGKILL)
        await asyncio.Event().wait()


async def test_a_process_that_does_not_come_up_again_is_named_and_may_be_tried_once_more(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(folder) as processes, processes.none_may_end():
        await processes.kill("vneid", "crash")
        monkeypatch.setattr(Stand, "manner", "broken")
        with pytest.raises(EvidenceError, match="process mocks vneid ended with status 7"):
            await processes.bring_back("vneid", "crash")
        assert processes.is_away("vneid")
        monkeypatch.setattr(Stand, "manner", "well")
        assert await processes.bring_back("vneid", "crash")


async def test_in_whatever_state_they_are_all_end(folder: RunFolder) -> None:
    async with running(folder) as processes:
        await processes.freeze("vneid")
        await processes.kill("country", "crash")
        pids = [child.pid for child in processes._running.values()]
    assert len(pids) == 1
    assert not any(map(psutil.pid_exists, pids))
