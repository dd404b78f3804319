"""Connections go from visitor to visitor, one visitor at a time."""

from __future__ import annotations

from rehearsal.swarm.pool import Pool
from rehearsal.swarm.targets import Target


class Wire:
    """A connection that knows whether it was closed."""

    def __init__(self, target: Target) -> None:
        self.link = target.link
        self.closed = False

    def close(self) -> None:
        """Close it."""
        self.closed = True


PORTAL = Target("citizens--national-portal", "national-portal", "127.0.0.1", 1)
VNEID = Target("citizens--vneid", "vneid", "127.0.0.1", 2)


def test_nobody_waits_for_a_connection_that_another_visitor_holds() -> None:
    pool = Pool(Wire)
    assert pool.take(PORTAL) is not pool.take(PORTAL)


def test_what_one_visitor_leaves_the_next_one_takes() -> None:
    pool = Pool(Wire)
    first = pool.take(PORTAL)
    pool.leave(PORTAL.link, first)
    assert pool.take(PORTAL) is first


def test_the_one_left_last_is_taken_first() -> None:
    pool = Pool(Wire)
    first, second = pool.take(PORTAL), pool.take(PORTAL)
    pool.leave(PORTAL.link, first)
    pool.leave(PORTAL.link, second)
    assert [pool.take(PORTAL), pool.take(PORTAL)] == [second, first]


def test_a_connection_stays_on_its_link() -> None:
    pool = Pool(Wire)
    pool.leave(PORTAL.link, pool.take(PORTAL))
    assert pool.take(VNEID).link == VNEID.link


def test_closing_closes_what_is_idle_only() -> None:
    pool = Pool(Wire)
    held, idle = pool.take(PORTAL), pool.take(PORTAL)
    pool.leave(PORTAL.link, idle)
    pool.close()
    assert (held.closed, idle.closed) == (False, True)
