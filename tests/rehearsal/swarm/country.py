"""A country of one small server, and the swarm's processes, for the end-to-end tests."""

import json
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import ipc

from reports.journal import ARRIVALS
from reports.journal_writer import write_table

PATIENCE = 2.0
SWARM = [sys.executable, "-m", "rehearsal.swarm"]
PLAYBOOK = "tests.rehearsal.swarm.playbook:PLAYBOOK"
WITHIN = 30.0

Event = dict[str, Any]


class Country(ThreadingHTTPServer):
    """Answers pages and dossiers; ``/hang`` is never answered. Keeps the idempotency keys it saw."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), _Handler)
        self.keys: list[str] = []
        self.callers: set[str] = set()
        self.over = threading.Event()

    @property
    def address(self) -> str:
        return f"{self.server_address[0]!s}:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Country

    def do_GET(self) -> None:
        if self.path == "/hang":
            self.server.over.wait(60)
        self._answer(200, b"page")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.keys.append(self.headers["Idempotency-Key"])
        self.server.callers.add(self.headers["X-Caller"])
        self._answer(201, json.dumps({"code": f"H{len(self.server.keys)}"}).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.wfile.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            super().handle()


@contextmanager
def running_country(host: str = "127.0.0.1") -> Iterator[Country]:
    with Country(host) as country:
        thread = threading.Thread(target=country.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield country
        finally:
            country.over.set()
            country.shutdown()
            thread.join()


def write_run(folder: Path, address: str, arrivals: int, seconds: float, journey: str = "submit") -> None:
    """A run folder with evenly spread arrivals, as a conductor leaves it for the swarm."""
    rows: list[tuple[object, ...]] = [
        (
            n,
            n * round(seconds * 1e9) // arrivals,
            "citizen",
            journey,
            "15",
            "00004",
            "10",
            "national-portal",
            n,
        )
        for n in range(arrivals)
    ]
    write_table(folder / "arrivals.arrow", ARRIVALS, rows)
    visitors = {"think_scale": 1.0, "patience": PATIENCE, "retries": 1, "retry_after": 0.1}
    (folder / "plan.json").write_text(json.dumps({"scenario": {"seed": 1}, "visitors": visitors}))
    links = {f"{caller}--national-portal": address for caller in ("citizens", "officials")}
    (folder / "targets.json").write_text(json.dumps({"links": links}))


class Swarm:
    """One master and its workers as real processes; of ``workers``, ``joining`` are for others to start."""

    def __init__(self, folder: Path, workers: int = 2, *, joining: int = 0, host: str = "127.0.0.1") -> None:
        self._events: queue.Queue[Event | None] = queue.Queue()
        self.seen: list[Event] = []
        run = ["--run", str(folder), "--workers", str(workers)]
        self.host = host
        at = ["--host", host, "--port"]
        self.master = subprocess.Popen(
            [*SWARM, "master", *run, *at, "0", "--joining", str(joining)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.port = str(self.until("listening")["port"])
        self.workers = [
            subprocess.Popen(
                [*SWARM, "worker", *run, "--index", str(n), *at, self.port, "--playbook", PLAYBOOK]
            )
            for n in range(workers - joining)
        ]

    def _read(self) -> None:
        assert self.master.stdout
        for line in self.master.stdout:
            self._events.put(json.loads(line))
        self._events.put(None)

    def until(self, name: str, where: Callable[[Event], bool] = lambda _: True) -> Event:
        """The next event of that name; everything before it is kept in ``seen``."""
        deadline = time.monotonic() + WITHIN
        while True:
            event = self._events.get(timeout=max(0.0, deadline - time.monotonic()))
            assert event is not None, f"the master ended before {name}; it said {self.seen}"
            self.seen.append(event)
            if event["event"] == name and where(event):
                return event

    def begin(self, delay: float = 0.2) -> int:
        """Wait until everybody is ready and give the clock; T0 on it."""
        self.until("ready")
        t0 = time.monotonic_ns() + int(delay * 1e9)
        self.tell({"t0_monotonic_ns": t0})
        return t0

    def tell(self, order: object) -> None:
        """One line to the master."""
        assert self.master.stdin
        self.master.stdin.write(json.dumps(order).encode() + b"\n")
        self.master.stdin.flush()

    def join(self, *options: str) -> list[str]:
        """What starts a worker of this swarm elsewhere, after ``python -m``."""
        at = ["--host", self.host, "--port", self.port, "--playbook", PLAYBOOK]
        return ["rehearsal.swarm", "join", *at, *options]

    def exit_codes(self) -> list[int]:
        """Of the master and the workers, once all have ended."""
        return [process.wait(WITHIN) for process in (self.master, *self.workers)]

    def close(self) -> None:
        for process in (self.master, *self.workers):
            process.kill()
            process.wait()
        self._reader.join()
        for stream in (self.master.stdin, self.master.stdout):
            assert stream
            stream.close()


@contextmanager
def swarm(folder: Path, workers: int = 2, *, joining: int = 0, host: str = "127.0.0.1") -> Iterator[Swarm]:
    running = Swarm(folder, workers, joining=joining, host=host)
    try:
        yield running
    finally:
        running.close()


def samples(folder: Path, worker: int) -> list[dict[str, Any]]:
    """The samples of a worker, from a stream that must have its end."""
    with pa.OSFile(str(folder / f"samples.{worker}.arrows")) as file:
        rows: list[dict[str, Any]] = ipc.open_stream(file).read_all().to_pylist()
        return rows


def intents(folder: Path, worker: int) -> list[dict[str, Any]]:
    lines = (folder / f"intents.{worker}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"127.0.0.1:{probe.getsockname()[1]}"
