"""What waits between two systems: dossiers on their way, and calls that have to be made again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reports.evidence import Evidence, Window
from reports.impact.quiet import inside, quiet
from reports.impact.retries import retries
from reports.lookup import number_of
from reports.statistics import percentile

LATE = 1.0
"""Seconds on the way from which a dossier is late, where the quiet time tells of no slower ordinary one."""

TIMES_ORDINARY = 5.0
"""A dossier is late, too, only if it took so many times the ordinary p95."""


def transits(evidence: Evidence) -> pd.DataFrame:
    """The dossiers that went from one store to the next during the run.

    Columns: ``province`` (code), ``down`` (True: from the national portal to the case system, False: the
    other way), ``left`` and ``arrived`` (seconds relative to T0; +inf: it is not there).
    """
    return evidence.once("transits", lambda: _transits(evidence))


def _transits(evidence: Evidence) -> pd.DataFrame:
    empty = pd.DataFrame({"province": [], "down": [], "left": [], "arrived": []})
    stored = evidence.frames.stored
    if stored is None:
        return empty
    plan = evidence.run.plan
    dossiers = stored[(stored["kind"] == "dossier") & np.isfinite(stored["at"])]
    above = dossiers[dossiers["system"].isin([s.name for s in plan.systems_of("national-portal")])]
    below = dossiers[dossiers["system"].isin([s.name for s in plan.systems_of("case-system")])]
    both = pd.concat([above, below]).drop_duplicates("record")[["record", "province"]]
    at = [
        number_of(both["record"], side.drop_duplicates("record").set_index("record")["at"])
        .fillna(np.inf)
        .to_numpy()
        for side in (above, below)
    ]
    return pd.DataFrame(
        {
            "province": both["province"].to_numpy(),
            "down": at[0] < at[1],
            "left": np.minimum(*at),
            "arrived": np.maximum(*at),
        }
    ).sort_values("left", ignore_index=True)


def late_after(evidence: Evidence) -> float:
    """Seconds on the way from which a dossier is late: far beyond what is ordinary without a fault."""
    way = transits(evidence)
    free = way[inside(way["left"], quiet(evidence)) & np.isfinite(way["arrived"])]
    ordinary = percentile(free["arrived"] - free["left"], 0.95)
    return max(LATE, TIMES_ORDINARY * (ordinary or 0.0))


def late_dossiers(evidence: Evidence) -> pd.DataFrame:
    """Those that were on their way for too long, or still are.

    What never arrives although all queues are empty is lost: it waits no more. What is meant for a province
    that was never connected has not been delayed by any fault.
    """
    way = transits(evidence)
    late = way["arrived"] - way["left"] > late_after(evidence)
    if evidence.at_rest:
        late &= np.isfinite(way["arrived"])
    return way[late & ~way["province"].isin(evidence.disconnected)]


def ways_hit(evidence: Evidence, window: Window) -> dict[tuple[str, bool], list[str]]:
    """The ways of dossiers (province, down) that lead over a link or a system of the fault, with their links
    in order."""
    plan, hit = evidence.run.plan, {*window.fault.links, *window.fault.systems}
    found = {}
    for province in plan.province_names:
        for links, down in ((evidence.hops(province), True), (_upwards(evidence, province), False)):
            ends = [plan.link_ends[link] for link in links]
            if hit & {*links, *(end.caller for end in ends), *(end.callee for end in ends)}:
                found[province, down] = links
    return found


def _upwards(evidence: Evidence, province: str) -> list[str]:
    """The links from the province's case system to the national portal, in order."""
    plan = evidence.run.plan
    there = [plan.link_ends[link] for link in reversed(evidence.hops(province))]
    names = {(link.caller, link.callee): link.name for link in plan.links}
    back = [names.get((link.callee, link.caller)) for link in there]
    return [link for link in back if link is not None]


def calls_waiting(evidence: Evidence, links: list[str]) -> pd.DataFrame:
    """Pieces of work that had to be tried again on these links: ``left`` when first tried, ``arrived`` when
    the last try ended (+inf where it failed and the queues were not empty at the end)."""
    again = retries(evidence)
    mine = again[again["link"].isin(links)]
    works = mine.groupby("work").agg({"first": "min", "done": "max", "failed": "last"})
    open_still = works["failed"] & (not evidence.at_rest)
    return pd.DataFrame({"left": works["first"], "arrived": works["done"].where(~open_still, np.inf)})
