"""The verdict of a run: one typed value from which every renderer works, and which ``report.json`` is.

All times are seconds; moments are relative to T0; shares are between 0 and 1; percentiles are null where
the samples are worth too few independent ones to say.
"""

from __future__ import annotations

from typing import Any

import msgspec

from reports.evidence import SystemLoad
from reports.finding import Finding, Outcome
from reports.impact import Backlog, Course, Herd, Hop, Impact, Spread
from reports.instrument import Instrument
from reports.intervals import Interval
from reports.ledger import Ledger
from reports.objectives import Objective
from reports.text import Text
from reports.traces import Trace
from reports.traffic import Hits

FORMAT = 1


class Validity(msgspec.Struct, frozen=True):
    """Whether the run can be believed: ``met``, or ``inconclusive`` with the findings that say why."""

    outcome: Outcome
    findings: list[Finding]


class Row(msgspec.Struct, frozen=True):
    """One journey, step or province in the judged window.

    ``availability`` is the share of right answers, ``good_share`` the share of right answers within the SLOs.
    Response counts from when the citizen wanted the answer, service from when the request was sent. Each
    percentile of them has its interval; ``p999`` is the 99.9th.
    """

    name: str
    count: int
    availability: float | None
    good_share: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    p999: float | None
    service_p50: float | None
    service_p95: float | None
    lag_p99: float | None
    p50_interval: Interval
    p95_interval: Interval
    p99_interval: Interval
    p999_interval: Interval
    service_p50_interval: Interval
    service_p95_interval: Interval


class Lag(msgspec.Struct, frozen=True):
    """How much later than planned the generator sent its requests."""

    p50: float | None
    p99: float | None


class FaultReport(msgspec.Struct, frozen=True):
    """A fault: as planned, as it was, which traffic it hit, and what became of it.

    ``impact`` is what citizens felt, ``backlogs`` what waited, ``herds`` what came at once at the cure,
    ``hops`` who tried again, ``spread`` how those fared whom it did not concern, ``course`` all of it second
    by second. ``outcomes`` are those of the findings about it, by check.
    """

    name: str
    kind: str
    title: Text
    meaning: Text
    colour: str
    place: str
    systems: list[str]
    links: list[str]
    planned_start: float
    planned_end: float
    applied: float | None
    healed: float | None
    recover_within: float
    hits: list[Hits]
    impact: Impact
    backlogs: list[Backlog]
    herds: list[Herd]
    hops: list[Hop]
    spread: Spread
    course: Course
    outcomes: dict[str, Outcome]


class Series(msgspec.Struct, frozen=True):
    """The run second by second from ``first`` (relative to T0): requests by outcome, arrivals, percentiles.

    Requests and arrivals are counted at the moment they were planned for; ``offered`` at the moment they were
    sent. Percentiles are of windows ``window`` seconds wide, null where a window holds too few samples.
    """

    first: int
    ok: list[int]
    failed: list[int]
    unknown: list[int]
    planned: list[int]
    offered: list[int]
    window: int
    p50: list[float | None]
    p95: list[float | None]
    p99: list[float | None]


class Coverage(msgspec.Struct, frozen=True):
    """An obligation of the directives, and what this run says of it; None where no finding speaks for it."""

    id: str
    obligation: str
    outcome: Outcome | None
    findings: list[str]


class Scenario(msgspec.Struct, frozen=True):
    """What was rehearsed."""

    name: str
    title: Text
    hypothesis: Text
    seed: int
    date: str
    scale: float


class Making(msgspec.Struct, frozen=True):
    """How the run was made, so that somebody else can make it again. ``usage``: CPU seconds by part."""

    started: str
    ended: str
    reason: str
    workers: int
    drained: bool
    drain_seconds: float
    backlog: dict[str, int]
    toxiproxy_how: str
    toxiproxy_links: int
    machine: dict[str, str | int | float]
    versions: dict[str, str]
    usage: dict[str, float]
    start: float
    end: float
    judged_from: float


class Verdict(msgspec.Struct, frozen=True):
    """Everything a report says. ``histograms``: step → its response times (:mod:`reports.histograms`)."""

    format: int
    outcome: Outcome
    expected: Outcome
    scenario: Scenario
    validity: Validity
    findings: list[Finding]
    planned: int
    offered: int
    samples: int
    lag: Lag
    ledger: Ledger | None
    traces: list[Trace]
    loss_bound: float | None
    slos: list[Objective]
    journeys: list[Row]
    steps: list[Row]
    provinces: list[Row]
    systems: list[SystemLoad]
    faults: list[FaultReport]
    requirements: list[Coverage]
    peak_requests_per_second: int
    peak_second: int
    toxiproxy_version: str
    arrivals_sha256: str
    province_names: dict[str, str]
    series: Series
    making: Making
    histograms: dict[str, str]
    instrument: Instrument
    requests_through_links: int

    @property
    def causes(self) -> list[Finding]:
        """What a reader must know first: broken validity, then missed findings that follow from no other."""
        broken = [finding for finding in self.validity.findings if finding.outcome != "met"]
        return broken + [f for f in self.findings if f.outcome == "missed" and not f.because_of]

    @property
    def consequences(self) -> list[Finding]:
        """Missed findings that follow from others."""
        return [finding for finding in self.findings if finding.outcome == "missed" and finding.because_of]

    def to_json(self) -> bytes:
        """The content of ``report.json``: texts are English, and Vietnamese under ``<name>_vi``."""
        content = _flat(msgspec.to_builtins(self))
        return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def _flat(value: Any) -> Any:
    """The same JSON values with every bilingual text as two strings, so that a script can search them."""
    if isinstance(value, list):
        return [_flat(each) for each in value]
    if not isinstance(value, dict):
        return value
    flat: dict[str, Any] = {}
    for name, each in value.items():
        if isinstance(each, dict) and each.keys() == {"vi", "en"}:
            flat |= {name: each["en"], f"{name}_vi": each["vi"]}
        else:
            flat[name] = _flat(each)
    return flat
