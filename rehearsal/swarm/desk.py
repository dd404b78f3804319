"""The reception of workers from elsewhere, on the master's channel."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from locust.runners import MasterRunner

from rehearsal.errors import RehearsalError
from rehearsal.swarm import messages
from rehearsal.swarm.messages import Hello, Ship, Want
from rehearsal.swarm.reception import OtherSoftware, Reception, Refused
from rehearsal.swarm.roll import Event

GONE_AFTER = 30.0
"""Seconds of silence after which a worker that has a place but is not ready has lost it. It is busy: it reads
the schedule, in which time it answers nobody."""


class Desk:
    """Hears what workers from elsewhere ask for, and answers.

    ``tell`` passes events to the conductor; ``fail`` is told where the run cannot go on.
    """

    def __init__(
        self,
        runner: MasterRunner,
        reception: Reception,
        tell: Callable[[Iterable[Event]], None],
        fail: Callable[[str], None],
    ) -> None:
        self._runner = runner
        self._reception = reception
        self._tell = tell
        self._fail = fail
        self._came: dict[str, int] = {}
        runner.register_message(messages.HELLO, self._on_hello)
        runner.register_message(messages.WANT, self._on_want)
        runner.register_message(messages.SHIP, self._on_ship)

    def release_silent(self, heard: Mapping[str, int]) -> list[str]:
        """Take their places from workers that are gone; ``heard`` says when each was last (nanoseconds)."""
        since = time.monotonic_ns() - round(GONE_AFTER * 1e9)
        gone = [c for c in self._reception.holders if max(heard.get(c, 0), self._came[c]) < since]
        for client in gone:
            self._tell([{"event": "worker-left", "worker": self._reception.leave(client)}])
            self._runner.clients.pop(client, None)
        return gone

    # called by Locust, which logs and swallows what they raise

    def _on_hello(self, msg: Any, **_: object) -> None:
        hello = Hello.unpack(msg.data)
        known = msg.node_id in self._reception.holders
        try:
            place = self._reception.hello(msg.node_id, hello)
        except Refused as refused:
            self._runner.send_message(messages.REFUSED, {"reason": str(refused)}, msg.node_id)
            self._runner.clients.pop(msg.node_id, None)  # or Locust would place a user on it
            self._tell([{"event": "worker-refused", "host": hello.host, "reason": str(refused)}])
            if isinstance(refused, OtherSoftware):
                self._fail(str(refused))
            return
        self._came[msg.node_id] = time.monotonic_ns()
        self._runner.send_message(messages.PLACE, place.pack(), msg.node_id)
        if not known:
            self._tell([{"event": "worker-joined", "worker": place.worker, "host": hello.host}])

    def _on_want(self, msg: Any, **_: object) -> None:
        piece = self._reception.want(msg.node_id, Want.unpack(msg.data))
        self._runner.send_message(messages.PIECE, piece.pack(), msg.node_id)

    def _on_ship(self, msg: Any, **_: object) -> None:
        try:
            shipped = self._reception.ship(msg.node_id, Ship.unpack(msg.data))
        except Refused:  # a worker of another run, or of nobody's
            return
        except RehearsalError as error:
            self._fail(str(error))
            return
        self._runner.send_message(messages.SHIPPED, shipped.pack(), msg.node_id)
