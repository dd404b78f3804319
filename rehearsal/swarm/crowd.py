"""The visitors under way in one worker: one greenlet each, begun, counted and ended here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Protocol

import gevent
from gevent.pool import Group

from rehearsal.errors import RehearsalError
from rehearsal.swarm.progress import Progress
from rehearsal.swarm.recorder import End
from rehearsal.swarm.transport import Exhausted
from rehearsal.swarm.visitor import HttpVisitor
from rehearsal.swarm.world import World
from scenarios.journeys.visitor import Arrival, GaveUp, Script

logger = logging.getLogger(__name__)


class Visits(Protocol):
    """Where visits are recorded: :class:`rehearsal.swarm.recorder.Recorder`, or a fake."""

    def began(self) -> None:
        """A visit begins."""

    def ended(self, arrival: int, at: int, end: End) -> None:
        """A visit that began ``at`` has come to its end."""

    def dropped(self, arrival: int) -> None:
        """An arrival came too late to be begun."""


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
        visits: Visits,
        fail: Callable[[Exception], None],
    ) -> None:
        self._world = world
        self._visits = visits
        self._scripts = scripts
        self._progress = progress
        self._fail = fail
        self._group = Group()
        self._under_way: dict[int, int] = {}
        self._crashes: set[tuple[str, str]] = set()

    def start(self, arrival: Arrival) -> None:
        """Send a visitor on the way; returns at once."""
        self._progress.started += 1
        self._progress.in_flight += 1
        self._visits.began()
        self._under_way[arrival.number] = self._world.now()
        self._group.spawn(self._visit, arrival)

    def drop(self, arrival: Arrival) -> None:
        """Leave out an arrival that came too late to be the load that was planned."""
        self._visits.dropped(arrival.number)

    def end(self, grace: float) -> None:
        """Give the visitors under way ``grace`` seconds to come to their end; cut those that do not."""
        self._group.join(timeout=grace)
        self._group.kill(block=True)
        # a greenlet that was killed before its first instruction never ran, so nobody counted its end
        for number in list(self._under_way):
            self._progress.cut += 1
            self._end(number, "cut")
        self._world.pool.close()

    def _visit(self, arrival: Arrival) -> None:
        progress = self._progress
        visitor = HttpVisitor(self._world, arrival)
        end: End = "finished"
        try:
            self._scripts[arrival.journey](visitor)
        except GaveUp:
            progress.gave_up += 1
            end = "gave-up"
        except gevent.GreenletExit:
            progress.cut += 1
            end = "cut"
        except (RehearsalError, Exhausted) as error:
            end = "cut"
            self._fail(error)
        except Exception as error:
            progress.crashed += 1
            end = "crashed"
            self._log_crash(arrival, error)
        finally:
            visitor.close()
            self._end(arrival.number, end)

    def _end(self, number: int, end: End) -> None:
        self._progress.in_flight -= 1
        self._visits.ended(number, self._under_way.pop(number), end)

    def _log_crash(self, arrival: Arrival, error: Exception) -> None:
        kind = (arrival.journey, type(error).__name__)
        if kind not in self._crashes:
            self._crashes.add(kind)
            logger.error("journey %s failed for arrival %d", arrival.journey, arrival.number, exc_info=error)
