"""A stub in a process of its own."""

from __future__ import annotations

import json
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mocks.capacity import ServiceTime
from reports.journal import RECEIVED
from reports.journal_reader import read_stream

WITHIN = 20.0


class Stub:
    """``python -m rehearsal.calibration.stub`` with options such as ``mean=0.005``."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.folder = folder
        told = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rehearsal.calibration.stub", "--journal", str(folder), *told],
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout
        self.port = int(json.loads(self.process.stdout.readline())["port"])

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), WITHIN)

    def say(self, request: bytes) -> bytes:
        """What it answers on a connection of its own, until it closes that."""
        with self.connect() as there:
            there.sendall(request)
            answer = b""
            while got := there.recv(65536):
                answer += got
            return answer

    def end(self) -> int:
        """Ask it to end; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(WITHIN)
        assert self.process.stdout
        self.process.stdout.close()
        return status

    def truth(self) -> list[dict[str, Any]]:
        """Its journal, which must be whole, in the order in which the requests came."""
        table, torn = read_stream(self.folder / "received.stub.1.arrows", RECEIVED)
        assert not torn
        rows: list[dict[str, Any]] = table.to_pylist()
        return sorted(rows, key=lambda row: row["at"])


@contextmanager
def running(folder: Path, **options: object) -> Iterator[Stub]:
    stub = Stub(folder, **options)
    try:
        yield stub
    finally:
        if stub.process.poll() is None:
            stub.process.kill()
            stub.process.wait()
        assert stub.process.stdout
        stub.process.stdout.close()


def draws(service: ServiceTime, seed: int, count: int) -> list[float]:
    """The service times (seconds) that a seed stands for."""
    rng = random.Random(seed)
    return [service.draw(rng) for _ in range(count)]
