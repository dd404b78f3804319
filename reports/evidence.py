"""Everything that checks look at, with what several of them need computed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TypeVar, cast

import msgspec
import pandas as pd

from reports.frames import Frames
from reports.ledger import Ledger
from reports.plan import Fault, Slo
from reports.run import Run

T = TypeVar("T")


@dataclass(frozen=True)
class Window:
    """When a fault really was on its links: seconds relative to T0, from the events of the run."""

    fault: Fault
    applied: float | None
    healed: float | None
    proved: frozenset[str]

    @property
    def start(self) -> float:
        """When it was applied; as planned where that is not on record."""
        return self.fault.start if self.applied is None else self.applied

    @property
    def end(self) -> float:
        """When it was healed; as planned where that is not on record."""
        return self.fault.end if self.healed is None else self.healed


class SystemLoad(msgspec.Struct, frozen=True):
    """What a system had to bear. ``refused`` were turned away at its declared capacity (503); ``utilisation``
    is the busy share of its servers over the whole run, ``worst_second`` (relative to T0) has most
    refusals."""

    system: str
    requests: int
    refused: int
    utilisation: float
    queue_peak: int | None
    worst_second: int | None
    worst_refusals: int


@dataclass(frozen=True)
class Evidence:
    """A run, its frames and its ledger (None where the stores were not read)."""

    run: Run
    frames: Frames
    ledger: Ledger | None
    _known: dict[str, object] = field(default_factory=dict)

    def once(self, name: str, compute: Callable[[], T]) -> T:
        """The value of ``compute``, computed once per name: for what checks and tables share."""
        if name not in self._known:
            self._known[name] = compute()
        return cast(T, self._known[name])

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The samples whose visitors came within the judged window."""
        clock, samples = self.run.plan.clock, self.frames.samples
        return samples[(samples["planned"] >= clock.judged_from) & (samples["planned"] <= clock.end)]

    @cached_property
    def offered(self) -> pd.DataFrame:
        """When the first request of each arrival that was offered was ``sent``, indexed by arrival."""
        return self.frames.samples.groupby("arrival")["sent"].min().to_frame()

    @cached_property
    def windows(self) -> list[Window]:
        """The fault windows as they were."""
        applied: dict[str, float] = {}
        healed: dict[str, float] = {}
        proved: dict[str, frozenset[str]] = {}
        for event in self.frames.events:
            if event.event == "fault-applied":
                applied.setdefault(event.fault, self.run.seconds(event.at))
            elif event.event == "fault-healed":
                healed[event.fault] = self.run.seconds(event.healed or event.at)
                proved[event.fault] = frozenset(event.proved)
        return [
            Window(
                fault, applied.get(fault.name), healed.get(fault.name), proved.get(fault.name, frozenset())
            )
            for fault in self.run.plan.faults
        ]

    @cached_property
    def disconnected(self) -> list[str]:
        """Provinces that acknowledged dossiers were meant for, which none reached, and no call either."""
        if self.ledger is None:
            return []
        silent = [row.province for row in self.ledger.provinces if row.forwarded and not row.arrived]
        return [province for province in silent if not self.reached(province)]

    def reached(self, province: str) -> bool:
        """Whether a call from the province's integration platform to its case system succeeded."""
        hops = self.hops(province)
        if not hops:
            return False
        calls = self.frames.calls
        return bool(((calls["link"] == hops[-1]) & calls["status"].between(200, 299)).any())

    def hops(self, province: str) -> list[str]:
        """The links from the national portal to the province's case system, in order."""
        plan = self.run.plan
        names = {
            kind: next(
                (s.name for s in plan.systems if s.kind == kind and s.province in ("", province)), None
            )
            for kind in ("national-portal", "lgsp", "case-system")
        }
        chain = [names["national-portal"], names["lgsp"], names["case-system"]]
        links = {(link.caller, link.callee): link.name for link in plan.links}
        pairs = [(a, b) for a, b in pairwise(chain) if a is not None and b is not None]
        return [links[pair] for pair in pairs if pair in links]

    @cached_property
    def unexplained_backlog(self) -> dict[str, int]:
        """What was left after the drain and is not the fault of a province that was never connected.

        Messages for such a province wait at the national portal and at its own systems for ever. They explain
        the portal's backlog only if every dossier of all other provinces has come to rest.
        """
        left = {system: n for system, n in self.run.record.backlog.items() if n}
        if not left or not self.disconnected or self.ledger is None:
            return left
        plan = self.run.plan
        excused = {s.name for s in plan.systems if s.province in self.disconnected}
        if not self._under_way_elsewhere():
            excused.update(s.name for s in plan.systems_of("national-portal"))
        return {system: n for system, n in left.items() if system not in excused}

    @property
    def at_rest(self) -> bool:
        """Whether the stores were read when nothing was under way any more, save to disconnected
        provinces."""
        record = self.run.record
        return record.drained or (bool(record.backlog) and not self.unexplained_backlog)

    def _under_way_elsewhere(self) -> bool:
        if self.ledger is None:
            return True
        return any(
            set(self.ledger.violations[name].provinces) - set(self.disconnected)
            for name in ("undelivered", "unsynchronised")
            if name in self.ledger.violations
        )

    @cached_property
    def loads(self) -> list[SystemLoad]:
        """What each system that was asked anything had to bear, the most refusing and then the busiest
        first."""
        plan, received = self.run.plan, self.frames.received
        # a refused request never reached a server: a 503 for another reason was served
        refusals = received[(received["status"] == 503) & (received["service_us"] == 0)]
        refused_at = refusals.groupby("system", observed=True)["at"]
        by_system = received.groupby("system", observed=True)
        journaled, busy = by_system.size(), by_system["service_us"].sum() / 1e6
        seconds = {str(name): at.floordiv(1).value_counts() for name, at in refused_at}
        duration = plan.clock.end - plan.clock.start
        found = []
        for system in plan.systems:
            counters = self.run.record.counters.get(system.name)
            requests = counters.requests if counters else int(journaled.get(system.name, 0))
            if not requests:
                continue
            at_worst = seconds.get(system.name)
            mine = counters.busy_seconds if counters else float(busy.get(system.name, 0.0))
            found.append(
                SystemLoad(
                    system=system.name,
                    requests=requests,
                    refused=counters.refused
                    if counters
                    else int(at_worst.sum() if at_worst is not None else 0),
                    utilisation=mine / (max(system.servers, 1) * duration),
                    queue_peak=counters.queue_peak if counters else None,
                    worst_second=None if at_worst is None else int(at_worst.index[0]),
                    worst_refusals=0 if at_worst is None else int(at_worst.iloc[0]),
                )
            )
        return sorted(found, key=lambda load: (-load.refused, -load.utilisation))

    @property
    def exhausted(self) -> list[SystemLoad]:
        """The systems that turned requests away at their declared capacity."""
        return [load for load in self.loads if load.refused]

    @cached_property
    def good(self) -> pd.Series:
        """Per sample: a right answer within the limits of every SLO that covers it."""
        samples = self.frames.samples
        good = samples["outcome"] == "ok"
        for slo in self.run.plan.slos:
            good &= ~covered(samples, slo) | (samples["response"] <= slo.within)
        return good


def covered(samples: pd.DataFrame, slo: Slo) -> pd.Series:
    """Per sample: whether the SLO speaks of it. No journeys or no steps named means all of them."""
    inside = pd.Series(True, index=samples.index)
    if slo.journeys:
        inside &= samples["journey"].isin(slo.journeys)
    if slo.steps:
        inside &= samples["step"].isin(slo.steps)
    return inside
