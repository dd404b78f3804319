"""Carries what a worker on another host writes to the master, in the background."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent

from rehearsal.errors import RehearsalError
from rehearsal.swarm import messages
from rehearsal.swarm.channel import Channel
from rehearsal.swarm.messages import Shipped
from rehearsal.swarm.shipping import Shipper

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.25
"""Seconds. What a worker flushes once a second is on its way so much later at most."""
LAST_WITHIN = 60.0
"""Seconds in which the last bytes must have come to the master."""


class Courier:
    """A :class:`~rehearsal.swarm.shipping.Shipper` on a channel."""

    def __init__(self, channel: Channel, folder: Path, worker: int) -> None:
        self._channel = channel
        self._folder = folder
        self._shipper = Shipper(folder, worker, lambda piece: channel.send(messages.SHIP, piece))
        self._greenlet: gevent.Greenlet | None = None
        channel.on(messages.SHIPPED, self._on_shipped)

    def start(self, fail: Callable[[Exception], None]) -> None:
        """Begin; ``fail`` is told why it cannot go on."""
        self._greenlet = gevent.spawn(self._ship_regularly, fail)

    def finish(self, silence: float) -> None:
        """Wait until the master holds every byte of the files, which are closed.

        Raises :class:`RehearsalError` where it does not, because it has dismissed us, was not heard for
        ``silence`` seconds, or takes too long.
        """
        if self._greenlet is not None:
            self._greenlet.kill()
        deadline = time.monotonic() + LAST_WITHIN
        while missing := self._shipper.missing:
            if not self._channel.open or self._channel.silence > silence or time.monotonic() > deadline:
                raise RehearsalError(
                    f"the master does not hold all of {', '.join(missing)}; they are in {self._folder}"
                )
            self._shipper.step()
            gevent.sleep(LOOK_EVERY / 10)

    def _ship_regularly(self, fail: Callable[[Exception], None]) -> None:
        try:
            while True:
                gevent.sleep(LOOK_EVERY)
                self._shipper.step()
        except Exception as error:  # whatever it is, the evidence does not reach the master
            logger.exception("the journals cannot be shipped")
            fail(error)

    def _on_shipped(self, body: dict[str, Any]) -> None:
        self._shipper.on_shipped(Shipped.unpack(body))
