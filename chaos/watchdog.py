"""A small process that undoes our links when the process that made them is killed.

::

    rehearsal ──── pipe ────► watchdog
        │   orders, then silence      reads until the pipe ends:
        │                               "stand down" came: exits
        ╳ killed: the pipe ends         nothing came: heals and removes the links

Needed where the server outlives the rehearsal: a server given by its address, or a container. A server
that we started as a process dies with us anyway (see ``tether``).
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, cast

_STAND_DOWN = b"stand down\n"
_LOOK_EVERY = 1.0
"""Seconds between looks at the parent: a forked child that is still alive can hold the pipe open."""
_STOP_WITHIN = 5.0


class Orders(TypedDict):
    """What the watchdog is told at the start, as one line of JSON."""

    address: str
    links: list[str]
    container: str


class Watchdog:
    """The rehearsal's end of the pipe.

    Args:
        address: the server.
        links: names of the proxies to heal and remove.
        container: id of a container to remove as well, or "".
    """

    def __init__(self, address: str, links: Sequence[str] = (), container: str = "") -> None:
        self._orders = Orders(address=address, links=list(links), container=container)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id, or 0 where it does not run."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start it; from now on it acts when this process ends without ``stand_down``."""
        # A session of its own: Ctrl-C on a terminal reaches the whole group, and must not reach it.
        self._process = subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, "-m", "chaos.watchdog", str(os.getpid())],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._tell(json.dumps(self._orders).encode() + b"\n")

    def stand_down(self) -> None:
        """All is tidy: let it end without acting. No harm if it does not run."""
        if self._process is None:
            return
        self._tell(_STAND_DOWN)
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            self._process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _tell(self, line: bytes) -> None:
        if self._process and self._process.stdin:
            with contextlib.suppress(BrokenPipeError):  # it has died: then nobody watches, and nobody acts
                self._process.stdin.write(line)
                self._process.stdin.flush()


def _until_orphaned(parent: int) -> bytes:
    """Everything the parent says before it ends."""
    heard = b""
    while True:
        readable, _, _ = select.select([0], [], [], _LOOK_EVERY)
        if readable:
            piece = os.read(0, 65_536)
            heard += piece
            if not piece or heard.endswith(b"\n" + _STAND_DOWN):
                return heard
        elif os.getppid() != parent:
            return heard


def _undo(orders: Orders) -> None:
    """Heal and remove, as far as each goes: nobody is left who could read an error."""
    # Imported here: it costs 0.2 s, and is wanted only when it comes to this.
    from chaos.client import Client
    from chaos.errors import ChaosError

    client = Client(orders["address"])
    for name in orders["links"]:
        with contextlib.suppress(ChaosError):
            client.proxy(name).delete()
    if orders["container"]:
        from chaos.container import remove

        remove(orders["container"])


def main() -> None:
    """Run as ``python -m chaos.watchdog <pid of the parent>`` with the pipe as standard input."""
    heard = _until_orphaned(int(sys.argv[1]))
    said, whole, _ = heard.partition(b"\n")
    if whole and not heard.endswith(b"\n" + _STAND_DOWN):
        _undo(cast(Orders, json.loads(said)))


if __name__ == "__main__":
    main()
