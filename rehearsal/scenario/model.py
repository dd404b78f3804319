"""What a scenario file says, as frozen tables. Values only: nothing here opens a file or draws a number.

Every table refuses unknown keys. Rules that need two tables at once are in ``checks``.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from rehearsal import country, topology
from rehearsal.scenario.faults import AnyFault, ProvinceCode, RequirementId, SystemPattern
from rehearsal.scenario.section import Duration, Many, Moment, Name, OneOf, Section
from rehearsal.scenario.shapes import AnyPhase
from scenarios.journeys import JOURNEYS, Actor

Prose = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Expectation = Literal["met", "missed", "inconclusive"]
Distribution = Literal["constant", "exponential", "lognormal"]

JourneyName = Annotated[str, OneOf("journey", lambda: tuple(JOURNEYS))]
StepName = Annotated[
    str,
    OneOf("step", lambda: dict.fromkeys(chain.from_iterable(journey.steps for journey in JOURNEYS.values()))),
]
SystemOrKind = Annotated[str, OneOf("system, nor a kind of systems", topology.kinds)]
Defect = Annotated[str, OneOf("defect that can be switched on", topology.defect_names)]


def _instant(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError(
            "instant", "write a date and time with its offset, such as 2025-07-01T00:00:00+07:00"
        ) from None


class Text(Section):
    """One sentence in both languages of the report."""

    vi: Prose
    en: Prose


class Head(Section):
    """``[scenario]``: what is rehearsed, why, and who may stop it."""

    name: Name = Field(description="the name of the file, without .toml")
    title: Text
    hypothesis: Text = Field(description="what should hold, so that the run can refute it")
    date: Annotated[AwareDatetime, BeforeValidator(_instant)] = Field(description="the moment T0 stands for")
    requirements: Many[RequirementId] = Field(default=(), description="ids of the obligations it tests")
    owner: Prose = Field(description="who may stop the rehearsal")
    country: topology.Extent = Field(
        default="core", description="the systems on the way of a dossier, or all of them"
    )
    every_system_but: Many[SystemPattern] | None = Field(
        default=None,
        description="names, globs or kinds of systems that nobody has to use; every other system has to be "
        "used at least once. Left out: none has to be",
    )
    expect: Expectation = "met"
    seed: int = Field(
        ge=0, le=2**63 - 1, description="the same seed gives the same arrivals, to the nanosecond"
    )


class Clock(Section):
    """``[clock]``: when arrivals begin and end; judged is what is planned in [start + warm_up, end]."""

    start: Moment
    end: Moment
    warm_up: Duration = 0.0
    drain_limit: Duration = Field(default=60.0, description="how long dossiers under way may take to arrive")


class Visitors(Section):
    """``[visitors]``: how people behave."""

    think_scale: float = Field(default=0.01, ge=0, le=1, description="real think times, times this")
    patience: Duration = Field(default=10.0, gt=0, description="how long a visitor waits for one answer")
    retries: int = Field(default=2, ge=0, le=20, description="further tries after a failure")
    retry_after: Duration = Field(default=1.0, description="how long a visitor waits before a further try")
    old_portal_share_before: Share = Field(default=0.5, description="who still uses the old portal before T0")
    old_bookmark_share_after: Share = Field(default=0.2, description="who still opens its address after T0")


class ProvinceCurve(Section):
    """``[arrivals.provinces.<code>]``: how one province differs from its share of the national curve."""

    factor: float = Field(default=1.0, ge=0, description="its arrivals, times this")
    phases: Many[AnyPhase] = Field(default=(), description="its own curve, in arrivals per second there")


class Arrivals(Section):
    """``[[arrivals]]``: a stream of visitors. ``phases`` follow each other from clock.start to clock.end."""

    actor: Actor
    journeys: dict[JourneyName, Positive] = Field(min_length=1, description="journey = weight")
    weights: country.Weighting = Field(
        default="population", description="how provinces share the national rate"
    )
    factor: float = Field(default=1.0, gt=0, description="every rate of the block, times this")
    phases: Many[AnyPhase] = Field(min_length=1)
    provinces: dict[ProvinceCode, ProvinceCurve] = Field(default_factory=dict)

    def curve_of(self, province: str) -> tuple[tuple[AnyPhase, ...], float]:
        """The phases a province follows, and what their rates are multiplied by there."""
        own = self.provinces.get(province, ProvinceCurve())
        share = 1.0 if own.phases else country.shares(self.weights)[province]
        return own.phases or self.phases, share * own.factor * self.factor


class ServiceTime(Section):
    """How long one server of a system works on one request."""

    distribution: Distribution = "exponential"
    mean: Duration = Field(gt=0)
    sigma: float = Field(default=0.5, gt=0, le=3, description="of the logarithm; lognormal only")

    @model_validator(mode="after")
    def _sigma_is_used(self) -> Self:
        if "sigma" in self.model_fields_set and self.distribution != "lognormal":
            raise PydanticCustomError("unused", 'has a sigma, which only distribution = "lognormal" uses')
        return self


class SystemOverride(Section):
    """``[systems.<name or kind>]``: what differs from the capacity of a prepared country."""

    servers: int | None = Field(
        default=None, ge=1, le=100_000, description="requests served at the same time"
    )
    service_time: ServiceTime | None = None
    queue: int | None = Field(
        default=None, ge=0, le=1_000_000, description="requests that may wait; more get 503"
    )
    defects: Many[Defect] = ()


class Slo(Section):
    """``[[slo]]``: ``objective`` of the steps named are answered right ``within`` the time."""

    name: Name
    title: Text
    journeys: Many[JourneyName] = Field(default=(), description="empty: all")
    steps: Many[StepName] = Field(default=(), description="empty: all steps of the journeys")
    within: Duration = Field(gt=0)
    objective: float = Field(gt=0, lt=1, description="0.99 = 99 %")
    requirements: Many[RequirementId] = Field(
        default=(), description="those of scenario.requirements that meeting it shows"
    )


class Validity(Section):
    """``[validity]``: when the run itself can be believed."""

    offered_within: Share = Field(
        default=0.01, description="part of the planned arrivals that may be missing"
    )
    lag_p99: Duration = Field(
        default=0.25, gt=0, description="how late the generator may send, 99th percentile"
    )
    minimum_samples: int = Field(default=100, ge=1, description="samples an objective needs to be judged")
    loop_lag_p99: Duration = Field(
        default=0.25, gt=0, description="how late the event loops of swarm and mocks may run, 99th percentile"
    )
    clock_within: Duration = Field(
        default=0.005, gt=0, description="how far the clocks of the processes may be uncertain or drift"
    )
    probes_per_second: float = Field(
        default=10.0, ge=0, le=100, description="requests of the independent prober; 0 switches it off"
    )


class Stop(Section):
    """``[stop]``: when a run is ended early, with its evidence; nothing given: it goes on to its end."""

    error_budget: float | None = Field(
        default=None, gt=0, description="end when so many times the whole run's error budget is used up"
    )
    ledger_breach: bool = Field(
        default=False, description="end when an acknowledged dossier is not found at the national portal"
    )


class Scenario(Section):
    """A whole scenario file, every default filled."""

    scenario: Head
    clock: Clock
    visitors: Visitors = Visitors()
    arrivals: Many[Arrivals] = Field(min_length=1)
    faults: Many[AnyFault] = ()
    systems: dict[SystemOrKind, SystemOverride] = Field(default_factory=dict)
    slo: Many[Slo] = Field(min_length=1)
    validity: Validity = Validity()
    stop: Stop = Stop()
