"""Which steps wait for the links of a fault."""

from __future__ import annotations

import pandas as pd

from reports.evidence import Evidence
from reports.ids import NO_ID
from reports.lookup import id_among
from reports.plan import Fault

MOST = 0.5
"""Share of a step's requests that wait for a link from which the step counts as touched."""


def touched_steps(evidence: Evidence, fault: Fault) -> list[str]:
    """Steps whose requests cross a link of the fault: themselves, or in a call made while they were answered.

    A call belongs to a sample when it carries its trace and lies within it: then the citizen waited for it.
    Work that goes on behind an answer carries the trace too and lies within a later request only by chance;
    so a step counts when most of its requests that could have waited did.
    """
    waiting = _waiting(evidence, fault)
    return sorted(str(step) for step in waiting.index[waiting > MOST])


def reached_steps(evidence: Evidence, fault: Fault) -> list[str]:
    """Steps of which any request waited for a link of the fault, be it one of a thousand.

    What is none of these had no reason to be worse while the fault lasted.
    """
    waiting = _waiting(evidence, fault)
    return sorted(str(step) for step in waiting.index[waiting > 0])


def _waiting(evidence: Evidence, fault: Fault) -> pd.Series:
    """Step → the share of its requests that waited, of those that could have."""
    return evidence.once(f"steps {fault.name}", lambda: _share_waiting(evidence, fault.links))


def _share_waiting(evidence: Evidence, links: list[str]) -> pd.Series:
    samples, calls = evidence.frames.samples, evidence.frames.calls
    themselves = [str(step) for step in samples.loc[samples["link"].isin(links), "step"].unique()]
    share = pd.Series(dtype="float64")
    on_link = calls.loc[calls["link"].isin(links) & (calls["trace"] != NO_ID), ["trace", "at", "done"]]
    if len(on_link):
        asked = samples.loc[id_among(samples["trace"], on_link["trace"]), ["trace", "step", "sent", "done"]]
        share = waited(asked, on_link).groupby(asked["step"].astype("str")).mean()
    shares: pd.Series = pd.concat([share.drop(themselves, errors="ignore"), pd.Series(1.0, index=themselves)])
    return shares


def waited(requests: pd.DataFrame, calls: pd.DataFrame) -> pd.Series:
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
