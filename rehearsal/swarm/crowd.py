"""The visitors under way in one worker: one greenlet each, begun, counted and ended here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

import gevent
from gevent.pool import Group

from rehearsal.errors import RehearsalError
from rehearsal.swarm.progress import Progress
from rehearsal.swarm.transport import Exhausted
from rehearsal.swarm.visitor import HttpVisitor
from rehearsal.swarm.world import World
from scenarios.journeys.visitor import Arrival, GaveUp, Script

logger = logging.getLogger(__name__)


class Crowd:
    """Starts visitors and lets none of them end unseen.

    ``fail`` is called where the run cannot go on: the evidence cannot be written, the machine has no
    descriptors left, or a journey asks for a link that does not exist. A journey whose own code fails is
    counted as crashed; the first failure of each kind is logged with its traceback.
    """

    def __init__(
        self,
        world: World,
        scripts: Mapping[str, Script],
        progress: Progress,
        fail: Callable[[Exception], None],
    ) -> None:
        self._world = world
        self._scripts = scripts
        self._progress = progress
        self._fail = fail
        self._group = Group()
        self._crashes: set[tuple[str, str]] = set()

    def start(self, arrival: Arrival) -> None:
        """Send a visitor on the way; returns at once."""
        self._progress.started += 1
        self._progress.in_flight += 1
        self._group.spawn(self._visit, arrival)

    def end(self, grace: float) -> None:
        """Give the visitors under way ``grace`` seconds to come to their end; cut those that do not."""
        self._group.join(timeout=grace)
        self._group.kill(block=True)
        # a greenlet that was killed before its first instruction never ran, so nobody counted its end
        self._progress.cut += self._progress.in_flight
        self._progress.in_flight = 0
        self._world.pool.close()

    def _visit(self, arrival: Arrival) -> None:
        progress = self._progress
        visitor = HttpVisitor(self._world, arrival)
        try:
            self._scripts[arrival.journey](visitor)
        except GaveUp:
            progress.gave_up += 1
        except gevent.GreenletExit:
            progress.cut += 1
        except (RehearsalError, Exhausted) as error:
            self._fail(error)
        except Exception as error:
            progress.crashed += 1
            self._log_crash(arrival, error)
        finally:
            progress.in_flight -= 1
            visitor.close()

    def _log_crash(self, arrival: Arrival, error: Exception) -> None:
        kind = (arrival.journey, type(error).__name__)
        if kind not in self._crashes:
            self._crashes.add(kind)
            logger.error("journey %s failed for arrival %d", arrival.journey, arrival.number, exc_info=error)
