"""The stub's service: how long a request takes, by a distribution whose quantiles are known exactly."""

from __future__ import annotations

import math
import random
from statistics import NormalDist
from typing import Protocol

from mocks.capacity import Admission, Capacity, ServiceTime, Station


class Desk(Protocol):
    """Says of each request on its arrival when its service starts and ends."""

    def admit(self, now: float) -> Admission | None:
        """Take a request that arrives at ``now`` (seconds); None where it is turned away."""


class Unlimited:
    """As many servers as there are requests (M/G/∞): nobody waits, nobody is turned away."""

    def __init__(self, service: ServiceTime, rng: random.Random) -> None:
        self._service = service
        self._rng = rng

    def admit(self, now: float) -> Admission:
        """See :class:`Desk`."""
        return Admission(now, now, now + self._service.draw(self._rng))


def desk(service: ServiceTime, servers: int, queue: int, seed: int) -> Desk:
    """The desk of a stub: ``servers`` with one FIFO queue before them, or unlimited ones where it is 0.

    The n-th request draws the n-th service time of the seed, whichever request it is.
    """
    rng = random.Random(seed)
    return Station(Capacity(servers, service, queue), rng) if servers else Unlimited(service, rng)


def quantile(service: ServiceTime, q: float) -> float:
    """The time (seconds) within which the share ``q`` of all services ends.

    Exponential: ``-m ln(1 - q)``. Log-normal: ``exp(mu + s z)`` with ``mu = ln m - s^2/2`` and ``z`` the
    quantile of the standard normal distribution (N. L. Johnson, S. Kotz, N. Balakrishnan, "Continuous
    Univariate Distributions", vol. 1, 1994, chapters 14 and 19). ``m`` is the mean, ``s`` sigma.
    """
    if service.distribution == "constant" or service.mean == 0:
        return service.mean
    if service.distribution == "exponential":
        return -service.mean * math.log1p(-q)
    return math.exp(math.log(service.mean) - service.sigma**2 / 2 + service.sigma * NormalDist().inv_cdf(q))
