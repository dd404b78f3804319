"""A worker's end of Locust's channel: the worker runner, and the one user that the master places on it."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Callable
from typing import Any

import gevent
import locust.runners
from locust.env import Environment

from rehearsal.errors import SetUpError
from rehearsal.swarm import clock, messages
from rehearsal.swarm.messages import Body, Pong
from rehearsal.swarm.walker import walker

REPORT_EVERY = 1.0
"""Seconds between two reports to the master."""
TRY_EVERY = 1
"""Seconds after which the master is asked again whether it is there; Locust takes whole ones."""
MASTER_WITHIN = 60.0
"""Seconds that a worker waits for a master that should be there already."""


class Channel:
    """Connected to the master from the beginning, and answers its pings; the rest is up to the owner.

    ``on_walk`` is what the user does that Locust places here once all workers have joined.
    """

    def __init__(self, host: str, port: int, within: float = MASTER_WITHIN) -> None:
        """Wait at most ``within`` seconds for the master. Raises :class:`SetUpError`."""
        locust.runners.WORKER_REPORT_INTERVAL = REPORT_EVERY  # the runner reads it before every pause
        locust.runners.CONNECT_TIMEOUT = TRY_EVERY
        locust.runners.CONNECT_RETRY_COUNT = round(within)
        self.on_walk: Callable[[], None] = lambda: None
        self.environment = Environment(
            user_classes=[walker(1, self._walk)],
            parsed_options=Namespace(web_base_path=""),  # else Locust looks for options in files of its own
        )
        try:
            self._runner = self.environment.create_worker_runner(host, port)  # waits until the master answers
        except ConnectionError:
            raise SetUpError(f"{host}:{port}: no master of a swarm answered within {within:g} s") from None
        self._registered = time.time()
        self.on(messages.PING, self._on_ping)

    @property
    def open(self) -> bool:
        """Whether the master has not dismissed us."""
        return bool(self._runner.greenlet)

    @property
    def silence(self) -> float:
        """Seconds since the master was heard."""
        return time.time() - (self._runner.last_heartbeat_timestamp or self._registered)

    def on(self, message: str, listener: Callable[[Any], None]) -> None:
        """Call ``listener`` with the body of each such message. Locust logs and swallows what it raises."""
        self._runner.register_message(message, lambda msg, **_: listener(msg.data))

    def send(self, message: str, body: Body | dict[str, Any] | None = None) -> None:
        """Send a message to the master."""
        self._runner.send_message(message, body.pack() if isinstance(body, Body) else body)

    def close(self, patience: float) -> None:
        """Wait ``patience`` seconds for the master to dismiss us, then leave."""
        self._runner.greenlet.join(timeout=patience)
        self._runner.greenlet.kill()  # before its socket goes: Locust would try to read from it for ever
        self._runner.client.close(linger=0)  # type: ignore[no-untyped-call]  # Locust's

    def leave(self) -> None:
        """Tell Locust's master that it shall not count on us, and go."""
        self.environment.events.quitting.fire(environment=self.environment)  # type: ignore[no-untyped-call]  # Locust's
        gevent.sleep(0.1)  # Locust's sockets are closed without lingering
        self.close(0)

    def _walk(self) -> None:
        self.on_walk()

    def _on_ping(self, body: dict[str, Any]) -> None:
        received = clock.read()
        self.send(messages.PONG, Pong(body["serial"], received, clock.read()))
