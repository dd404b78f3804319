"""What one probe showed, from the visits that were begun in each second and got what they came for. Pure.

::

    visits   ████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  stayed down
    that     ████████████░░░░░░░░░██████████████████    recovered: the last good stretch began in time
    finish        up     │trigger│ within    │ still │
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reports.explore.model import State
from reports.text import Text, seconds, share

GOOD = 0.9
"""Share of a second's visits that must get what they came for: the country is up."""
DOWN = 0.5
"""Below this share over the last seconds it is down; between the two it is neither."""
STILL = 5
"""Seconds in a row that must be good, as for every recovery that is judged here."""
FEWEST = 5
"""Visits without which a stretch of seconds says nothing."""
_GONE = Text("hết nguyên nhân", "the cause was gone")
_LOWERED = Text("giảm tải", "the load was lowered")


@dataclass(frozen=True, slots=True)
class Visits:
    """By second from ``first`` (after T0): visits begun, and those of them that got what they came for."""

    first: int
    begun: Sequence[int]
    finished: Sequence[int]

    @property
    def end(self) -> int:
        """The second after the last one."""
        return self.first + len(self.begun)

    def share(self, start: int, end: int) -> float | None:
        """Of the visits begun in seconds [start, end) those that finished; None of too few."""
        part = slice(max(start - self.first, 0), max(end - self.first, 0))
        begun = sum(self.begun[part])
        return sum(self.finished[part]) / begun if begun >= FEWEST else None

    def good(self, second: int) -> bool:
        """Whether a second was good; one without visits is."""
        begun, finished = self.begun[second - self.first], self.finished[second - self.first]
        return finished >= GOOD * begun


@dataclass(frozen=True, slots=True)
class Watch:
    """When to look, in seconds after T0.

    ``begin``: from here on it should be up. ``trigger`` is when the trigger was applied, ``gone`` when it was
    taken off, ``lowered`` when the load was lowered, where it was. From ``gone``, or ``lowered``, on service
    has ``within`` seconds to come back.
    """

    begin: float
    trigger: float
    gone: float
    within: float
    lowered: float | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What was seen. ``after`` is how long it took until service was back."""

    state: State
    reason: Text
    after: float | None = None


def judge(visits: Visits, watch: Watch) -> Judged:
    """Whether the country recovered by itself."""
    # a visit that begins in the second before the trigger may meet it
    before = visits.share(math.ceil(watch.begin), math.floor(watch.trigger) - 1)
    if before is None:
        return _not_known("trước sự cố có quá ít lượt", "there were too few visits before the trigger")
    if before < GOOD:
        return Judged(
            "overloaded",
            Text(
                f"Trước sự cố chỉ {share(before, 0)} lượt xong việc: tải này tự nó đã quá sức.",
                f"Before the trigger only {share(before, 0)} of visits got what they came for: "
                "this load is too much by itself.",
            ),
        )
    if watch.lowered is not None:
        collapsed = visits.share(math.ceil(watch.gone), math.floor(watch.lowered))
        if collapsed is None or collapsed >= DOWN:
            return _not_known("sự cố không làm sập hệ thống", "the trigger brought nothing down to be healed")
        return _after(visits, watch.lowered, watch.within, _LOWERED)
    return _after(visits, watch.gone, watch.within, _GONE)


def _after(visits: Visits, since: float, within: float, event: Text) -> Judged:
    back = visits.end
    while back > math.ceil(since) and visits.good(back - 1):
        back -= 1
    last = visits.share(visits.end - STILL, visits.end)
    if last is None:
        return _not_known("cuối cùng có quá ít lượt", "there were too few visits in the end")
    if visits.end - back >= STILL and back <= since + within:
        after = max(back - since, 0.0)
        return Judged(
            "recovered",
            Text(
                f"Dịch vụ trở lại {seconds(after)} sau khi {event.vi}.",
                f"Service was back {seconds(after)} after {event.en}.",
            ),
            after,
        )
    if last < DOWN:
        watched = visits.end - since
        return Judged(
            "stayed-down",
            Text(
                f"{seconds(watched)} sau khi {event.vi} vẫn chỉ {share(last, 0)} lượt xong việc.",
                f"{seconds(watched)} after {event.en} still only {share(last, 0)} of visits got what they "
                "came for.",
            ),
        )
    return _not_known(
        f"cuối cùng {share(last, 0)} lượt xong việc: không hẳn phục hồi, không hẳn sập",
        f"in the end {share(last, 0)} of visits got what they came for: neither up nor down",
    )


def _not_known(vi: str, en: str) -> Judged:
    return Judged("not-known", Text(f"Không rõ: {vi}.", f"Not known: {en}."))
