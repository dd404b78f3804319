"""Who tidies up when the rehearsal itself is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chaos.client import Client, ProxySpec
from chaos.links import Link, Links
from chaos.ports import free_ports
from chaos.toxics import Toxic
from chaos.watchdog import Watchdog
from tests.chaos.support import ROOT, Callee, eventually, runs

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
        [sys.executable, "-c", REHEARSAL, server, callee, str(free_ports(1)[0]), forks],
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
    [port] = free_ports(1)
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
        assert eventually(lambda: theirs.proxies() == before, within=20)
        assert eventually(lambda: not runs(watchdog))


@pytest.mark.e2e
def test_ctrl_c_does_not_reach_it(theirs: Client, callee: Callee) -> None:
    with rehearsal(theirs.address, callee.address) as (process, watchdog, _child):
        assert os.getpgid(watchdog) != os.getpgid(process.pid)


@pytest.mark.e2e
def test_a_rehearsal_that_ends_well_needs_it_no_more(client: Client, callee: Callee) -> None:
    [port] = free_ports(1)
    link = Link("ours", "callee", f"127.0.0.1:{port}", callee.address)
    with Links(client, [link], guarded=True) as links:
        watchdog = links._watchdog
        assert watchdog is not None
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
    [port] = free_ports(1)
    watchdog = Watchdog(f"127.0.0.1:{port}", ["ours"])
    watchdog.start()
    process = watchdog._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0
