"""The parts of a plan, as they stand in ``plan.json``. Times are seconds after T0, durations seconds."""

from __future__ import annotations

from itertools import chain
from typing import Literal

from pydantic import BaseModel, ConfigDict

from chaos import catalogue
from rehearsal import topology
from rehearsal.scenario.model import Distribution, Expectation


class Record(BaseModel):
    """A part of the plan: immutable, and read back only where it is exactly as written."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Record):
    """The same in Vietnamese and English."""

    vi: str
    en: str


class Requirement(Record):
    """An obligation of the directives that the scenario tests."""

    id: str
    obligation: str


class About(Record):
    """What is rehearsed, and why. ``date`` is the moment T0 stands for.

    Every rate of arrivals in the scenario was multiplied by ``scale``.
    """

    name: str
    title: Text
    hypothesis: Text
    requirements: tuple[Requirement, ...]
    seed: int
    expect: Expectation
    date: str
    owner: str
    scale: float = 1.0


class Clock(Record):
    """Judged is what is planned in [start + warm_up, end]."""

    start: float
    end: float
    warm_up: float
    drain_limit: float


class Visitors(Record):
    """How people behave, as in the scenario."""

    think_scale: float
    patience: float
    retries: int
    retry_after: float
    old_portal_share_before: float
    old_bookmark_share_after: float


class Arrivals(Record):
    """The schedule in short; ``sha256`` is :func:`rehearsal.arrivals.digest` of it.

    ``expected_per_second`` is the integral of the curve over each second from ``clock.start``, before chance.
    """

    count: int
    sha256: str
    workers: int
    by_journey: dict[str, int]
    expected_per_second: tuple[float, ...]


class Fault(Record):
    """A fault in its place. With ``kind``, ``parameters`` make the catalogue's fault.

    ``place`` says what is faulty: links, systems (their own fault switches) or the processes of systems. For
    the latter two, ``systems`` names them, and ``links`` are those on which it is felt. ``requirements`` are
    the obligations that bearing it shows.
    """

    name: str
    kind: str
    place: Literal["link", "system", "process"] = "link"
    systems: tuple[str, ...] = ()
    title: Text
    meaning: Text
    colour: str
    links: tuple[str, ...]
    start: float
    end: float
    recover_within: float
    executes: Literal["yes", "no", "late"]
    parameters: dict[str, float | int | str | bool]
    requirements: tuple[str, ...] = ()

    def catalogued(self) -> catalogue.Fault:
        """The fault as the catalogue has it; one of links is the instance that bears its name."""
        made = catalogue.KINDS[self.kind].model_validate(self.parameters)
        return made.named(self.name) if isinstance(made, catalogue.LinkFault) else made


class Objective(Record):
    """A service-level objective; empty ``journeys`` or ``steps`` mean all.

    ``requirements`` are the obligations that meeting it shows.
    """

    name: str
    title: Text
    journeys: tuple[str, ...]
    steps: tuple[str, ...]
    within: float
    objective: float
    requirements: tuple[str, ...] = ()


class Validity(Record):
    """When the run itself can be believed."""

    offered_within: float
    lag_p99: float
    minimum_samples: int
    loop_lag_p99: float
    clock_within: float


class Stop(Record):
    """When a run is ended early: see :mod:`rehearsal.stopping`.

    ``bad_answers_allowed`` is ``error_budget`` times what the most lenient objective allows of all requests
    that the plan's visitors are expected to send; both mean nothing where ``error_budget`` is None.
    """

    error_budget: float | None = None
    bad_answers_allowed: int = 0
    ledger_breach: bool = False


class Probe(Record):
    """A request that the prober sends ``rate`` times a second beside the swarm's ``step`` on ``link``."""

    step: str
    link: str
    path: str
    rate: float


class System(Record):
    """A system with its capacity (see :class:`rehearsal.topology.Capacity`) and its defects."""

    name: str
    kind: topology.Kind
    province: str
    old_province: str
    servers: int
    queue: int
    service_mean: float
    service_distribution: Distribution
    service_sigma: float
    defects: tuple[str, ...]


class Link(Record):
    """One link, which is one proxy."""

    name: str
    caller: str
    callee: str


class Province(Record):
    """One of the 34."""

    code: str
    name: str


class OldProvince(Record):
    """One of the 63, with the province that succeeds it."""

    code: str
    name: str
    province: str


class Status(Record):
    """A status of a dossier: which may follow it, and whether a dossier may rest there."""

    code: int
    title: Text
    next: tuple[int, ...]
    may_end: bool


class Due(Record):
    """What is owed once, at ``system``, for each dossier that took ``status`` in a provincial case system.

    Only for dossiers of ``procedures`` where some are named; of these, of one in ``one_in``: those whose
    CRC-32 of ``<system>/<dossier code>`` in UTF-8 is a multiple of it.
    """

    family: Literal["registrations", "signatures", "returns"]
    system: str
    status: int
    procedures: tuple[str, ...] = ()
    one_in: int = 1


class Plan(Record):
    """The whole plan."""

    format: Literal[1] = 1
    scenario: About
    country: topology.Extent = "core"
    clock: Clock
    visitors: Visitors
    arrivals: Arrivals
    faults: tuple[Fault, ...]
    slos: tuple[Objective, ...]
    validity: Validity
    stop: Stop = Stop()
    probes: tuple[Probe, ...]
    systems: tuple[System, ...]
    links: tuple[Link, ...]
    provinces: tuple[Province, ...]
    old_provinces: tuple[OldProvince, ...]
    statuses: tuple[Status, ...] = ()
    closed_procedures: tuple[str, ...] = ()
    dues: tuple[Due, ...] = ()
    must_be_used: tuple[str, ...] = ()
    """Systems of which each has to get a request."""

    @property
    def alone(self) -> frozenset[str]:
        """The systems that run in a process of their own, because a fault befalls it."""
        of_processes = (fault.systems for fault in self.faults if fault.place == "process")
        return frozenset(chain.from_iterable(of_processes))

    def to_json(self) -> str:
        """The text of ``plan.json``."""
        return self.model_dump_json(indent=1) + "\n"
