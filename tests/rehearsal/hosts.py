"""Hosts on one machine: network namespaces on a bridge, each with a name of its own, some with a clock."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_TOOLS = ("ip", "unshare")


def _missing() -> str:
    """What keeps this machine from playing several; "" where nothing does."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if lacking := [tool for tool in _TOOLS if shutil.which(tool) is None]:
        return f"not on the PATH: {', '.join(lacking)}"
    for attempt in (["unshare", "--net", "--uts", "true"], ["unshare", "--fork", "--time", "true"]):
        if subprocess.run(attempt, capture_output=True).returncode != 0:
            return f"the kernel does not allow {' '.join(attempt)}"
    return ""


needs_hosts = pytest.mark.skipif(bool(_missing()), reason=_missing() or "there are namespaces")


@dataclass
class Host:
    """A network namespace. ``clock_ahead`` is in seconds of the monotonic clock."""

    name: str
    namespace: str
    address: str
    clock_ahead: int = 0
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, module: Sequence[str], said: Path) -> subprocess.Popen[bytes]:
        """Start ``python -m <module>`` there; its output goes to a file."""
        clock = ["--time", "--monotonic", str(self.clock_ahead)] if self.clock_ahead else []
        named = 'hostname "$0"; exec "$@"'
        command = [
            "ip",
            "netns",
            "exec",
            self.namespace,
            "unshare",
            "--uts",
            "--fork",
            "--kill-child",
            *clock,
        ]
        with said.open("wb") as output:
            process = subprocess.Popen(
                [*command, "sh", "-c", named, self.name, sys.executable, "-m", *module],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._started.append(process)
        return process

    def die(self) -> None:
        """Like a machine without power: everything there is killed, its network goes."""
        _ip("link", "set", f"v-{self.namespace}", "down")
        for process in self._started:
            process.kill()  # --kill-child takes the rest along
            process.wait()
        self._started.clear()
        told = subprocess.run(["ip", "netns", "pids", self.namespace], capture_output=True, text=True)
        for pid in told.stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


@contextmanager
def hosts(*clocks_ahead: int) -> Iterator[tuple[str, list[Host]]]:
    """Our own address on the bridge, and one host per clock; all gone afterwards."""
    mark = f"{os.getpid() % 100_000}"
    bridge, subnet = f"rh{mark}", f"10.{199 + os.getpid() % 50}.{os.getpid() // 50 % 250}"
    made: list[Host] = []
    _ip("link", "add", bridge, "type", "bridge")
    try:
        _ip("addr", "add", f"{subnet}.1/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        for number, ahead in enumerate(clocks_ahead):
            host = Host(f"host-{number}", f"{mark}x{number}", f"{subnet}.{number + 2}", ahead)
            made.append(host)
            _ip("netns", "add", host.namespace)
            _ip("link", "add", f"v-{host.namespace}", "type", "veth", "peer", "eth0", "netns", host.namespace)
            _ip("link", "set", f"v-{host.namespace}", "master", bridge, "up")
            _ip("-n", host.namespace, "addr", "add", f"{host.address}/24", "dev", "eth0")
            _ip("-n", host.namespace, "link", "set", "eth0", "up")
            _ip("-n", host.namespace, "link", "set", "lo", "up")
        yield f"{subnet}.1", made
    finally:
        for host in made:
            host.die()
            # a namespace outlives its name while connections of the dead wait for answers in it
            for gone in (["link", "del", f"v-{host.namespace}"], ["netns", "del", host.namespace]):
                subprocess.run(["ip", *gone], capture_output=True)
        _ip("link", "del", bridge)


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
