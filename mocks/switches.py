"""Faults that a system commits for as long as its operator has switched them on.

=======================  ===================================================================================
kind                     what happens to a share of the requests, or of the messages that go on from here
=======================  ===================================================================================
``reordered``            held for a random time before it is done, so that a later one overtakes it
``throttled``            429 with ``Retry-After``; not done
``says-not-found``       404, whatever was asked for; not done
``errors``               500, or the switch's own status; not done
``errors-after``         done, and then answered as ``errors`` are
``duplicate-delivery``   a message, or a relayed call, that has arrived is sent once more
=======================  ===================================================================================

A request meets the kinds in this order. A switch takes itself off: whoever was to do it may be dead by then.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator

from mocks.http import Refusal
from mocks.operator import Switch, SwitchKind

RETRY_AFTER = 1
"""Seconds that a throttled caller is told to wait."""


class Switches:
    """The switches of one system, on a clock in nanoseconds. ``on`` is empty when nothing is to be asked."""

    def __init__(self, rng: random.Random, clock: Callable[[], int]) -> None:
        self._rng = rng
        self._clock = clock
        self.on: tuple[Switch, ...] = ()

    def replace(self, switches: Iterable[Switch]) -> None:
        """These are on from now, and no others."""
        self.on = tuple(switches)
        self.expire()

    def expire(self) -> None:
        """Take off those whose time is up."""
        now = self._clock()
        self.on = tuple(each for each in self.on if now < each.until_monotonic_ns)

    def hold(self) -> float:
        """Seconds for which a request is held before it is done."""
        return sum(self._rng.uniform(0, each.spread) for each in self._met("reordered"))

    def instead(self) -> Refusal | None:
        """What a request is answered in place of being done."""
        if any(self._met("throttled")):
            return _throttled()
        if any(self._met("says-not-found")):
            return _does_not_exist()
        return next((_failed(each.status) for each in self._met("errors")), None)

    def afterwards(self) -> Refusal | None:
        """What a request is answered that has been done."""
        return next((_failed(each.status) for each in self._met("errors-after")), None)

    def twice(self) -> bool:
        """Whether a message that has arrived is sent once more."""
        self.expire()
        return any(self._met("duplicate-delivery"))

    def _met(self, kind: SwitchKind) -> Iterator[Switch]:
        return (each for each in self.on if each.kind == kind and self._rng.random() < each.share)


def _throttled() -> Refusal:
    return Refusal(
        429,
        "throttled",
        "Quá nhiều yêu cầu, vui lòng thử lại sau.",
        "Too many requests; please try again later.",
        headers=(("Retry-After", str(RETRY_AFTER)),),
    )


def _does_not_exist() -> Refusal:
    return Refusal(404, "does-not-exist", "Không tồn tại.", "It does not exist.")


def _failed(status: int) -> Refusal:
    return Refusal(
        status or 500, "failed", "Hệ thống gặp lỗi.", "The system failed; what it did is not known."
    )
