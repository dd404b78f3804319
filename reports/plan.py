"""What the reports use of ``plan.json`` and ``run.json``, typed. Unknown keys are ignored.

Times in the plan are seconds relative to T0, the cutover minute; instants in the journals are nanoseconds of
the monotonic clock, on which ``run.json`` places T0.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import msgspec

from reports.text import Text


class Requirement(msgspec.Struct, frozen=True):
    """An obligation of the directives that this rehearsal covers."""

    id: str
    obligation: str = ""


class Scenario(msgspec.Struct, frozen=True):
    """What is rehearsed, and what is expected of it."""

    name: str
    seed: int
    title: Text = Text()
    hypothesis: Text = Text()
    requirements: list[Requirement] = []
    expect: Literal["met", "missed", "inconclusive"] = "met"
    date: str = ""
    scale: float = 1.0


class Clock(msgspec.Struct, frozen=True):
    """The plan's clock in seconds relative to T0; ``[start + warm_up, end]`` is judged."""

    start: float
    end: float
    warm_up: float = 0.0
    drain_limit: float = 0.0

    @property
    def judged_from(self) -> float:
        """The first second that is judged."""
        return self.start + self.warm_up


class Arrivals(msgspec.Struct, frozen=True):
    """The planned arrivals: how many, and the fingerprint of their schedule."""

    count: int
    sha256: str = ""
    workers: int = 1


class Fault(msgspec.Struct, frozen=True):
    """A fault window: from ``start`` to ``end`` (seconds relative to T0) on ``links``.

    Where not links are faulty but ``systems`` or their processes (``place``), ``links`` are those on which
    that is felt. ``executes`` says whether a write sent through them is carried out. ``requirements`` are
    the obligations that bearing it shows.
    """

    name: str
    kind: str
    links: list[str]
    start: float
    end: float
    recover_within: float
    title: Text = Text()
    meaning: Text = Text()
    colour: str = "#888888"
    place: Literal["link", "system", "process"] = "link"
    systems: list[str] = []
    executes: Literal["yes", "no", "late", ""] = ""
    parameters: dict[str, float | int | str | bool] = {}
    requirements: list[str] = []


class Slo(msgspec.Struct, frozen=True):
    """``objective`` of the matching requests are answered rightly within ``within`` seconds.

    ``requirements`` are the obligations that meeting it shows.
    """

    name: str
    within: float
    objective: float
    title: Text = Text()
    journeys: list[str] = []
    steps: list[str] = []
    requirements: list[str] = []


class Validity(msgspec.Struct, frozen=True):
    """The limits within which the run itself can be believed."""

    offered_within: float = 0.01
    lag_p99: float = 0.1
    minimum_samples: int = 300
    loop_lag_p99: float = 0.25
    clock_within: float = 0.005


class Stop(msgspec.Struct, frozen=True):
    """When the run is ended early; ``error_budget`` None and no ``ledger_breach``: never."""

    error_budget: float | None = None
    ledger_breach: bool = False


class Probe(msgspec.Struct, frozen=True):
    """A request that the prober sends ``rate`` times a second beside the swarm's ``step`` on ``link``."""

    step: str
    link: str
    path: str
    rate: float


class System(msgspec.Struct, frozen=True):
    """A system of the rehearsal and its declared capacity."""

    name: str
    kind: str
    province: str = ""
    servers: int = 1
    queue: int = 0
    service_mean: float = 0.0


class Link(msgspec.Struct, frozen=True):
    """A link: the way from a caller to a callee, one Toxiproxy proxy."""

    name: str
    caller: str
    callee: str


class Province(msgspec.Struct, frozen=True):
    """One of the 34 provinces."""

    code: str
    name: str


class Status(msgspec.Struct, frozen=True):
    """A status of a dossier: which may follow it, and whether a dossier may rest there."""

    code: int
    title: Text = Text()
    next: list[int] = []
    may_end: bool = False


