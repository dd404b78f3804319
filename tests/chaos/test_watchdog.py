"""Who tidies up when the rehearsal itself is killed, stopped, or hangs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chaos.client import Client, ProxySpec
from chaos.deadlines import GRACE_NS
from chaos.finding import Source
from chaos.links import Link, Links
from chaos.toxics import Toxic
from chaos.watchdog import Watchdog
from tests.chaos.support import ROOT, Callee, Scripted, eventually, runs
from tests.ports import held_ports

REHEARSAL = """
import os, sys
from chaos.catalogue import KINDS
from chaos.client import Client
from chaos.links import Link, Links
server, callee, port, forks = sys.argv[1:]
child = 0
with Links(Client(server), [Link("ours", "callee", f"127.0.0.1:{port}", callee)], guarded=True) as links:
    links.apply(KINDS["cut"](), links.links)
    if forks == "yes":
        child = os.fork()
        if child == 0:
            os.close(0), os.close(1)
            import signal
            signal.pause()
    print(links._watchdog.pid, child, flush=True)
    sys.stdin.read()
"""


@contextmanager
def rehearsal(
    server: str, callee: str, *, forks: str = "no"
) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """A process with one link, cut; gives also the ids of its watchdog and of its forked child."""
    process = subprocess.Popen(
        [sys.executable, "-c", REHEARSAL, server, callee, str(held_ports(1)[0]), forks],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        watchdog, child = map(int, process.stdout.readline().split())
        try:
            yield process, watchdog, child
        finally:
            process.kill()
            if child:
                os.kill(child, signal.SIGKILL)


@pytest.fixture
def theirs(client: Client, callee: Callee) -> Client:
    """The server already carries a link of somebody else, with a toxic."""
    [port] = held_ports(1)
    client.populate([ProxySpec(name="theirs", listen=f"127.0.0.1:{port}", upstream=callee.address)])
    client.proxy("theirs").add(Toxic(name="t", type="timeout", attributes={"timeout": 0}))
    return client


@pytest.mark.e2e
@pytest.mark.parametrize(
    "forks",
    [
        pytest.param("no", id="its pipe ends"),
        pytest.param("yes", id="a forked child holds the pipe open"),
    ],
)
def test_a_killed_rehearsal_leaves_the_server_as_it_found_it(
    theirs: Client, callee: Callee, forks: str
) -> None:
    before = theirs.proxies()
    with rehearsal(theirs.address, callee.address, forks=forks) as (process, watchdog, _child):
        assert not theirs.proxies()["ours--callee"].enabled
        assert runs(watchdog)
        os.kill(process.pid, signal.SIGKILL)
        assert eventually(lambda: theirs.proxies() == before, within=10)
        assert eventually(lambda: not runs(watchdog))


@pytest.mark.e2e
def test_ctrl_c_does_not_reach_it(theirs: Client, callee: Callee) -> None:
    with rehearsal(theirs.address, callee.address) as (process, watchdog, _child):
        assert os.getpgid(watchdog) != os.getpgid(process.pid)


@pytest.mark.e2e
def test_a_rehearsal_that_ends_well_needs_it_no_more(client: Client, callee: Callee) -> None:
    [port] = held_ports(1)
    link = Link("ours", "callee", f"127.0.0.1:{port}", callee.address)
    with Links(client, [link], guarded=True) as links:
        watchdog = links._watchdog
        pid = watchdog.pid
        assert runs(pid)
    assert not runs(pid)
    assert watchdog.pid == 0


@pytest.mark.e2e
def test_told_to_stand_down_it_touches_nothing(theirs: Client) -> None:
    before = theirs.proxies()
    watchdog = Watchdog(theirs.address, ["theirs"])
    watchdog.start()
    watchdog.stand_down()
    watchdog.stand_down()
    assert theirs.proxies() == before


def test_a_server_that_is_gone_is_no_trouble() -> None:
    [port] = held_ports(1)
    watchdog = Watchdog(f"127.0.0.1:{port}", ["ours"])
    watchdog.start()
    process = watchdog._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0


CONDUCTOR = """
import sys, time
from pathlib import Path
from chaos.catalogue import KINDS
from chaos.finding import Source
from chaos.links import Link, Links
from chaos.server import ToxiproxyServer
program, callee, log, *ports = sys.argv[1:]
cut, lost, slow = KINDS["cut"](), KINDS["acknowledgement-lost"](), KINDS["slow"](latency=0.1)
with ToxiproxyServer(Source("path", program, ""), log=Path(log)) as server:
    every = [Link(f"ours-{n}", "callee", f"127.0.0.1:{port}", callee) for n, port in enumerate(ports)]
    with Links(server.client(), every) as links:
        one, two, three, four = links.links
        soon, far = time.monotonic_ns() + 10**9, time.monotonic_ns() + 600 * 10**9
        links.apply(lost.named("again"), [one], until=soon)
        links.cure(lost.named("again"), [one])
        links.apply(lost.named("again"), [one], until=far)
        links.apply(cut.named("gone"), [four], until=soon)
        links.cure(cut.named("gone"), [four])
        links.proxy(four).disable()
        links.apply(cut.named("short"), [one, two, three], until=soon)
        links.apply(slow.named("short-too"), [two], until=soon)
        links.apply(cut.named("long"), [three], until=far)
        print(server.address, server._running._process.pid, links._watchdog.pid, flush=True)
        sys.stdin.readline()
        links.cure(cut.named("short"), [one, two, three])
        links.heal()
        print("whole", flush=True)
