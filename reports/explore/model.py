"""``explore.json``: an exploration as one typed value, from which its page and its summary are made.

Loads are shares of the scenario's highest rate (``sessions_per_second`` is what share 1 means), triggers are
lengths in seconds.
"""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from reports.text import Text

FORMAT = 1

State = Literal["recovered", "stayed-down", "overloaded", "not-known"]
"""What a probe showed.

recovered: service came back in time after the cause was gone; stayed-down: it did not, and nothing but the
country itself kept it down; overloaded: it was down before the trigger; not-known: the run cannot be
believed, or service was neither up nor down.
"""

Outcome = Literal["none-found", "found", "not-known"]


class Doubt(msgspec.Struct, frozen=True):
    """A validity check that a run does not meet."""

    name: str
    explanation: Text


class Validity(msgspec.Struct, frozen=True):
    """``validity.json`` in the folder of a probe: why it cannot be believed; without doubts it can."""

    doubts: list[Doubt]


class Point(msgspec.Struct, frozen=True):
    """Where a probe looks: a load and the length of the trigger.

    ``lowered`` is the load to which it is lowered after the collapse, to see whether it heals there.
    """

    load: float
    trigger: float
    lowered: float | None = None


class Probe(msgspec.Struct, frozen=True):
    """One probe. ``after`` is how long after the cause was gone service came back; ``folder`` its last run.

    ``tries`` counts runs (one that cannot be believed is made again), ``seconds`` what they took.
    """

    point: Point
    state: State
    reason: Text
    after: float | None
    folder: str
    tries: int
    seconds: float


class Bracket(msgspec.Struct, frozen=True):
    """Two neighbours between which something changes; None where no probe was found on that side.

    ``recovers`` is the highest value at which service recovered, ``stays_down`` the lowest at which it
    stayed down. They are in order unless chance contradicts itself; then the bracket is not ``settled``.
    """

    recovers: float | None
    stays_down: float | None
    settled: bool = False

    @property
    def estimate(self) -> float | None:
        """The geometric mean of both, which is wrong by at most the square root of their ratio."""
        if self.recovers is None or self.stays_down is None:
            return None
        return math.sqrt(self.recovers * self.stays_down)


class Column(msgspec.Struct, frozen=True):
    """At one load: the trigger's length from which the country stays down."""

    load: float
    triggers: Bracket


class Healing(msgspec.Struct, frozen=True):
    """After a collapse at ``load``: to which load it must be lowered until the country recovers.

    ``lowest`` is the lowest load that was tried; where it did not heal there, ``loads.recovers`` is None.
    """

    load: float
    trigger: float
    lowest: float
    loads: Bracket


class Capacity(msgspec.Struct, frozen=True):
    """The load that the narrowest system can serve for ever, by its declared capacity.

    ``load`` = servers / mean service time / ``per_visit``, divided by the sessions per second of share 1;
    ``per_visit`` is how often one visit asks this system, as measured.
    """

    system: str
    load: float
    per_visit: float


class Timeline(msgspec.Struct, frozen=True):
    """A collapse second by second from ``first`` (after T0): visits begun, those that got what they came for.

    ``calls`` are calls between systems that were sent, ``retries`` those of them that repeat an earlier one.
    """

    point: Point
    first: int
    begun: list[int]
    finished: list[int]
    calls: list[int]
    retries: list[int]
    trigger_from: float
    trigger_until: float


class Scenario(msgspec.Struct, frozen=True):
    """What was explored. ``fingerprint`` is that of everything that a probe depends on."""

    name: str
    title: Text
    seed: int
    sessions_per_second: float
    fingerprint: str


class Trigger(msgspec.Struct, frozen=True):
    """The fault whose length was varied."""

    name: str
    kind: str
    title: Text
    meaning: Text
    links: list[str]


class Limits(msgspec.Struct, frozen=True):
    """Where was looked, how exactly, and what counts as recovery (seconds after the cause was gone)."""

    least_load: float
    most_load: float
    shortest: float
    longest: float
    precision: float
    columns: int
    recover_within: float


class Exploration(msgspec.Struct, frozen=True):
    """The whole of it. ``lowest_load``: from where the country stays down after the longest trigger."""

    scenario: Scenario
    trigger: Trigger
    limits: Limits
    outcome: Outcome
    complete: bool
    probes: list[Probe]
    lowest_load: Bracket
    boundary: list[Column]
    contradictions: int
    healing: Healing | None = None
    capacity: Capacity | None = None
    collapse: Timeline | None = None
    seconds: float = 0.0
    format: int = FORMAT

    def sessions(self, load: float) -> float:
        """Sessions per second of a load."""
        return load * self.scenario.sessions_per_second
