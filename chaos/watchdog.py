"""A small process that undoes what was done to our links when the process that did it no longer can.

::

    rehearsal ──── pipe ────► watchdog
        │   orders                    reads, one line of JSON each
        │   fault, links, until       remembers
        │   cured                     forgets
        │   ⋮ stopped, hung           past a deadline: cures that fault on those links, and keeps watching
        ╳ killed: the pipe ends       removes the links; told to stand down before, it only exits

A server that we started as a process dies with us anyway (see ``tether``); deadlines count there, too.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, TypedDict

from chaos.deadlines import Deadlines, Overdue

_LOOK_EVERY = 1.0
"""Seconds between looks at the parent: a forked child that is still alive can hold the pipe open."""
_STOP_WITHIN = 5.0


class Guard(TypedDict):
    """What to guard; said first, once."""

    do: Literal["guard"]
    address: str
    links: list[str]
    container: str


class Expect(TypedDict):
    """A fault comes."""

    do: Literal["expect"]
    fault: str
    links: list[str]
    until: int | None
    severs: bool


class Cured(TypedDict):
    """A fault is gone."""

    do: Literal["cured"]
    fault: str
    links: list[str]


class Word(TypedDict):
    """Every link is whole; or: all is tidy, and nothing is left to do."""

    do: Literal["healed", "stand down"]


Message = Guard | Expect | Cured | Word


class Watchdog:
    """The rehearsal's end of the pipe.

    Args:
        address: the server.
        links: names of the proxies to remove if this process is killed; none where the server dies with it.
        container: id of a container to remove as well, or "".
    """

    def __init__(self, address: str, links: Sequence[str] = (), container: str = "") -> None:
        self._orders = Guard(do="guard", address=address, links=list(links), container=container)
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
        self._tell(self._orders)

    def expect(self, fault: str, links: Iterable[str], until: int | None, *, severs: bool) -> None:
        """A fault instance comes on these links: see ``Deadlines.promise``. To be said before it is done."""
        self._tell(Expect(do="expect", fault=fault, links=list(links), until=until, severs=severs))

    def cured(self, fault: str, links: Iterable[str]) -> None:
        """The fault instance is off these links."""
        self._tell(Cured(do="cured", fault=fault, links=list(links)))

    def healed(self) -> None:
        """Every link is whole."""
        self._tell(Word(do="healed"))

    def stand_down(self) -> None:
        """All is tidy: let it end without acting. No harm if it does not run."""
        if self._process is None:
            return
        self._tell(Word(do="stand down"))
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            self._process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _tell(self, message: Message) -> None:
        if self._process and self._process.stdin:
            with contextlib.suppress(BrokenPipeError):  # it has died: then nobody watches, and nobody acts
                self._process.stdin.write(json.dumps(message).encode() + b"\n")
                self._process.stdin.flush()


class _Watch:
    """The watchdog's end: what it has heard, and what it does about it."""

    def __init__(self, parent: int) -> None:
        self._parent = parent
        self._guard = Guard(do="guard", address="", links=[], container="")
        self._deadlines = Deadlines()
        self._failed = False

    def run(self) -> None:
        """Watch until told to stand down, or until the parent has ended."""
        unread = b""
        while True:
            readable, _, _ = select.select([0], [], [], self._patience())
            if readable:
                piece = os.read(0, 65_536)
                if not piece:
                    break
                *lines, unread = (unread + piece).split(b"\n")
                if not all(self._hear(json.loads(line)) for line in lines):
                    return
            elif os.getppid() != self._parent:
                break
            self._cure(self._deadlines.overdue(time.monotonic_ns()))
        self._remove()

    def _patience(self) -> float:
        soonest = self._deadlines.next()
        if soonest is None or self._failed:
            return _LOOK_EVERY
        return min(max(soonest - time.monotonic_ns(), 0) / 1e9, _LOOK_EVERY)

    def _hear(self, message: Message) -> bool:
        """Whether to go on."""
        if message["do"] == "guard":
            self._guard = message
            if message["links"]:  # when it comes to removing them there is no time to lose
                importlib.import_module("chaos.undoing")
        elif message["do"] == "expect":
            self._deadlines.promise(
                message["fault"], message["links"], message["until"], severs=message["severs"]
            )
        elif message["do"] == "cured":
            self._deadlines.keep(message["fault"], message["links"])
        elif message["do"] == "healed":
            self._deadlines.keep_all()
        return message["do"] != "stand down"

    def _cure(self, overdue: list[Overdue]) -> None:
        """Do what the parent has promised; what fails is tried again."""
        cured: list[Overdue] = []
        if overdue:
            from chaos import undoing

            cured = undoing.cure(self._guard["address"], overdue)
            for each in cured:
                self._deadlines.keep(each.fault, [each.link])
        if cured:
            faults = ", ".join(sorted({each.fault for each in cured}))
            links = len({each.link for each in cured})
            _say(f"the rehearsal did not cure {faults} in time; cured now, on {links} links")
        self._failed = len(cured) < len(overdue)

    def _remove(self) -> None:
        if self._guard["links"]:
            from chaos import undoing

            undoing.remove(self._guard["address"], self._guard["links"], self._deadlines.links)
        if self._guard["container"]:
            from chaos.container import remove

            remove(self._guard["container"])


def _say(sentence: str) -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"watchdog: {sentence}\n")


def main() -> None:
    """Run as ``python -m chaos.watchdog <pid of the parent>`` with the pipe as standard input."""
    _Watch(int(sys.argv[1])).run()


if __name__ == "__main__":
    main()
