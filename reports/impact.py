"""What citizens felt of each fault, and how long until they felt it no more."""

from __future__ import annotations

import msgspec
import numpy as np
import pandas as pd

from reports.evidence import Evidence, Window
from reports.ids import NO_ID
from reports.lookup import id_among
from reports.plan import Fault, Slo
from reports.statistics import percentile

CONSECUTIVE = 5
"""How many good one-second windows in a row count as recovered; fewer could be luck between two bad ones."""

DEFAULT_OBJECTIVE = 0.99
"""Share of good answers that makes a second good where no SLO covers the steps (a proposal of this
project)."""


class Impact(msgspec.Struct, frozen=True):
    """A fault as citizens saw it, on the steps whose requests cross its links; times in seconds.

    ``recovered_after`` counts from the cure to the first of five good seconds in a row; None where that was
    not seen within ``observed`` seconds after the cure (censored). ``felt`` tells whether more answers were
    bad than the objective allows, while the fault lasted or afterwards.
    """

    steps: list[str]
    requests: int
    bad: int
    p95: float | None
    p95_before: float | None
    felt: bool
    recovered_after: float | None
    observed: float

    @property
    def good_share(self) -> float | None:
        """Share of good answers while the fault lasted."""
        return 1 - self.bad / self.requests if self.requests else None


def impact(evidence: Evidence, window: Window) -> Impact:
    """What citizens felt of one fault."""
    return evidence.once(f"impact {window.fault.name}", lambda: _impact(evidence, window))


def _impact(evidence: Evidence, window: Window) -> Impact:
    steps = touched_steps(evidence, window.fault)
    samples = evidence.frames.samples
    mine = samples.loc[samples["step"].isin(steps), ["planned", "response"]]
    good = evidence.good[mine.index]
    during = (mine["planned"] >= window.start) & (mine["planned"] < window.end)
    before = (mine["planned"] < window.start) & (mine["planned"] >= evidence.run.plan.clock.judged_from)
    objective = _objective(evidence.run.plan.slos, steps)
    requests, bad = int(during.sum()), int((~good[during]).sum())
    observed = _observed_until(evidence, window, steps) - window.end
    after = mine["planned"] >= window.end
    seconds = _good_seconds(mine.loc[after, "planned"] - window.end, good[after], objective, observed)
    recovered = _first_good_run(seconds)
    # one bad second long after a recovery is no echo of the fault; without a recovery it may be
    felt = bad > (1 - objective) * requests or bool(recovered) or (recovered is None and not seconds.all())
    return Impact(
        steps=steps,
        requests=requests,
        bad=bad,
        p95=percentile(mine.loc[during, "response"], 0.95),
        p95_before=percentile(mine.loc[before, "response"], 0.95),
        felt=felt,
        recovered_after=recovered,
        observed=max(observed, 0.0),
    )


def touched_steps(evidence: Evidence, fault: Fault) -> list[str]:
    """Steps whose requests cross a link of the fault: themselves, or in a call made while they were answered.

    A call belongs to a sample when it carries its trace and lies within it: then the citizen waited for it.
    Work that goes on behind an answer carries the trace too and lies within a later request only by chance;
    so a step counts when most of its requests that could have waited did.
    """
    return evidence.once(f"steps {fault.name}", lambda: _touched_steps(evidence, fault.links))


def _touched_steps(evidence: Evidence, links: list[str]) -> list[str]:
    samples, calls = evidence.frames.samples, evidence.frames.calls
    steps = set(samples.loc[samples["link"].isin(links), "step"].unique())
    on_link = calls.loc[calls["link"].isin(links) & (calls["trace"] != NO_ID), ["trace", "at", "done"]]
    if len(on_link):
        asked = samples.loc[id_among(samples["trace"], on_link["trace"]), ["trace", "step", "sent", "done"]]
        share = _waited(asked, on_link).groupby(asked["step"], observed=True).mean()
        steps.update(share.index[share > 0.5])
    return sorted(steps)


def _waited(requests: pd.DataFrame, calls: pd.DataFrame) -> pd.Series:
    """Per request (``trace``, ``sent``, ``done``): whether a call of its trace lies within it.

    Of the calls from ``sent`` on, the one that ended first decides. So each request is joined to one call,
    the next one, which knows when the first of it and all later calls of the trace ended: n log n, where a
    join of all requests with all calls of a trace would grow with their product.
    """
    latest_first = calls.sort_values("at", ascending=False)
    first_done = latest_first.groupby("trace")["done"].cummin()
    ends = latest_first[["trace", "at"]].assign(first_done=first_done)[::-1]
    by_time = requests[["trace", "sent", "done"]].sort_values("sent")
    joined = pd.merge_asof(by_time, ends, left_on="sent", right_on="at", by="trace", direction="forward")
    return pd.Series((joined["first_done"] <= joined["done"]).to_numpy(), index=by_time.index)


def _objective(slos: list[Slo], steps: list[str]) -> float:
    return min(
        (slo.objective for slo in slos if not slo.steps or set(slo.steps) & set(steps)),
        default=DEFAULT_OBJECTIVE,
    )


def _observed_until(evidence: Evidence, window: Window, steps: list[str]) -> float:
    """Until when nothing else disturbed the same steps: the end of the plan, or the next fault on them."""
    later = [
        other.start
        for other in evidence.windows
        if other.start >= window.end and set(touched_steps(evidence, other.fault)) & set(steps)
    ]
    return min([evidence.run.plan.clock.end, *later])


def _good_seconds(since_cure: pd.Series, good: pd.Series, objective: float, observed: float) -> pd.Series:
    """Per whole observed second after the cure in which somebody came: whether it met the objective."""
    second = since_cure.floordiv(1).astype("int64")
    inside = second < int(np.floor(observed))
    per_second = good[inside].groupby(second[inside]).agg(["size", "sum"])
    result: pd.Series = per_second["size"] - per_second["sum"] <= (1 - objective) * per_second["size"]
    return result


def _first_good_run(seconds: pd.Series) -> float | None:
    """Seconds from the cure to the first of the good seconds in a row; None where there is no such run.

    A second in which nobody came says nothing: it neither counts nor interrupts.
    """
    run: list[int] = []
    for at, good in seconds.items():
        run = [*run, int(str(at))] if good else []
        if len(run) == CONSECUTIVE:
            return float(run[0])
    return None
