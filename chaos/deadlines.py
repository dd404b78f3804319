"""By when which links must be whole again: pure bookkeeping on a clock that others read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

GRACE_NS = 2_000_000_000
"""How late a cure may be before somebody else does it: a conductor on a busy machine is not a hung one."""


class Overdue(NamedTuple):
    """To be undone: the toxics of ``fault`` on ``link``; where ``enable`` is set, the link is to be up."""

    fault: str
    link: str
    enable: bool


class _Promise(NamedTuple):
    until: int | None
    severs: bool


class Deadlines:
    """The faults that are on links now, each with the instant by which it is to be cured.

    Instants are nanoseconds of the monotonic clock, which all processes of a machine share.
    """

    def __init__(self) -> None:
        self._promises: dict[tuple[str, str], _Promise] = {}

    def promise(self, fault: str, links: Iterable[str], until: int | None, *, severs: bool) -> None:
        """The fault instance comes on these links, to be cured by ``until``; None: nobody knows when.

        ``severs`` says that it holds the links down.
        """
        for link in links:
            self._promises[link, fault] = _Promise(until, severs)

    def keep(self, fault: str, links: Iterable[str]) -> None:
        """The fault is cured on these links. No harm if nothing was promised."""
        for link in links:
            self._promises.pop((link, fault), None)

    def keep_all(self) -> None:
        """Every link is whole."""
        self._promises.clear()

    @property
    def links(self) -> set[str]:
        """Those on which something is promised."""
        return {link for link, _ in self._promises}

    def next(self) -> int | None:
        """The instant at which the next fault becomes overdue; None where none can."""
        return min(
            (each.until + GRACE_NS for each in self._promises.values() if each.until is not None),
            default=None,
        )

    def overdue(self, now: int) -> list[Overdue]:
        """What was promised and is not kept, until ``keep`` says that it is."""
        late = {
            key
            for key, each in self._promises.items()
            if each.until is not None and each.until + GRACE_NS <= now
        }
        down = {
            link
            for (link, fault), each in self._promises.items()
            if each.severs and (link, fault) not in late
        }
        return [Overdue(fault, link, link not in down) for link, fault in sorted(late)]
