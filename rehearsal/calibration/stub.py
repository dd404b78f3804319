"""``python -m rehearsal.calibration.stub``: a system whose service times are known.

A generator pointed at it can be held against the truth. It says ``{"port": N}`` on standard output when it is
ready, and ends at SIGTERM.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import get_args

import click

from mocks.capacity import Distribution, ServiceTime
from mocks.pulse import PERIOD, Lateness, Memory, RunQueue, following
from rehearsal.calibration.server import Request, Server
from rehearsal.calibration.service import desk
from rehearsal.errors import RehearsalError
from rehearsal.processes import die_with_parent
from reports.journal import PULSE, RECEIVED
from reports.journal_writer import StreamWriter


@click.command(help=__doc__)
@click.option(
    "--journal", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="a folder"
)
@click.option("--system", default="stub", show_default=True, help="its name in the journal")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="where to listen; 0 takes a free one")
@click.option(
    "--distribution", type=click.Choice(get_args(Distribution)), default="constant", help="of service times"
)
@click.option("--mean", type=click.FloatRange(0), default=0.0, help="mean service time in seconds")
@click.option("--sigma", type=click.FloatRange(0), default=0.5, help="of its logarithm; lognormal only")
@click.option("--servers", type=click.IntRange(0), default=0, help="servers with one queue; 0: unlimited")
@click.option("--queue", type=click.IntRange(0), default=1_000_000, help="requests that may wait")
@click.option("--seed", type=int, default=1, help="of the service times")
@click.option("--body", type=click.IntRange(0), default=600, help="bytes of an answer's content")
def main(
    journal: Path,
    system: str,
    port: int,
    distribution: Distribution,
    mean: float,
    sigma: float,
    servers: int,
    queue: int,
    seed: int,
    body: int,
) -> None:
    """Serve."""
    die_with_parent()
    with Journals(journal, system) as journals:
        service = ServiceTime(distribution, mean, sigma)
        server = Server(desk(service, servers, queue, seed), journals.answered, body, port)
        journals.beat(server)
        gc.collect()
        gc.freeze()  # what lives for the whole run need not be walked again and again
        sys.stdout.write(json.dumps({"port": server.port}) + "\n")
        sys.stdout.flush()
        server.run()


class Journals:
    """What the stub knows to be true of every request, and how punctual it was itself.

    ``received.<system>.1.arrows`` and ``pulse.mocks-<system>.1.arrows``: to the reports it is a process of
    mocks. Both are flushed with every beat of the pulse, in small batches, so that no answer waits for long.
    """

    def __init__(self, folder: Path, system: str) -> None:
        self._system = system
        self._process = f"mocks-{system}"
        self._received = StreamWriter(folder / f"received.{system}.1.arrows", RECEIVED)
        self._pulse = StreamWriter(folder / f"pulse.{self._process}.1.arrows", PULSE)
        self._thread = Lateness()
        self._run_queue = RunQueue()
        self._memory = Memory()

    def answered(self, request: Request, done: int) -> None:
        """Take note of a request that was answered."""
        self._received.append_row(
            (
                self._system,
                request.method,
                request.caller,
                request.at,
                done,
                request.queued_us,
                request.service_us,
                request.status,
                "",
                request.trace,
                request.span,
            )
        )

    def beat(self, server: Server) -> None:
        """Begin the pulse; an instant that was slept through gets its row, too, as in ``mocks.pulse``."""
        due = following(time.monotonic_ns())

        def tick() -> None:
            nonlocal due
            now = time.monotonic_ns()
            seen = (
                self._thread.worst(now),
                time.process_time_ns(),
                self._run_queue.waited(),
                server.in_flight,
                self._memory.resident(),
            )
            while due <= now:
                self._pulse.append(self._process, now, now - due, *seen)
                due += PERIOD
            self._pulse.flush()
            self._received.flush()
            server.call_at(due, tick)

        self._thread.start()
        server.call_at(due, tick)

    def __enter__(self) -> Journals:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.stop()
        self._run_queue.close()
        self._memory.close()
        self._received.close()
        self._pulse.close()


if __name__ == "__main__":
    try:
        main(standalone_mode=True)
    except RehearsalError as problem:
        click.echo(f"stub: {problem}", err=True)
        sys.exit(problem.exit_code)
