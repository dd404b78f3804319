"""One process of mocks: its systems, their ports, their store thread and journals, from start to end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn

from fixtures import UnknownCodeError
from fixtures.people import Registry
from mocks.caller import Caller
from mocks.config import ConfigError, ProcessConfig
from mocks.context import Context
from mocks.received import CALLS, RECEIVED, Journal
from mocks.registry import kind_of
from mocks.store import Committer
from mocks.system import System

FLUSH_EVERY = 1.0
"""Seconds between two flushes of the journals: what a killed process loses at most."""
GOODBYE = 2
"""Seconds that open requests get to finish when the process is asked to end."""

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


class PortDispatcher:
    """An ASGI application that hands each request to the system whose port it came to."""

    def __init__(self) -> None:
        self._by_port: dict[int, App] = {}

    def add(self, port: int, app: App) -> None:
        """Serve ``app`` on ``port``."""
        self._by_port[port] = app

    async def __call__(  # noqa: D102 - ASGI
        self, scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        await self._by_port[scope["server"][1]](scope, receive, send)


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
async def systems(config: ProcessConfig) -> AsyncIterator[list[System]]:
    """The systems of a process, started; at the end everything is flushed and closed."""
    folder = Path(config.folder)
    stores = folder / "stores"
    stores.mkdir(parents=True, exist_ok=True)
    life = _lives(folder, config.process) + 1
    received = Journal(folder / f"received.{config.process}.{life}.arrows", RECEIVED)
    calls = Journal(folder / f"calls.{config.process}.{life}.arrows", CALLS)
    committer = Committer()
    caller = Caller(calls, random.Random(f"{config.seed}/{config.process}/{os.getpid()}"))
    context = Context(stores, config.seed, Registry(config.seed), committer, received, caller)
    committer.start()
    await caller.start()
    running: list[System] = []
    context.spawn(_flush(received, calls), "flush journals")
    try:
        for each in config.systems:
            try:
                system = kind_of(each.kind)(each, context)
                await system.start()
            except UnknownCodeError as error:
                raise ConfigError(f"system {each.name!r}: {error}") from error
            running.append(system)
        yield running
    finally:
        await context.stop()
        await caller.stop()
        committer.stop()
        for system in running:
            system.store.close()
        received.close()
        calls.close()


def _lives(folder: Path, process: str) -> int:
    """How often this process has been started in this folder: a restart writes on in new files."""
    return sum(1 for _ in folder.glob(f"received.{process}.*.arrows"))


async def _flush(received: Journal, calls: Journal) -> None:
    while True:
        await asyncio.sleep(FLUSH_EVERY)
        received.flush()
        calls.flush()


async def serve(config: ProcessConfig) -> None:
    """Run the process until it is asked to end (SIGINT or SIGTERM)."""
    async with systems(config) as running:
        dispatcher = PortDispatcher()
        sockets = []
        for system in running:
            app = system.application()
            await app.start()  # type: ignore[no-untyped-call]  # BlackSheep leaves it untyped
            dispatcher.add(system.config.port, app)
            sockets.append(bind(system.config.port))
        gc.collect()
        gc.freeze()  # what lives for the whole run need not be walked again and again
        for number in (signal.SIGINT, signal.SIGTERM):
            # uvicorn raises the signal again when it has shut down; what is open here must still be closed
            signal.signal(number, lambda *_: None)
        server = uvicorn.Server(
            uvicorn.Config(
                dispatcher,
                log_level="warning",
                access_log=False,
                lifespan="off",
                proxy_headers=False,
                server_header=False,
                date_header=False,
                http="httptools",
                ws="none",
                backlog=2048,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=GOODBYE,
            )
        )
        sys.stdout.write(f'{{"process": "{config.process}", "systems": {len(running)}}}\n')
        sys.stdout.flush()
        await server.serve(sockets=sockets)
