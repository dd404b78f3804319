"""Which journey uses which way, and how: from the samples and calls of a run without faults."""

from __future__ import annotations

import pandas as pd

from reports.evidence import Evidence
from reports.ids import NO_ID
from reports.matrix.files import Role, Use
from reports.plan import Plan

SETTLED = 5.0
"""Seconds after T0 from which nobody is in the middle of what an old portal began."""
MOST = 0.5
"""Share above which something is the rule and not chance, or the exception."""

_PAIR = ["journey", "way"]
_STEP = ["journey", "step", "asked"]
"""A step at one kind of system: what an old portal does for it says nothing about the national one."""


def ways(plan: Plan) -> dict[str, str]:
    """The way of each link: between which kinds it leads."""
    kinds = {system.name: system.kind for system in plan.systems}
    return {
        link.name: f"{kinds.get(link.caller, link.caller)}--{kinds.get(link.callee, link.callee)}"
        for link in plan.links
    }


def uses(evidence: Evidence) -> list[Use]:
    """Every journey and way of the run that have to do with each other, before T0 and after it."""
    way = ways(evidence.run.plan)
    samples, calls = evidence.frames.samples, evidence.frames.calls
    samples = samples.assign(asked=samples["link"].astype(str).map(way))
    calls = calls.assign(way=calls["link"].astype(str).map(way))
    before = samples[(samples["planned"] < 0) & (samples["done"] < 0)]
    after = samples[samples["planned"] >= SETTLED]
    return [
        Use(journey, name, role, before_t0)
        for part, before_t0 in ((before, True), (after, False))
        for (journey, name), role in sorted(_roles(part, calls).items())
    ]


def _roles(samples: pd.DataFrame, calls: pd.DataFrame) -> dict[tuple[str, str], Role]:
    """The role by journey and way. What a visitor asks there directly outdoes what a system asks there."""
    found = _behind_the_scenes(_plain(samples), calls)
    asked = samples[["journey", "asked"]].astype(str).drop_duplicates()
    found |= {(str(journey), str(way)): "asked" for journey, way in asked.itertuples(index=False)}
    return found


def _behind_the_scenes(samples: pd.DataFrame, calls: pd.DataFrame) -> dict[tuple[str, str], Role]:
    """The roles of ways on which a system called another in a visitor's name (with the visitor's trace).

    Most calls of a journey on a way lie within requests of its visitors: they are waited for. They are
    essential where most requests of some step hold one; where a few do, the system knew the answer otherwise
    (a copy, for example). Calls that lie between the requests go on behind an answer.
    """
    traced = calls.loc[calls["trace"] != NO_ID, ["trace", "way", "at", "done", "span"]]
    pairs = traced.merge(samples, on="trace", suffixes=("", "_of_request"))
    pairs["inside"] = pairs["at"].ge(pairs["sent"]) & pairs["done"].le(pairs["done_of_request"])
    calls_inside = pairs.groupby([*_PAIR, "span"], as_index=False)["inside"].max()
    requests = samples.drop_duplicates("request").groupby(_STEP, as_index=False).size()
    held = pairs.loc[pairs["inside"]].drop_duplicates(["way", "request"])
    holding = held.groupby(["way", *_STEP], as_index=False).size()
    of_steps = holding.merge(requests, on=_STEP, suffixes=("", "_in_all"))
    essential = of_steps[of_steps["size"] > MOST * of_steps["size_in_all"]]
    waited_for = set(zip(essential["journey"], essential["way"], strict=True))
    inside = calls_inside.groupby(_PAIR, as_index=False)["inside"].mean()
    return {
        (str(journey), str(way)): _role(share, waited_for=(journey, way) in waited_for)
        for journey, way, share in inside.itertuples(index=False)
    }


def _role(inside: float, *, waited_for: bool) -> Role:
    if inside <= MOST:
        return "behind"
    return "waited-for" if waited_for else "done-without"


def _plain(samples: pd.DataFrame) -> pd.DataFrame:
    """The columns that count, names as texts (groups of categories would hold every combination)."""
    known = samples.loc[samples["trace"] != NO_ID, ["trace", *_STEP, "sent", "done", "span"]]
    return known.rename(columns={"span": "request"}).astype({"journey": str, "step": str})
