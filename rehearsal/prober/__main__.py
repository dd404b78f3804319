"""``python -m rehearsal.prober --run FOLDER``: sends the probes of a plan and writes ``probes.arrows``.

Says ``{"event": "ready"}`` on standard output, waits for one line ``{"t0_monotonic_ns": N}`` on standard
input, and ends when the last probe is answered, at SIGTERM, or when standard input ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import signal
import sys
import time
from pathlib import Path

import click
import msgspec

from rehearsal.errors import ExitCode, RehearsalError, UsageError
from rehearsal.prober.asking import Asker
from rehearsal.prober.plan import Probe, Task, load
from rehearsal.prober.schedule import instants
from rehearsal.processes import die_with_parent
from rehearsal.together import together
from reports.journal import PROBES
from reports.journal_writer import StreamWriter

FLUSH_EVERY = 1.0


class _Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    t0_monotonic_ns: int


@click.command(help=__doc__)
@click.option(
    "--run",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="the run folder, with plan.json and targets.json",
)
def main(folder: Path) -> None:
    """Probe."""
    die_with_parent()
    task = load(folder)
    with StreamWriter(folder / "probes.arrows", PROBES) as journal:
        gc.collect()
        gc.freeze()
        completed = asyncio.run(probe(task, journal))
    sys.exit(ExitCode.MET if completed else ExitCode.INTERRUPTED)


async def probe(task: Task, journal: StreamWriter) -> bool:
    """Send everything; False where it was ended before."""
    loop, me = asyncio.get_running_loop(), asyncio.current_task()
    if me is None:
        raise RuntimeError("a coroutine runs in a task")
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, me.cancel)
    stdin = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
    sys.stdout.write('{"event": "ready"}\n')
    sys.stdout.flush()
    with contextlib.suppress(asyncio.CancelledError):
        t0_ns = _t0(await stdin.readline())
        askers = {link: Asker(place, task.patience) for link, place in task.places.items()}
        try:
            async with together() as group:
                keeping = [
                    group.create_task(_flush(journal)),
                    group.create_task(_end_with(stdin, me)),
                ]
                async with together() as sending:
                    for each in task.probes:
                        sending.create_task(_send(each, task, t0_ns, askers[each.link], journal))
                for kept in keeping:
                    kept.cancel()
        finally:
            for asker in askers.values():
                asker.close()
        return True
    return False


async def _send(probe: Probe, task: Task, t0_ns: int, asker: Asker, journal: StreamWriter) -> None:
    """Send one kind of probe at its instants, whatever became of those before."""
    rng = random.Random(f"{task.seed}:{probe.step}:{probe.link}")

    async def ask(planned: int) -> None:
        got = await asker.get(probe.path)
        journal.append(probe.step, probe.link, planned, got.sent, got.done, got.status, got.error)

    async with together() as asking:
        for at in instants(task.clock.start, task.clock.end, probe.rate, rng):
            planned = t0_ns + round(at * 1e9)
            await asyncio.sleep((planned - time.monotonic_ns()) / 1e9)  # epoll's milliseconds are rounded up
            asking.create_task(ask(planned))


async def _flush(journal: StreamWriter) -> None:
    while True:
        await asyncio.sleep(FLUSH_EVERY)
        journal.flush()


async def _end_with(stdin: asyncio.StreamReader, task: asyncio.Task[object]) -> None:
    """End when the conductor does."""
    await stdin.read()
    task.cancel()


def _t0(line: bytes) -> int:
    try:
        return msgspec.json.decode(line, type=_Clock).t0_monotonic_ns
    except msgspec.MsgspecError as error:
        if not line:  # the conductor ended before it began
            raise asyncio.CancelledError from error
        raise UsageError(f'stdin: {line!r}: {error}; legal is one line, {{"t0_monotonic_ns": N}}') from error


if __name__ == "__main__":
    try:
        main(standalone_mode=True)
    except RehearsalError as problem:
        click.echo(f"prober: {problem}", err=True)
        sys.exit(problem.exit_code)
