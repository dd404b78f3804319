"""One process of mocks: its systems, their ports, their database and journals, from start to end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from fixtures import UnknownCodeError
from fixtures.people import Registry
from mocks.caller import Caller
from mocks.config import ConfigError, ProcessConfig
from mocks.context import Context
from mocks.gaps import Gaps
from mocks.pulse import Pulse
from mocks.received import CALLS, PULSE, RECEIVED, Journal
from mocks.registry import system_type
from mocks.server import Server
from mocks.store import Committer, Database
from mocks.system import System

FLUSH_EVERY = 1.0
"""Seconds between two flushes of the journals: what a killed process loses at most."""
GOODBYE = 2.0
"""Seconds that open requests get to finish when the process is asked to end."""


class WorkerError(Exception):
    """Something that a system does beside its requests has failed; the message names it."""


def bind(port: int) -> socket.socket:
    """A listening address on loopback. Raises :class:`ConfigError` where the port is taken."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise ConfigError(f"port {port} on 127.0.0.1 cannot be bound ({error.strerror})") from error
    return listening


@contextlib.asynccontextmanager
async def systems(
    config: ProcessConfig, failed: Callable[[str], None] = lambda _: None
) -> AsyncIterator[list[System]]:
    """The systems of a process, started; at the end everything is flushed and closed.

    ``failed`` is told the name of whatever runs beside the requests and has failed.
    """
    folder = Path(config.folder)
    stores = folder / "stores"
    stores.mkdir(parents=True, exist_ok=True)
    life = _lives(folder, config.process) + 1
    received = Journal(folder / f"received.{config.process}.{life}.arrows", RECEIVED)
    calls = Journal(folder / f"calls.{config.process}.{life}.arrows", CALLS)
    pulses = Journal(folder / f"pulse.mocks-{config.process}.{life}.arrows", PULSE)
    database = Database(stores / f"{config.process}.sqlite")
    committer = Committer(database)
    caller = Caller(calls, random.Random(f"{config.seed}/{config.process}/{os.getpid()}"))
    context = Context(
        config.seed, Registry(config.seed), committer, received, caller, Gaps(config.gaps), failed=failed
    )
    pulse = Pulse(f"mocks-{config.process}", pulses, lambda: context.in_flight)
    committer.start()
    running: list[System] = []
    context.spawn(_flush(received, calls, pulses), "flush journals")
    try:
        for each in config.systems:
            try:
                system = system_type(each.kind, each.defects)(each, context)
                system.t0 = config.t0_monotonic_ns or None
                await system.start()
            except UnknownCodeError as error:
                raise ConfigError(f"system {each.name!r}: {error}") from error
            running.append(system)
        pulse.start()  # from now on it has to be punctual: laying out the systems is over
        yield running
    finally:
        pulse.stop()
        await context.stop()
        await caller.stop()
        committer.stop()
        database.close()
        for journal in (received, calls, pulses):
            journal.close()


def _lives(folder: Path, process: str) -> int:
    """How often this process has been started in this folder: a restart writes on in new files."""
    return sum(1 for _ in folder.glob(f"received.{process}.*.arrows"))


async def _flush(*journals: Journal) -> None:
    while True:
        await asyncio.sleep(FLUSH_EVERY)
        for journal in journals:
            journal.flush()


async def serve(config: ProcessConfig) -> None:
    """Run the process until it is asked to end (SIGINT or SIGTERM).

    Raises :class:`WorkerError` where an outbox, a desk or another worker has failed: a system that answers
    and does nothing any more would look healthy.
    """
    asked_to_end = asyncio.Event()
    failures: list[str] = []

    def failed(name: str) -> None:
        failures.append(name)
        asked_to_end.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_end.set)
    async with systems(config, failed) as running:
        server = Server()
        try:
            for system in running:
                await server.listen(bind(system.config.port), system.respond)
            gc.collect()
            gc.freeze()  # what lives for the whole run need not be walked again and again
            sys.stdout.write(f'{{"process": "{config.process}", "systems": {len(running)}}}\n')
            sys.stdout.flush()
            await asked_to_end.wait()
        finally:
            await server.close(GOODBYE)
    if failures:
        raise WorkerError(f"{failures[0]} has failed")
