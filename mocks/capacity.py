"""Declared capacity: a system with ``c`` parallel servers, a service time and a bounded queue.

The station is a FIFO queue kept in virtual time. When a request arrives it is known at once when it will
start and when it will be finished, because every service time is drawn on arrival (Kiefer and Wolfowitz,
"On the theory of queues with many servers", 1955: with the servers' free times sorted, a request starts at
``max(arrival, earliest free time)``). Nothing accumulates: a timer that fires late delays one answer, never
the queue. So saturation follows queueing theory, not the scheduler of the machine that runs the mock.

::

    arrival ──► queue (at most `queue` waiting, else refused) ──► c servers ──► finish
"""

from __future__ import annotations

import heapq
import math
import random
from collections import deque
from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

Distribution = Literal["constant", "exponential", "lognormal"]


class ServiceTime(msgspec.Struct, frozen=True):
    """How long one server works on one request: a distribution with the given mean, in seconds.

    ``sigma`` is the standard deviation of the logarithm, used by ``lognormal`` only.
    """

    distribution: Distribution = "exponential"
    mean: Annotated[float, msgspec.Meta(ge=0)] = 0.005
    sigma: Annotated[float, msgspec.Meta(ge=0)] = 0.5

    def draw(self, rng: random.Random) -> float:
        """One service time in seconds."""
        if self.distribution == "constant" or self.mean == 0:
            return self.mean
        if self.distribution == "exponential":
            return rng.expovariate(1 / self.mean)
        # E[X] = exp(mu + sigma^2 / 2) for a log-normal X
        return rng.lognormvariate(math.log(self.mean) - self.sigma**2 / 2, self.sigma)


class Capacity(msgspec.Struct, frozen=True):
    """What a system declares it can do. ``queue`` counts requests that wait, not those in service."""

    servers: Annotated[int, msgspec.Meta(ge=1)] = 64
    service: ServiceTime = ServiceTime()
    queue: Annotated[int, msgspec.Meta(ge=0)] = 512


class Admission(msgspec.Struct, frozen=True):
    """When an admitted request is served: instants in seconds on the caller's clock."""

    arrived: float
    starts: float
    finishes: float


@dataclass(slots=True)
class Counters:
    """What a station has done since it was started."""

    requests: int = 0
    served: int = 0
    refused: int = 0
    busy_seconds: float = 0.0
    queue_peak: int = 0


@dataclass(slots=True)
class Station:
    """The queue and the servers of one system."""

    capacity: Capacity
    rng: random.Random
    counters: Counters = field(default_factory=Counters)
    _free: list[float] = field(default_factory=list)  # heap: when each server that ever worked is free
    _starts: deque[float] = field(default_factory=deque)  # of admitted requests; FIFO, so in order

    def admit(self, now: float) -> Admission | None:
        """Take a request that arrives at ``now``; None where the queue is full (the caller answers 503)."""
        self.counters.requests += 1
        starts = self._starts
        while starts and starts[0] <= now:
            starts.popleft()
        free = self._free
        if len(free) < self.capacity.servers:
            begin = now
        elif free[0] <= now:
            begin = now
            heapq.heappop(free)
        elif len(starts) >= self.capacity.queue:
            self.counters.refused += 1
            return None
        else:
            begin = heapq.heappop(free)
        if begin > now:
            starts.append(begin)
            self.counters.queue_peak = max(self.counters.queue_peak, len(starts))
        service = self.capacity.service.draw(self.rng)
        heapq.heappush(free, begin + service)
        self.counters.served += 1
        self.counters.busy_seconds += service
        return Admission(now, begin, begin + service)

    def waiting(self, now: float) -> int:
        """How many admitted requests have not started at ``now``."""
        return sum(1 for start in self._starts if start > now)
