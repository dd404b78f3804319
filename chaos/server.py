"""A running Toxiproxy server: started if need be, known to be ready, and sure to end."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from chaos import tether
from chaos.client import Client
from chaos.container import Container
from chaos.errors import ChaosError, ToxiproxyError
from chaos.finding import Say, Source, accept, silent
from chaos.ports import free_ports
from chaos.watchdog import Watchdog

_ATTEMPTS = 3
"""Between choosing a port and listening on it somebody else may take it."""
_LOOK_EVERY = 0.02
_END_WITHIN = 3.0
_SHOWN = 500
_CORES_PER_PROCESSOR = 4
"""One of Go's processors carries over 10,000 requests per second (65 µs each, measured); more of them than
are busy only look for work from each other: on two cores two cost a quarter more CPU than one."""
_DID_NOT_LISTEN = b"Server finished with error"
"""The server logs this, and stays alive without an interface."""


class ToxiproxyServer:
    """A server from ``source``, running while the context lasts.

    One that we start is a process group of its own on a free port of 127.0.0.1, and dies with us even when
    we are killed (on Linux). One given by address is only asked for its version, and is never stopped.

    Args:
        source: from ``finding.find``.
        log: file for the server's output.
        say: is told what is started.
        within: seconds until it must answer.

    Attributes:
        address: host:port of its interface.
        version: what it says.
        how: by which way it came, in words.
    """

    def __init__(self, source: Source, *, log: Path, say: Say = silent, within: float = 15.0) -> None:
        self.address = source.target if source.way == "address" else ""
        self.version = ""
        self.how = str(source)
        self._source = source
        self._log = log
        self._say = say
        self._within = within
        self._running: _Program | _InContainer | None = None

    @property
    def outlives_us(self) -> bool:
        """True for a server given by address: links on it must be guarded (``Links(guarded=True)``)."""
        return self._source.way == "address"

    def client(self, *, within: float = 5.0) -> Client:
        """A client of this server."""
        return Client(self.address, within=within)

    def start(self) -> Self:
        """Start it and wait until it answers.

        Raises:
            ChaosError: it does not come up, or is of a version that will not do.
        """
        if self._source.way == "address":
            self.version = accept(self.client().version())
            return self
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._say(f"starting Toxiproxy, {self.how}")
        try:
            self.version = accept(self._start_on_some_port())
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End it, if it is ours. May be called again."""
        running, self._running = self._running, None
        if running:
            running.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _start_on_some_port(self) -> str:
        for _attempt in range(_ATTEMPTS):
            [port] = free_ports(1)
            self.address = f"127.0.0.1:{port}"
            in_container = self._source.way == "container"
            kind = _InContainer if in_container else _Program
            self._running = kind(self._source.target, port, self._log)
            version = self._wait(self._running)
            if version is not None:
                return version
            self.stop()
        raise ChaosError(f"Toxiproxy, {self.how}, found its port taken {_ATTEMPTS} times; see {self._log}")

    def _wait(self, running: _Program | _InContainer) -> str | None:
        """Its version; None when its port was taken, and whoever answers there is somebody else."""
        deadline = time.monotonic() + self._within
        client = Client(self.address, within=1.0)
        while True:
            if running.listens:
                with contextlib.suppress(ToxiproxyError):
                    return client.version()
            said = running.said()
            if _DID_NOT_LISTEN in said:
                return None
            if not running.alive or time.monotonic() > deadline:
                what = f"did not answer within {self._within} s" if running.alive else "ended at once"
                last = said.decode(errors="replace").strip()[-_SHOWN:] or "nothing"
                raise ChaosError(f"Toxiproxy, {self.how}, {what}; it said: {last}")
            time.sleep(_LOOK_EVERY)


class _Program:
    """The server as a process of ours."""

    def __init__(self, program: str, port: int, log: Path) -> None:
        self._port = port
        self._log = log
        self._begin = log.stat().st_size if log.exists() else 0
        processors = max(1, (os.cpu_count() or 1) // _CORES_PER_PROCESSOR)
        self._process = tether.spawn(
            [str(Path(program).resolve()), "-host=127.0.0.1", f"-port={port}"],
            log=log,
            # at its usual level the server logs every connection
            environment={"LOG_LEVEL": "warn", "GOMAXPROCS": str(processors)},
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def listens(self) -> bool:
        """It has the port itself: what answers there is not somebody else's server."""
        try:
            sockets = psutil.Process(self._process.pid).net_connections("tcp4")
        except psutil.Error:
            return False
        return any(s.status == psutil.CONN_LISTEN and s.laddr.port == self._port for s in sockets)

    def said(self) -> bytes:
        with self._log.open("rb") as log:
            log.seek(self._begin)
            return log.read()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_END_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _InContainer:
    """The server as a container, with a watchdog, because the engine's containers outlive us."""

    def __init__(self, image: str, port: int, log: Path) -> None:
        self._log = log
        self._container = Container(image, port)
        self._watchdog = Watchdog(f"127.0.0.1:{port}", container=self._container.id)
        self._watchdog.start()

    @property
    def alive(self) -> bool:
        return self._container.running

    @property
    def listens(self) -> bool:
        """As far as can be known of a process of the engine's: it has not said that it does not."""
        return self._container.running and _DID_NOT_LISTEN not in self.said()

    def said(self) -> bytes:
        return self._container.logs()

    def stop(self) -> None:
        with self._log.open("ab") as log:
            log.write(self.said())
        self._container.stop()
        self._watchdog.stand_down()