"""


@contextmanager
def conductor(
    source: Source, callee: str, log: Path
) -> Iterator[tuple[subprocess.Popen[str], Client, list[int]]]:
    """A process with a server of its own and faults on its links, the short ones due in a second.

    Gives it, a client of its server, and the ids of the server and the watchdog.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", CONDUCTOR, source.target, callee, str(log), *map(str, held_ports(4))],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        address, *others = process.stdout.readline().split()
        try:
            yield process, Client(address), [int(pid) for pid in others]
        finally:
            process.kill()


@pytest.mark.e2e
def test_a_killed_conductor_leaves_no_server_of_its_own_and_no_watchdog(
    source: Source, callee: Callee, tmp_path: Path
) -> None:
    with conductor(source, callee.address, tmp_path / "log") as (process, _client, others):
        assert all(runs(pid) for pid in others)
        os.kill(process.pid, signal.SIGKILL)
        assert eventually(lambda: not any(runs(pid) for pid in others))


@pytest.mark.e2e
def test_what_a_stopped_conductor_does_not_cure_in_time_is_cured_for_it_and_nothing_else(
    source: Source, callee: Callee, tmp_path: Path
) -> None:
    with conductor(source, callee.address, tmp_path / "log") as (process, client, [_, watchdog]):
        os.kill(process.pid, signal.SIGSTOP)

        def cured() -> bool:
            one, two, three, four = client.proxies().values()
            return (
                one.enabled  # severed by the overdue one only
                and [toxic.name.split(".")[0] for toxic in one.toxics] == ["again"]  # cured, and come again
                and two.healthy
                and not three.enabled  # severed by one that is not due
                and not four.enabled  # by nothing that was promised and not kept
            )

        assert eventually(cured, within=20)
        assert runs(watchdog), "it keeps watching"

        os.kill(process.pid, signal.SIGCONT)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "whole\n", "what was cured for it does not disturb it"
        assert process.wait(10) == 0
        assert not runs(watchdog)


@pytest.mark.e2e
def test_a_fault_that_cannot_be_cured_is_tried_again() -> None:
    with Scripted({"GET /proxies/a--b": (503, "<h1>Timeout</h1>")}) as server:
        watchdog = Watchdog(server.address)
        watchdog.start()
        try:
            watchdog.expect("cut", ["a--b"], time.monotonic_ns() - GRACE_NS, severs=True)
            assert eventually(lambda: server.asked.count("GET /proxies/a--b") > 1, within=20)
        finally:
            watchdog.stand_down()
