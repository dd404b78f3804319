"""A server that is started, known to be ready, and sure to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chaos import server as server_module
from chaos.errors import ChaosError, ToxiproxyError
from chaos.finding import Source
from chaos.ports import free_ports
from chaos.server import ToxiproxyServer
from tests.chaos.support import ROOT, Scripted, eventually, runs

VERSION_2 = {"GET /version": (200, '{"version": "2.12.0"}')}


def children() -> set[str]:
    """Process ids of this process's children."""
    tasks = Path("/proc/self/task").iterdir()
    return {pid for task in tasks for pid in (task / "children").read_text().split() if runs(int(pid))}


def script(path: Path, text: str) -> Source:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return Source("path", str(path), "2.12.0")


class TestGivenByAddress:
    def test_it_is_asked_and_never_stopped(self, tmp_path: Path) -> None:
        with Scripted(dict(VERSION_2)) as there:
            running = ToxiproxyServer(Source("address", there.address, "2.12.0"), log=tmp_path / "log")
            with running:
                assert (running.address, running.version) == (there.address, "2.12.0")
                assert running.outlives_us
                assert running.how == f"running at {there.address}"
            assert running.client().version() == "2.12.0", "it still answers"
            assert set(there.asked) == {"GET /version"}

    def test_another_major_version_is_refused(self, tmp_path: Path) -> None:
        with (
            Scripted({"GET /version": (200, '{"version": "1.2.1"}')}) as there,
            pytest.raises(ChaosError, match="is not 2"),
        ):
            ToxiproxyServer(Source("address", there.address, ""), log=tmp_path / "log").start()


OF_TOMORROW = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"version": "3.0.0"}')
HTTPServer(("127.0.0.1", int(sys.argv[1].removeprefix("-port="))), Handler).serve_forever()
"""


class TestAProgramThatIsNoServer:
    def test_one_that_ends_is_quoted(self, tmp_path: Path) -> None:
        source = script(tmp_path / "program", "echo cannot do that; exit 1")
        with pytest.raises(ChaosError, match="ended at once; it said: cannot do that"):
            ToxiproxyServer(source, log=tmp_path / "run" / "log").start()

    def test_one_that_is_gone_since_it_was_found(self, tmp_path: Path) -> None:
        source = Source("path", str(tmp_path / "absent"), "2.12.0")
        with pytest.raises(ChaosError, match=r"ended at once; it said: .*No such file"):
            ToxiproxyServer(source, log=tmp_path / "log").start()

    def test_one_that_never_answers_is_stopped(self, tmp_path: Path) -> None:
        before = children()
        source = script(tmp_path / "program", "exec /bin/sleep 600")
        with pytest.raises(ChaosError, match=r"did not answer within 0.2 s"):
            ToxiproxyServer(source, log=tmp_path / "log", within=0.2).start()
        assert children() == before

    def test_one_of_another_version_than_it_said_is_stopped(self, tmp_path: Path) -> None:
        before = children()
        source = script(tmp_path / "program", f"exec {sys.executable} -S {tmp_path}/server.py $2")
        (tmp_path / "server.py").write_text(OF_TOMORROW)
        with pytest.raises(ChaosError, match=r"version '3\.0\.0' is not 2"):
            ToxiproxyServer(source, log=tmp_path / "log").start()
        assert children() == before


@pytest.mark.e2e
class TestTheRealOne:
    def test_it_runs_while_the_context_lasts(self, source: Source, tmp_path: Path) -> None:
        before = children()
        said: list[str] = []
        with ToxiproxyServer(source, log=tmp_path / "run" / "toxiproxy.log", say=said.append) as running:
            client = running.client()
            assert running.version == client.version() == "2.12.0"
            assert running.address.startswith("127.0.0.1:")
            assert not running.outlives_us
            assert source.target in running.how
            assert len(children() - before) == 1
        assert said == [f"starting Toxiproxy, {running.how}"]
        assert children() == before
        with pytest.raises(ToxiproxyError):
            client.version()
        running.stop()

    def test_it_has_a_process_group_of_its_own(self, source: Source, tmp_path: Path) -> None:
        """So that Ctrl-C, which goes to the whole group, leaves it to us when it ends."""
        before = children()
        with ToxiproxyServer(source, log=tmp_path / "log"):
            [pid] = children() - before
            assert os.getpgid(int(pid)) == int(pid) != os.getpgid(0)

    def test_two_run_side_by_side(self, source: Source, tmp_path: Path) -> None:
        with (
            ToxiproxyServer(source, log=tmp_path / "one") as one,
            ToxiproxyServer(source, log=tmp_path / "two") as two,
        ):
            assert one.address != two.address

    def test_a_port_taken_at_the_last_moment_is_exchanged_for_another(
        self, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whoever took it may even be another Toxiproxy, which answers with a version that would do."""
        with Scripted(dict(VERSION_2)) as other:
            ports = iter([[int(other.address.split(":")[1])], free_ports(1)])
            monkeypatch.setattr(server_module, "free_ports", lambda _count: next(ports))
            with ToxiproxyServer(source, log=tmp_path / "log") as running:
                assert running.address != other.address
                assert running.version == "2.12.0"


PARENT = """
import sys, threading
from pathlib import Path
from chaos.finding import Source
from chaos.server import ToxiproxyServer
server = ToxiproxyServer(Source("path", sys.argv[1], "2.12.0"), log=Path(sys.argv[2]))
starter = threading.Thread(target=server.start)
starter.start()
starter.join()
print(server._running._process.pid, server.client().version(), flush=True)
sys.stdin.read()
"""


@contextmanager
def parent(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.e2e
def test_it_outlives_the_thread_that_started_it_but_not_the_process_even_when_that_is_killed(
    source: Source, tmp_path: Path
) -> None:
    with parent(source.target, str(tmp_path / "log")) as process:
        assert process.stdout is not None
        pid, version = process.stdout.readline().split()
        assert version == "2.12.0"
        assert runs(int(pid))
        os.kill(process.pid, signal.SIGKILL)
        assert eventually(lambda: not runs(int(pid)))