class Due(msgspec.Struct, frozen=True):
    """What is owed once, at ``system``, for each dossier that took ``status`` in a provincial case system.

    Only for dossiers of ``procedures`` where some are named; of these, of one in ``one_in``: those whose
    CRC-32 of ``<system>/<dossier code>`` in UTF-8 is a multiple of it.
    """

    family: Literal["registrations", "signatures", "returns"]
    system: str
    status: int
    procedures: list[str] = []
    one_in: int = 1


class OldProvince(msgspec.Struct, frozen=True):
    """One of the 63 provinces, with the one that succeeds it."""

    code: str
    name: str
    province: str


class Plan(msgspec.Struct, frozen=True, dict=True):
    """``plan.json``."""

    format: int
    scenario: Scenario
    clock: Clock
    arrivals: Arrivals
    systems: list[System]
    links: list[Link]
    provinces: list[Province]
    faults: list[Fault] = []
    slos: list[Slo] = []
    validity: Validity = Validity()
    probes: list[Probe] = []
    stop: Stop = Stop()
    old_provinces: list[OldProvince] = []
    statuses: list[Status] = []
    closed_procedures: list[str] = []
    dues: list[Due] = []
    must_be_used: list[str] = []

    @cached_property
    def province_names(self) -> dict[str, str]:
        """Province code → name."""
        return {province.code: province.name for province in self.provinces}

    @cached_property
    def link_ends(self) -> dict[str, Link]:
        """Name of a link → the link."""
        return {link.name: link for link in self.links}

    def systems_of(self, kind: str) -> list[System]:
        """The systems of one kind, such as ``case-system``."""
        return [system for system in self.systems if system.kind == kind]


class Toxiproxy(msgspec.Struct, frozen=True):
    """The Toxiproxy that carried the links, and how it was found."""

    version: str = ""
    how: str = ""
    links: int = 0


class Worker(msgspec.Struct, frozen=True):
    """A worker of the swarm and its share of the arrivals."""

    worker: int
    planned: int
    finished: bool
    host: str = ""
    lost_at: int = 0  # the instant it was last heard, where it was lost


class ProcessClock(msgspec.Struct, frozen=True):
    """The monotonic clock of a process against the conductor's, by a four-timestamp exchange (RFC 5905, 8).

    ``offset_ns`` is its reading minus the conductor's, within ``uncertainty_ns``; ``drift_ns`` how much the
    offset changed between the start and the end of the run, ``wall_offset_ns`` the same for the time of day.
    """

    process: str
    host: str
    offset_ns: int
    uncertainty_ns: int
    drift_ns: int = 0
    wall_offset_ns: int = 0


class Counters(msgspec.Struct, frozen=True):
    """What a system counted about itself; ``refused`` are answers 503 at its declared capacity."""

    requests: int = 0
    served: int = 0
    refused: int = 0
    busy_seconds: float = 0.0
    queue_peak: int = 0


class Usage(msgspec.Struct, frozen=True):
    """CPU seconds by part of the rehearsal over ``seconds`` of the load."""

    seconds: float = 0.0
    cpu_seconds: dict[str, float] = {}


class Record(msgspec.Struct, frozen=True):
    """``run.json``: how the run went, as the conductor recorded it."""

    format: int
    scenario: str
    t0_monotonic_ns: int
    ended: Literal["completed", "stopped", "interrupted", "aborted", "running"]
    started: str = ""
    t0_unix_ns: int = 0
    reason: str = ""
    stopped_at: int = 0  # the instant at which a stop condition ended it
    toxiproxy: Toxiproxy = Toxiproxy()
    workers: list[Worker] = []
    clocks: list[ProcessClock] = []
    usage: Usage = Usage()
    drained: bool = False
    drain_seconds: float = 0.0
    backlog: dict[str, int] = {}
    counters: dict[str, Counters] = {}
    machine: dict[str, str | int | float] = {}
    versions: dict[str, str] = {}
