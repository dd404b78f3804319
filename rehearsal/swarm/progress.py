"""Counts of a worker while it runs, as they travel to the master and add up there. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, Self

import msgspec

_BUCKETS_PER_DOUBLING = 4
_LOOKED_AT = 256
_FLOOR_NS = 10_000
"""Lags below 10 microseconds are one bucket."""


class Lag(msgspec.Struct):
    """How late requests were sent, in buckets that grow by 2^(1/4): 19 % wide, for the eye of the operator.

    Bucket k > 0 holds lags in (floor * 2^((k-1)/4), floor * 2^(k/4)], with floor = 10 microseconds. The
    report computes its lag exactly, from the samples.
    """

    buckets: dict[int, int] = {}

    def add(self, lag_ns: int) -> None:
        """Count one lag; a negative one counts as none."""
        k = 0 if lag_ns <= _FLOOR_NS else math.ceil(_BUCKETS_PER_DOUBLING * math.log2(lag_ns / _FLOOR_NS))
        self.buckets[k] = self.buckets.get(k, 0) + 1

    def quantile_ms(self, q: float) -> float:
        """Milliseconds below which at least the share ``q`` of the lags lies; 0 where there are none."""
        rank = math.ceil(q * sum(self.buckets.values()))
        seen = 0
        for k in sorted(self.buckets):
            seen += self.buckets[k]
            if seen >= rank:
                return float(_FLOOR_NS * 2 ** (k / _BUCKETS_PER_DOUBLING) / 1e6)
        return 0.0


class Progress(msgspec.Struct):
    """What a worker, or all of them together, did so far.

    ``planned`` counts the arrivals of the share, ``started`` the journeys begun, ``in_flight`` those that
    have not ended, ``gave_up``, ``cut`` and ``crashed`` how others ended that did not reach their last step:
    the visitor gave up, the swarm was stopped, the journey's code failed. ``requests`` counts samples,
    ``ok``, ``failed`` and ``unknown`` their outcomes.
    """

    planned: int = 0
    started: int = 0
    in_flight: int = 0
    gave_up: int = 0
    cut: int = 0
    crashed: int = 0
    requests: int = 0
    ok: int = 0
    failed: int = 0
    unknown: int = 0
    lag: Lag = msgspec.field(default_factory=Lag)

    def count(self, outcomes: Sequence[str], planned: Sequence[int], sent: Sequence[int]) -> None:
        """Count samples by their columns. Of many, the lag of every so-manieth is enough for the eye."""
        self.requests += len(outcomes)
        self.ok += outcomes.count("ok")
        self.failed += outcomes.count("failed")
        self.unknown += outcomes.count("unknown")
        stride = 1 + len(outcomes) // _LOOKED_AT
        for due, done in zip(planned[::stride], sent[::stride], strict=True):
            self.lag.add(done - due)

    def __add__(self, other: Progress) -> Progress:
        both = Counter(self.lag.buckets)
        both.update(other.lag.buckets)
        counts = {
            field: getattr(self, field) + getattr(other, field)
            for field in self.__struct_fields__
            if field != "lag"
        }
        return Progress(**counts, lag=Lag(dict(both)))

    def to_message(self) -> dict[str, Any]:
        """As it travels over Locust's messages (msgpack, integer keys allowed)."""
        message: dict[str, Any] = msgspec.to_builtins(self, builtin_types=())
        message["lag"] = {"buckets": dict(self.lag.buckets)}
        return message

    @classmethod
    def from_message(cls, message: object) -> Self:
        """The reverse of :meth:`to_message`. Raises ``msgspec.ValidationError``."""
        return msgspec.convert(message, cls)
