"""Looks, while the load lasts, whether what citizens were told is true: a sample of the ledger, live.

::

    intents.<w>.jsonl ── new lines ──► acknowledged dossiers ── after GRACE ──► GET at the portal itself
                                              │                                      │ twice 404
                                              └── a closed portal's "yes" ───────────┴──► breach

It asks the national portal at its own address and not through a link: a fault of the links must not look like
a loss. A portal that does not answer says nothing. Whatever this sample misses, the reconciliation after the
drain finds.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec

GRACE = 2.0
"""Seconds between an acknowledgement and the question."""
AGAIN = 3.0
"""Seconds between the two questions that both must be answered "not found"."""
LOOK_EVERY = 0.5
AT_ONCE = 10
"""Questions per look: a load of at most 20 per second, below a hundredth of the portal's capacity."""
UNDER_WAY = 1_000_000_000
"""Nanoseconds after T0 in which a closed portal may still say yes to what was sent to it before."""
NOT_FOUND = 404
NATIONAL, PROVINCIAL = "national-portal", "portal-"

Found = Callable[[str], Awaitable[bool | None]]
"""Whether the national portal has a dossier; None where it does not answer."""


class _Line(msgspec.Struct):
    event: str
    intent: str
    at: int
    kind: str = ""
    system: str = ""
    record: str = ""


_read_lines = msgspec.json.Decoder(_Line).decode_lines


class Acknowledged(NamedTuple):
    """A dossier that a citizen was given a code for; instants are monotonic nanoseconds."""

    code: str
    system: str
    invoked: int


class Acknowledgements:
    """The submissions that were acknowledged since the last look, from the journals of all workers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}
        self._open: dict[str, _Line] = {}

    def new(self) -> Iterator[Acknowledged]:
        """What has come since; a line that is not complete yet is left for the next look."""
        for path in sorted(self._folder.glob("intents.*.jsonl")):
            for line in self._lines(path):
                if line.event == "invoke":
                    if line.kind == "submission":
                        self._open[line.intent] = line
                elif (invoked := self._open.pop(line.intent, None)) is not None and line.event == "ok":
                    yield Acknowledged(line.record, invoked.system, invoked.at)

    def _lines(self, path: Path) -> Iterator[_Line]:
        with path.open("rb") as journal:
            journal.seek(self._read.get(path, 0))
            content = journal.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._read[path] = self._read.get(path, 0) + len(whole)
        yield from _read_lines(whole)


class Auditor:
    """Asks for a sample of what was acknowledged; :meth:`run` goes on until it is cancelled.

    ``breach`` is told a sentence for each thing that must not be. ``now`` gives monotonic seconds.
    """

    def __init__(
        self,
        acknowledged: Acknowledgements,
        found: Found,
        t0_monotonic_ns: int,
        breach: Callable[[str], None],
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._acknowledged = acknowledged
        self._found = found
        self._t0 = t0_monotonic_ns
        self._breach = breach
        self._now = now
        self._sleep = sleep
        self._due: deque[tuple[float, str]] = deque()
        self._again: deque[tuple[float, str]] = deque()

    async def run(self) -> None:
        """Look again and again."""
        while True:
            await self.look()
            await self._sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Take note of what was acknowledged, and ask for what is due."""
        now = self._now()
        for each in self._acknowledged.new():
            if each.system == NATIONAL:
                self._due.append((now + GRACE, each.code))
            elif each.system.startswith(PROVINCIAL) and each.invoked > self._t0 + UNDER_WAY:
                after = (each.invoked - self._t0) / 1e9
                self._breach(f"{each.system}, closed at T0, acknowledged {each.code} at T0+{after:.1f} s")
        second = self._take(self._again, now, AT_ONCE)
        first = self._take(self._due, now, AT_ONCE - len(second))
        for code in second:
            if await self._found(code) is False:
                self._breach(f"dossier {code} was acknowledged, and the national portal does not know it")
        for code in first:
            if await self._found(code) is False:
                self._again.append((now + AGAIN, code))

    @staticmethod
    def _take(line: deque[tuple[float, str]], now: float, most: int) -> list[str]:
        """Up to ``most`` of those that are due, spread over all of them: the others are not asked for."""
        due = []
        while line and line[0][0] <= now:
            due.append(line.popleft()[1])
        step = max(1, -(-len(due) // max(most, 1)))
        return due[::step] if most > 0 else []


def at_portal(client: httpx.AsyncClient, address: str) -> Found:
    """Asks the national portal that listens at ``address`` (host:port)."""

    async def found(code: str) -> bool | None:
        try:
            answer = await client.get(
                f"http://{address}/api/dossiers/{code}", headers={"X-Caller": "auditor"}
            )
        except httpx.HTTPError:
            return None
        if answer.status_code == NOT_FOUND:
            return False
        return True if answer.is_success else None

    return found
