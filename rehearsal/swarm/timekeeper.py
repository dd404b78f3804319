"""The master's side of the exchange of clocks, over Locust's own channel."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import gevent
from gevent import Timeout
from gevent.event import AsyncResult
from gevent.pool import Pool
from locust.runners import MasterRunner

from rehearsal.swarm import clock, messages
from rehearsal.swarm.clock import Estimate, Exchange
from rehearsal.swarm.messages import Pong

EXCHANGES = 20
APART = 0.005
"""Seconds between two exchanges, so that one hiccup of the machine does not spoil them all."""
WITHIN = 1.0
"""Seconds after which an answer is given up."""
MISSES = 3
"""A worker that has left so many pings unanswered is not asked again."""
AT_ONCE = 4
"""Workers asked at a time: the more there are, the longer an answer waits for its turn here."""


class Timekeeper:
    """Asks workers for their clocks."""

    def __init__(self, runner: MasterRunner) -> None:
        self._runner = runner
        self._serials = itertools.count()
        self._awaited: dict[tuple[str, int], AsyncResult] = {}
        runner.register_message(messages.PONG, self._on_pong)

    def measure(self, clients: Iterable[str]) -> dict[str, Estimate]:
        """The clock of each of these, by the name of its connection; who does not answer is left out."""
        asked = list(clients)
        estimates = Pool(AT_ONCE).map(self._measure, asked)
        return {client: found for client, found in zip(asked, estimates, strict=True) if found is not None}

    def _measure(self, client: str) -> Estimate | None:
        exchanges: list[Exchange] = []
        misses = 0
        while len(exchanges) < EXCHANGES and misses < MISSES:
            try:
                exchanges.append(self._exchange(client))
            except Timeout:
                misses += 1
            gevent.sleep(APART)
        return clock.estimate(exchanges)

    def _exchange(self, client: str) -> Exchange:
        serial = next(self._serials)
        self._awaited[client, serial] = answer = AsyncResult()
        try:
            sent = clock.read()
            self._runner.send_message(messages.PING, {"serial": serial}, client)
            pong, received = answer.get(timeout=WITHIN)
        finally:
            del self._awaited[client, serial]
        return Exchange(sent, pong.received, pong.sent, received)

    def _on_pong(self, msg: Any, **_: object) -> None:
        received = clock.read()
        pong = Pong.unpack(msg.data)
        if (answer := self._awaited.get((msg.node_id, pong.serial))) is not None:
            answer.set((pong, received))
