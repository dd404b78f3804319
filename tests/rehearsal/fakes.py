"""Simulated time, and links in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import cast

from chaos.client import Client, ProxyState
from chaos.fake import FakeProxy
from chaos.links import Link, Links
from chaos.probe import Passage
from rehearsal.swarm_processes import Event, Swarm

PASSED = Passage(status=200, body=b"", error="", seconds=0.001)
REFUSED = Passage(status=0, body=b"", error="connection refused", seconds=0.001)


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> float:
        return self.seconds

    def now_ns(self) -> int:
        return round(self.seconds * 1e9)

    async def sleep(self, seconds: float) -> None:
        self.seconds += max(0.0, seconds)


class TimedProxy(FakeProxy):
    """Knows when it was changed, too."""

    def __init__(self, name: str, time: Time) -> None:
        super().__init__(name)
        self.time = time
        self.changed_at: list[float] = []

    def _change(self, what: str, update: dict[str, object]) -> ProxyState:
        state = super()._change(what, update)
        self.changed_at.append(self.time.now())
        return state


class _FakeClient:
    address = "127.0.0.1:8474"

    def __init__(self, there: dict[str, TimedProxy]) -> None:
        self.there = there

    def proxies(self) -> dict[str, ProxyState]:
        return {name: proxy.state() for name, proxy in self.there.items()}

    def proxy(self, name: str) -> TimedProxy:
        return self.there[name]


class FakeLinks(Links):
    """The real links on fake proxies. ``blocked`` names links through which no request passes."""

    def __init__(self, names: Iterable[str], time: Time) -> None:
        self.fakes = {name: TimedProxy(name, time) for name in names}
        self.blocked: set[str] = set()
        ends = [name.split("--") for name in self.fakes]
        super().__init__(
            cast(Client, _FakeClient(self.fakes)),
            [Link(caller, callee, "127.0.0.1:10001", "127.0.0.1:10002") for caller, callee in ends],
        )

    async def check(
        self,
        path: str,  # noqa: ARG002 - as the real one
        names: Iterable[str] | None = None,
        *,
        within: float = 3.0,  # noqa: ARG002
    ) -> dict[str, Passage]:
        chosen = self.fakes if names is None else names
        return {name: REFUSED if name in self.blocked else PASSED for name in chosen}

    def well(self) -> bool:
        """Whether every link is whole."""
        return all(proxy.state().healthy for proxy in self.fakes.values())


class ScriptedSwarm(Swarm):
    """A swarm that reports what a script says, then nothing more."""

    def __init__(self, *told: Event, hangs: bool = False) -> None:
        self._told = told
        self._hangs = hangs
        self.compared = 0
        self.was_cut = False

    async def compare_clocks(self) -> None:
        self.compared += 1

    async def cut(self) -> None:
        self.was_cut = True

    async def events(self) -> AsyncIterator[Event]:
        for event in self._told:
            yield event
        if self._hangs:
            await asyncio.Event().wait()
