"""Whether a fault stayed where it was: provinces and journeys that it should not have touched.

Compared are those that have nothing to do with the fault's links, while it lasted and in the judged time
before it in which no fault was felt. Others are left out where a second fault was felt meanwhile.
"""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
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
    answers = _answers(evidence, window)
    reached = set(reached_steps(evidence, window.fault))
    for other in overlapping(evidence, window):
        reached |= set(reached_steps(evidence, other.fault))
    touched = set(answers.loc[answers["step"].isin(reached), "journey"])
    journeys = sorted(set(answers["journey"]) - touched)
    apart = answers[~answers["step"].isin(reached)]
    elsewhere = apart[~apart["province"].isin(_kept_out(evidence, window))]
    sent = _sent(evidence, window)
    return Spread(
        provinces=provinces,
        deliveries=_deliveries(evidence, window, sent) if provinces else None,
        late_after=late_after(evidence),
        answers=_summed(elsewhere) if provinces else None,
        journeys=journeys,
        journey_answers=_summed(apart[apart["journey"].isin(journeys)]) if journeys else None,
        slowest_answers=_extreme(*_responses(evidence, window)),
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


def _answers(evidence: Evidence, window: Window) -> pd.DataFrame:
    """Per journey, step and province: how many samples there were ``before`` and ``during`` the fault, and
    how many of them were bad.

    Who was turned away by a system that is too small has that to blame, not the fault.
    """
    samples = evidence.frames.samples
    key, names = evidence.once("kinds of samples", lambda: _kinds(samples))
    bad = ~evidence.good.to_numpy()
    if evidence.exhausted:
        bad &= samples["status"].to_numpy() != 503
    counts = {}
    spans = quiet(evidence, window.start), [(window.start, window.end)]
    for when, mine in zip(("before", "during"), spans, strict=True):
        within = inside(samples["planned"], mine)
        counts[when] = np.bincount(key[within], minlength=len(names))
        counts[f"{when}_bad"] = np.bincount(key[within & bad], minlength=len(names))
    found = names.assign(**counts)
    return found[found["before"] + found["during"] > 0]


def _kinds(samples: pd.DataFrame) -> tuple[npt.NDArray[np.intp], pd.DataFrame]:
    """The journeys, steps and provinces that occur together; per sample which of these it is."""
    columns = ["journey", "step", "province"]
    key = np.zeros(len(samples), dtype=np.int64)
    for name in columns:
        key = key * len(samples[name].cat.categories) + samples[name].cat.codes.to_numpy()
    number, occurring = pd.factorize(key)
    names = {}
    for name in reversed(columns):
        categories = samples[name].cat.categories.to_numpy()
        names[name] = categories[occurring % max(len(categories), 1)]
        occurring = occurring // max(len(categories), 1)
    return number, pd.DataFrame({name: names[name] for name in columns}, dtype="object")


def _summed(answers: pd.DataFrame) -> Compared:
    before, before_bad, during, during_bad = (
        int(answers[name].sum()) for name in ("before", "before_bad", "during", "during_bad")
    )
    return Compared(Share(before, before_bad), Share(during, during_bad))


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


def _deliveries(evidence: Evidence, window: Window, sent: pd.DataFrame) -> Compared:
    """The dossiers of other provinces on ways that no other fault was on."""
    disturbed = {way for other in overlapping(evidence, window) for way in ways_hit(evidence, other)}
    of_ways = pd.MultiIndex.from_frame(sent[["province", "down"]]).isin(list(disturbed))
    mine = sent[~of_ways & ~sent["province"].isin(_kept_out(evidence, window))]
    before, during = (mine.loc[mine["during"] == when, "late"] for when in (False, True))
    return Compared(*(Share(len(each), int(each.sum())) for each in (before, during)))


def _responses(evidence: Evidence, window: Window) -> tuple[pd.Series, pd.Series]:
    samples = evidence.frames.samples
    during = inside(samples["planned"], [(window.start, window.end)])
    return samples.loc[during, "province"], samples.loc[during, "response"]


def _delivered(sent: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    mine = sent[sent["during"] & sent["down"].astype(bool) & (sent["took"] < float("inf"))]
    return mine["province"], mine["took"]


def _extreme(provinces: pd.Series, took: pd.Series) -> Extreme | None:
    by_province = took.groupby(provinces, observed=True).agg(["size", "median"])
    enough = by_province.loc[by_province["size"] >= needed(0.5), "median"]
    if len(enough) < 2:
        return None
    return Extreme(str(enough.idxmax()), float(enough.max()), float(enough.median()))
