"""Processes are ready or named with their last words, and end for certain."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rehearsal import children
from rehearsal.children import Child, none_may_end, stop_all
from rehearsal.errors import EvidenceError, SetUpError


@asynccontextmanager
async def child(manner: str, log: Path) -> AsyncIterator[Child]:
    started = await Child.start(f"of {manner}", ["tests.rehearsal.child", manner], log / "log")
    try:
        yield started
    finally:
        if started.status is None:
            os.kill(started.pid, signal.SIGKILL)
            await started.wait()


async def test_a_child_says_that_it_is_ready_and_ends_when_asked(tmp_path: Path) -> None:
    async with child("well", tmp_path) as started:
        assert await started.ready(20) == b"ready\n"
        assert started.status is None
        await started.stop()
        assert started.status == -signal.SIGTERM
        await started.stop()  # once more does no harm


async def test_a_child_hears_what_it_is_told(tmp_path: Path) -> None:
    async with child("echo", tmp_path) as started:
        await started.ready(20)
        await started.tell(b"t0")
        assert await started.line() == b"T0\n"


async def test_a_child_has_a_session_of_its_own_so_that_ctrl_c_does_not_reach_it(tmp_path: Path) -> None:
    async with child("well", tmp_path) as started:
        await started.ready(20)
        assert os.getsid(started.pid) == started.pid != os.getsid(0)


@pytest.mark.parametrize(
    ("manner", "within", "message"),
    [
        pytest.param("silent", 0.5, "process of silent was not ready within 0.5 s", id="never ready"),
        pytest.param("broken", 20, "process of broken ended with status 7", id="ended at once"),
    ],
)
async def test_a_child_that_does_not_come_up_is_named_with_its_last_words(
    tmp_path: Path, manner: str, within: float, message: str
) -> None:
    (tmp_path / "log").write_text("an earlier line\n")
    async with child(manner, tmp_path) as started:
        with pytest.raises(SetUpError, match=f"^{re.escape(message)}; the end of its log:\n  an earlier"):
            await started.ready(within)


async def test_a_child_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "GOODBYE", 0.05)
    async with child("stubborn", tmp_path) as one, child("well", tmp_path) as other:
        await asyncio.gather(one.ready(20), other.ready(20))
        await stop_all([one, other])
        assert (one.status, other.status) == (-signal.SIGKILL, -signal.SIGTERM)


async def test_a_program_that_cannot_be_started_is_a_set_up_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-python"))
    with pytest.raises(SetUpError, match="process mocks cannot be started"):
        await Child.start("mocks", ["mocks"], tmp_path / "log")


async def needs(processes: list[Child], work: Awaitable[object]) -> None:
    async with none_may_end(processes):
        await work


async def fail(error: Exception) -> None:
    raise error


async def test_the_end_of_a_child_ends_what_needs_it(tmp_path: Path) -> None:
    async with child("well", tmp_path) as one, child("well", tmp_path) as other:
        await asyncio.gather(one.ready(20), other.ready(20))
        needing = asyncio.create_task(needs([one, other], asyncio.Event().wait()))
        await asyncio.sleep(0)
        os.kill(other.pid, signal.SIGKILL)
        with pytest.raises(EvidenceError, match=r"process of well ended in the middle of the run, status -9"):
            await needing
        assert one.status is None


async def test_one_that_was_dismissed_may_end(tmp_path: Path) -> None:
    async with child("well", tmp_path) as one:
        await one.ready(20)
        one.dismissed = True
        async with none_may_end([one]):
            one.send(signal.SIGKILL)
            await one.wait()
            await asyncio.sleep(0)
        assert one.status == -signal.SIGKILL


async def killed_under_watch(late: Child) -> None:
    async with none_may_end([]) as also:
        also(late)
        late.send(signal.SIGKILL)
        await asyncio.Event().wait()


async def test_one_that_came_later_is_watched_as_well(tmp_path: Path) -> None:
    async with child("well", tmp_path) as late:
        await late.ready(20)
        with pytest.raises(EvidenceError, match="process of well ended"):
            await killed_under_watch(late)


async def test_one_that_stands_still_can_be_stopped(tmp_path: Path) -> None:
    async with child("well", tmp_path) as started:
        await started.ready(20)
        started.send(signal.SIGSTOP)
        await started.stop()
        assert started.status == -signal.SIGTERM, "it heard it, and was not killed"


async def test_while_children_live_their_watch_changes_nothing(tmp_path: Path) -> None:
    async with child("well", tmp_path) as one:
        await needs([one], one.ready(20))
        with pytest.raises(SetUpError, match=r"^something else$"):
            await needs([one], fail(SetUpError("something else")))
