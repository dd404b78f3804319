"""Whether a fault stayed where it was: provinces and journeys that it should not have touched.

Compared are those that have nothing to do with the fault's links, while it lasted and in the judged time
before it in which no fault was felt. Others are left out where a second fault was felt meanwhile.
"""

from __future__ import annotations

import msgspec
import pandas as pd
from scipy.special import bdtrc, betaincinv

from reports.evidence import Evidence, Window
from reports.impact.quiet import inside, overlapping, quiet
from reports.impact.touched import reached_steps
from reports.impact.waiting import late_after, transits, ways_hit
from reports.statistics import needed

BY_CHANCE = 1e-4
"""Probability from which on chance is no explanation; there are a few comparisons per fault."""

FEWEST = 20
"""Observations before and during the fault, each, without which nothing is compared."""


class Share(msgspec.Struct, frozen=True):
    """How many were ``bad`` (answers) or late (dossiers) of how many."""

    count: int
    bad: int


class Compared(msgspec.Struct, frozen=True):
    """The same ones ``before`` and ``during`` the fault."""

    before: Share
    during: Share

    def worse(self, by: float) -> bool:
        """Whether it became worse: by so many parts of 1 at least, and by more than chance explains.

        Chance: as many bad ones or more, where each is bad with the largest probability that the time before
        allows at 97.5 % (Clopper and Pearson, 1934).
        """
        before, during = self.before, self.during
        if before.count < FEWEST or during.count < FEWEST:
            return False
        if during.bad / during.count - before.bad / before.count < by:
            return False
        upper = float(betaincinv(before.bad + 1, before.count - before.bad, 0.975))
        return float(bdtrc(during.bad - 1, during.count, upper)) < BY_CHANCE


class Extreme(msgspec.Struct, frozen=True):
    """The province in which the median took longest while the fault lasted, against the median province;
    seconds."""

    province: str
    worst: float
    median: float


class Spread(msgspec.Struct, frozen=True):
    """How those fared that a fault should not have touched.

    ``provinces`` are those whose systems it hit; none where it hit a system of all. ``deliveries`` and
    ``answers`` are of the other provinces: dossiers from one store to the next (late after ``late_after``
    seconds), and answers to visitors. ``journeys`` never wait for the fault's links; ``journey_answers`` are
    theirs. ``slowest_answers`` and ``slowest_deliveries`` are of all provinces.
    """

    provinces: list[str]
    deliveries: Compared | None
    late_after: float
    answers: Compared | None
    journeys: list[str]
    journey_answers: Compared | None
    slowest_answers: Extreme | None
    slowest_deliveries: Extreme | None


def spread(evidence: Evidence, window: Window) -> Spread:
    """How those fared that the fault should not have touched."""
    return evidence.once(f"spread {window.fault.name}", lambda: _spread(evidence, window))


def _spread(evidence: Evidence, window: Window) -> Spread:
    provinces = provinces_hit(evidence, window)
    samples = _around(evidence, window)
    reached = set(reached_steps(evidence, window.fault))
    for other in overlapping(evidence, window):
        reached |= set(reached_steps(evidence, other.fault))
    apart = samples[~samples["step"].isin(reached)]
    touched = set(samples.loc[samples["step"].isin(reached), "journey"])
    journeys = sorted(str(name) for name in set(apart["journey"]) - touched)
    elsewhere = ~apart["province"].isin(_kept_out(evidence, window))
    during = samples[samples["during"]]
    sent = _sent(evidence, window)
    return Spread(
        provinces=provinces,
        deliveries=_compare(_undisturbed_ways(evidence, window, sent), "late") if provinces else None,
        late_after=late_after(evidence),
        answers=_compare(apart[elsewhere], "bad") if provinces else None,
        journeys=journeys,
        journey_answers=_compare(apart[apart["journey"].isin(journeys)], "bad") if journeys else None,
        slowest_answers=_extreme(during["province"], during["response"]),
        slowest_deliveries=_extreme(*_delivered(sent)),
    )


def provinces_hit(evidence: Evidence, window: Window) -> list[str]:
    """The provinces whose systems the fault is on; none where it is on a system that serves all."""
    plan = evidence.run.plan
    of = {system.name: system.province for system in plan.systems}
    if window.fault.systems:
        mine = {of.get(name, "") for name in window.fault.systems}
        return [] if "" in mine else sorted(mine)
    hit: set[str] = set()
    for name in window.fault.links:
        link = plan.link_ends.get(name)
        ends = {of.get(link.caller, ""), of.get(link.callee, "")} - {""} if link else set()
        if not ends:
            return []
        hit |= ends
    return sorted(hit) if len(hit) < len(plan.provinces) else []


def _kept_out(evidence: Evidence, window: Window) -> set[str]:
    """Provinces that this fault or another one at the same time was on."""
    windows = [window, *overlapping(evidence, window)]
    return {province for each in windows for province in provinces_hit(evidence, each)}


def _around(evidence: Evidence, window: Window) -> pd.DataFrame:
    """The samples while the fault lasted (``during``) and before it; whether each was ``bad``."""
    samples = evidence.frames.samples
    before = inside(samples["planned"], quiet(evidence, window.start))
    during = inside(samples["planned"], [(window.start, window.end)])
    mine = before | during
    return samples.loc[mine, ["journey", "step", "province", "response"]].assign(
        during=during[mine], bad=~evidence.good.to_numpy()[mine]
    )


def _sent(evidence: Evidence, window: Window) -> pd.DataFrame:
    """The dossiers that left while the fault lasted, or before it."""
    every = transits(evidence)
    during = inside(every["left"], [(window.start, window.end)])
    mine = during | inside(every["left"], quiet(evidence, window.start))
    took = every["arrived"] - every["left"]
    # what never arrives is a matter of the ledger, unless it still waits
    lost = evidence.at_rest & (took == float("inf"))
    gone = every["province"].isin(evidence.disconnected) | lost
    found: pd.DataFrame = every.assign(during=during, took=took, late=took > late_after(evidence))
    return found[mine & ~gone]


def _undisturbed_ways(evidence: Evidence, window: Window, sent: pd.DataFrame) -> pd.DataFrame:
    """Of the dossiers, those of other provinces on ways that no other fault was on."""
    disturbed = {way for other in overlapping(evidence, window) for way in ways_hit(evidence, other)}
    of_ways = pd.MultiIndex.from_frame(sent[["province", "down"]]).isin(list(disturbed))
    return sent[~of_ways & ~sent["province"].isin(_kept_out(evidence, window))]


def _compare(rows: pd.DataFrame, what: str) -> Compared:
    before, during = (rows.loc[rows["during"] == when, what] for when in (False, True))
    return Compared(*(Share(len(each), int(each.sum())) for each in (before, during)))


def _delivered(sent: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    mine = sent[sent["during"] & sent["down"].astype(bool) & (sent["took"] < float("inf"))]
    return mine["province"], mine["took"]


def _extreme(provinces: pd.Series, took: pd.Series) -> Extreme | None:
    by_province = took.groupby(provinces, observed=True).agg(["size", "median"])
    enough = by_province.loc[by_province["size"] >= needed(0.5), "median"]
    if len(enough) < 2:
        return None
    return Extreme(str(enough.idxmax()), float(enough.max()), float(enough.median()))
