"""The stub as a process: it speaks HTTP/1.1, answers at its instants, and its journal holds the truth."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mocks.capacity import ServiceTime
from rehearsal.errors import ExitCode
from reports.journal import PULSE
from reports.journal_reader import read_stream
from tests.rehearsal.calibration.stubs import Stub, draws, running

pytestmark = pytest.mark.e2e

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CLOSE = b"Connection: close\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + CLOSE + b"\r\n"


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stub]:
    """Answers five bytes, at once."""
    with running(tmp_path_factory.mktemp("quick"), body=5) as stub:
        yield stub


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n", OK + b"xxxxx", id="a page"),
        pytest.param(b"HEAD / HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n", OK, id="no content for HEAD"),
        pytest.param(
            b"POST /a HTTP/1.1\r\nContent-Length: 3\r\n" + CLOSE + b"\r\nabc",
            OK + b"xxxxx",
            id="sized content",
        ),
        pytest.param(
            b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + CLOSE + b"\r\n3\r\nabc\r\n0\r\n\r\n",
            OK + b"xxxxx",
            id="chunked content",
        ),
        pytest.param(
            b"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nxxxxx" + OK + b"xxxxx",
            id="two on one connection, the second by an old client",
        ),
        pytest.param(
            b"nonsense\r\n\r\n",
            b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n" + CLOSE + b"\r\n",
            id="no HTTP",
        ),
    ],
)
def test_it_speaks_http(quick: Stub, request_: bytes, answer: bytes) -> None:
    assert quick.say(request_) == answer


def test_it_says_what_its_clocks_read(quick: Stub) -> None:
    before = time.monotonic_ns()
    with quick.connect() as there:
        there.sendall(b"PUT /-/clock HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
        reading = json.loads(there.recv(4096).partition(b"\r\n\r\n")[2])
    assert (
        before <= reading["received_monotonic_ns"] <= reading["answered_monotonic_ns"] <= time.monotonic_ns()
    )
    assert abs(reading["received_unix_ns"] - time.time_ns()) < 5e9


def test_its_journal_holds_every_request_with_its_trace_and_what_was_drawn(tmp_path: Path) -> None:
    service = ServiceTime("exponential", 0.002)
    head = f"Host: x\r\nX-Caller: citizens\r\ntraceparent: 00-{TRACE}-{SPAN}-01\r\n\r\n".encode()
    with running(tmp_path, distribution="exponential", mean=0.002, seed=9) as stub:
        with stub.connect() as there:
            for _ in range(50):
                there.sendall(b"GET / HTTP/1.1\r\n" + head)
                assert there.recv(4096).startswith(b"HTTP/1.1 200 OK")
        assert stub.end() == 0
        rows = stub.truth()
    expected = [round(each * 1e6) for each in draws(service, 9, 50)]
    assert [row["service_us"] for row in rows] == pytest.approx(expected, abs=1)
    for row in rows:
        assert row["done"] - row["at"] >= row["service_us"] * 1000 - 1000, "never before its instant"
        told = [row[name] for name in ("system", "operation", "caller", "status", "trace", "parent")]
        assert told == ["stub", "GET", "citizens", 200, TRACE, SPAN]
    tardiness = sorted(row["done"] - row["at"] - row["service_us"] * 1000 for row in rows)
    assert tardiness[25] < 1_000_000, "the median answer is late by less than what epoll's timers round to"


def test_requests_wait_for_the_only_server_and_those_beyond_the_queue_are_turned_away(tmp_path: Path) -> None:
    with running(tmp_path, mean=0.2, servers=1, queue=1) as stub:
        lines = [stub.connect() for _ in range(3)]
        for there in lines:
            there.sendall(b"GET / HTTP/1.1\r\n\r\n")
            time.sleep(0.01)  # so that they come in this order
        answers = [there.recv(4096)[:12] for there in lines]
        for there in lines:
            there.close()
        stub.end()
        rows = stub.truth()
    assert answers == [b"HTTP/1.1 200", b"HTTP/1.1 200", b"HTTP/1.1 503"]
    assert [(row["status"], row["service_us"], row["queued_us"] > 100_000) for row in rows] == [
        (200, 200_000, False),
        (200, 200_000, True),
        (503, 0, False),
    ]


def test_an_answer_larger_than_the_network_takes_at_once_arrives_whole(tmp_path: Path) -> None:
    with running(tmp_path, body=20_000_000) as stub, stub.connect() as there:
        there.sendall(b"GET / HTTP/1.1\r\n" + CLOSE + b"\r\n")
        size = 0
        while got := there.recv(65536):
            size += len(got)
        assert size == 20_000_000 + len(b"HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n" + CLOSE + b"\r\n")


def test_a_client_that_goes_away_disturbs_nobody(tmp_path: Path) -> None:
    with running(tmp_path, mean=0.05) as stub:
        with stub.connect() as there:
            there.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert stub.say(b"GET / HTTP/1.1\r\n" + CLOSE + b"\r\n").startswith(b"HTTP/1.1 200")
        assert stub.end() == 0
        assert len(stub.truth()) == 1, "what nobody heard was not answered"


def test_its_pulse_shows_that_it_was_frozen(tmp_path: Path) -> None:
    with running(tmp_path) as stub:
        time.sleep(0.2)
        stub.process.send_signal(signal.SIGSTOP)
        time.sleep(0.4)
        stub.process.send_signal(signal.SIGCONT)
        stub.say(b"GET / HTTP/1.1\r\n" + CLOSE + b"\r\n")
        assert stub.end() == 0
    table, torn = read_stream(tmp_path / "pulse.mocks-stub.1.arrows", PULSE)
    rows = table.to_pylist()
    assert not torn
    assert {row["process"] for row in rows} == {"mocks-stub"}
    assert sum(row["loop_lag"] > 50_000_000 for row in rows) >= 5, "a row for every instant slept through"
    assert max(row["thread_lag"] for row in rows) > 200_000_000


def test_a_port_that_is_taken_is_one_clear_error(quick: Stub, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rehearsal.calibration.stub", "--journal", str(tmp_path)]
    done = subprocess.run([*command, "--port", str(quick.port)], capture_output=True, text=True, timeout=30)
    assert done.returncode == ExitCode.NO_ENVIRONMENT
    assert done.stderr == f"stub: port {quick.port} on 127.0.0.1 cannot be bound (Address already in use)\n"
