"""Makes the runs: so many countries at once, one verdict each, and once more where there was none."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from rehearsal.children import Child
from rehearsal.errors import EvidenceError, ExitCode
from rehearsal.run_record import LATEST
from rehearsal.selftest.planting import plant
from rehearsal.selftest.rows import Row, Task, judged, without_verdict
from rehearsal.together import together

TRIES = 2
"""A run without a conclusive verdict is made once more: a port was taken, or the machine was held up."""
LOOK_EVERY = 0.2
VERDICTS = (ExitCode.MET, ExitCode.MISSED, ExitCode.INCONCLUSIVE)


class Made(NamedTuple):
    """A run that has ended. ``folder`` is None where there is no verdict; ``reason`` says why."""

    folder: Path | None
    reason: str = ""


class Make(Protocol):
    """Makes one run and judges it."""

    def __call__(self, task: Task, country_is_gone: Callable[[], None], /) -> Awaitable[Made]:
        """``country_is_gone`` is called once the next country may come up, at the latest at the end."""


async def carry_out(
    tasks: Sequence[Task],
    make: Make,
    *,
    at_once: int,
    began: Callable[[Task, int], None],
    ended: Callable[[Task, Row], None],
    now: Callable[[], float] = time.monotonic,
) -> None:
    """Make all runs, in their order, ``at_once`` countries at a time; one is judged while the next comes up.

    ``began`` is told of each try by its number, ``ended`` of each row.
    """
    places = asyncio.Semaphore(at_once)

    async def one(task: Task) -> None:
        seconds = 0.0
        for attempt in range(1, TRIES + 1):
            place = _Place(places)
            await place.take()
            began(task, attempt)
            start = now()
            try:
                made = await make(task, place.leave)
            finally:
                place.leave()
            seconds += now() - start
            row = _row(task, made, seconds, attempt)
            if row.conclusive:
                break
        ended(task, row)

    async with together() as group:
        for task in tasks:
            group.create_task(one(task))


class _Place:
    """One of the places for countries; it is left once, however often that is said."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._taken = False

    async def take(self) -> None:
        await self._places.acquire()
        self._taken = True

    def leave(self) -> None:
        if self._taken:
            self._taken = False
            self._places.release()


def _row(task: Task, made: Made, seconds: float, attempts: int) -> Row:
    if made.folder is None:
        return without_verdict(task, made.reason, seconds=seconds, attempts=attempts)
    try:
        return judged(task, made.folder, seconds=seconds, attempts=attempts)
    except EvidenceError as error:
        return without_verdict(task, str(error), seconds=seconds, attempts=attempts)


class Rehearsals:
    """Makes runs as ``rehearse run`` in processes of their own, below one folder.

    ::

        scenarios/<task>.toml   what was planted
        runs/<task>/...         the run folder
        logs/<task>.log         what the processes said

    ``kept`` are run folders of an earlier call: they are judged again, and not run again.
    """

    def __init__(self, folder: Path, toxiproxy: str | None, kept: Mapping[str, Path]) -> None:
        self._folder = folder
        self._options = ["--toxiproxy", toxiproxy] if toxiproxy else []
        self._kept = kept

    async def __call__(self, task: Task, country_is_gone: Callable[[], None]) -> Made:
        """See :class:`Make`. Raises :class:`~rehearsal.errors.SetUpError`."""
        log = self._folder / "logs" / f"{task.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        if task.name in self._kept:
            return await _judge(task, self._kept[task.name], log)
        runs = self._folder / "runs" / task.name
        before = _latest(runs)
        # what the one worker was calibrated for says nothing about a load as light as this
        command = ["rehearsal", "run", str(plant(task, self._folder / "scenarios")), "--runs", str(runs)]
        command += ["--workers", "1", "--above-calibration", "warn", *self._options]
        child = await Child.start(task.name, command, log)
        try:
            ending = asyncio.ensure_future(child.wait())
            while not (await asyncio.wait([ending], timeout=LOOK_EVERY))[0]:
                if (folder := _latest(runs)) not in (None, before) and _is_over(folder):
                    country_is_gone()
        finally:
            await child.stop()
        folder = _latest(runs)
        if child.status not in VERDICTS or folder in (None, before):
            return Made(None, f"exit code {child.status}{child.last_words()}")
        shutil.rmtree(folder / "stores", ignore_errors=True)  # stored.arrow holds what they held
        return Made(folder)


async def _judge(task: Task, folder: Path, log: Path) -> Made:
    """Build the reports of a run folder anew; they need nothing but its files."""
    child = await Child.start(task.name, ["reports", str(folder), "--quiet"], log)
    try:
        status = await child.wait()
    finally:
        await child.stop()
    return Made(folder) if status in VERDICTS else Made(None, f"exit code {status}{child.last_words()}")


class _Ended(msgspec.Struct):
    ended: str


def _latest(runs: Path) -> Path | None:
    latest = runs / LATEST
    return latest.resolve() if latest.exists() else None


def _is_over(folder: Path | None) -> bool:
    """Whether the country of a run is taken down, so that only its judgement is to come."""
    if folder is None:
        return False
    try:
        return msgspec.json.decode((folder / "run.json").read_bytes(), type=_Ended).ended != "running"
    except (OSError, msgspec.MsgspecError):
        return False
