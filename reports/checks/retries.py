"""Do systems try again with restraint: not too often, and not on and on?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reports.checks.base import Check, Result, met, missed
from reports.evidence import Evidence, Window
from reports.impact.backlog import REST
from reports.impact.quiet import inside
from reports.impact.retries import hops, retries
from reports.text import Text, count, listed, seconds, share
from reports.traffic import NOT_SENT

WITHIN = 5.0
"""Seconds in which the retries of one piece of work are counted."""

TRIES = 14
"""Retries of one piece of work in that time, at most: a burst of four, then two a second. Exponential backoff
from a tenth of a second on stays far below; who waits for nothing makes hundreds. (A proposal of this
project.)"""

RETRY_BUDGET = 0.2
"""Share of retries among the calls of a link once a cure has had time to be noticed. Beyer et al., Site
Reliability Engineering, 2016, chapter 21, give a client a budget of 10 %; a storm that feeds itself is near
100 % (Bronson et al., Metastable Failures in Distributed Systems, HotOS 2021)."""

WATCHED = 20.0
"""Seconds for which that is watched."""

FEWEST = 20
"""Retries in that time without which there is no storm."""


def bounded(evidence: Evidence) -> Result | list[Result]:
    """No piece of work is tried too often in a short time, and after a cure retries die down."""
    again = retries(evidence)
    if not len(again):
        return []
    often = _too_often(again)
    storms = [storm for window in evidence.windows for storm in _storms(evidence, window)]
    ends = evidence.run.plan.link_ends
    told = [
        Text(
            f"{ends[link].caller} thử lại một việc {count(n)} lần trong {seconds(WITHIN)} trên {link}; nhiều "
            f"nhất cho phép {TRIES}.",
            f"{ends[link].caller} tried one piece of work again {count(n)} times within {seconds(WITHIN)} on "
            f"{link}; at most {TRIES} are allowed.",
        )
        for link, n in list(often.items())[:5]
    ]
    told += [
        Text(
            f"{ends[link].caller} vẫn thử lại trên {link} lâu sau khi khắc phục {fault}: {share(part, 0)} "
            f"lời gọi là thử lại; cho phép {share(RETRY_BUDGET, 0)}.",
            f"{ends[link].caller} went on trying again on {link} long after {fault} was cured: "
            f"{share(part, 0)} of its calls were retries; {share(RETRY_BUDGET, 0)} are allowed.",
        )
        for link, fault, part in storms[:5]
    ]
    if told:
        return missed(
            " ".join(text.vi for text in told),
            " ".join(text.en for text in told),
            tuple(dict.fromkeys([*often, *(link for link, _, _ in storms)])),
            ("capacity-suffices",) if evidence.exhausted and not often else (),
        )
    most, works = int(again["nth"].max()), again["work"].nunique()
    callers = listed(sorted({ends[str(link)].caller for link in again["link"].unique()}), 3)
    return met(
        f"{callers} thử lại {count(len(again))} lần cho {count(works)} việc, nhiều nhất {count(most)} lần "
        f"một việc; không việc nào quá {TRIES} lần trong {seconds(WITHIN)}, và sau khi khắc phục thì ngừng.",
        f"{callers} tried again {count(len(again))} times for {count(works)} pieces of work, at most "
        f"{count(most)} times for one; none more than {TRIES} times within {seconds(WITHIN)}, and it ended "
        "with the cures.",
    )


def _too_often(again: pd.DataFrame) -> dict[str, int]:
    """Link → the most retries of one piece of work within the time, where they are too many."""
    found: dict[str, int] = {}
    ordered = again.sort_values(["work", "at"])
    at, work = ordered["at"], ordered["work"]
    dense = ordered[(work == work.shift(TRIES)) & (at - at.shift(TRIES) <= WITHIN)]
    for number in dense["work"].unique():
        tries = ordered.loc[work == number, "at"].to_numpy()
        most = int((np.searchsorted(tries, tries + WITHIN, side="right") - np.arange(len(tries))).max())
        link = str(dense.loc[dense["work"] == number, "link"].iloc[0])
        found[link] = max(found.get(link, 0), most)
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def _storms(evidence: Evidence, window: Window) -> list[tuple[str, str, float]]:
    """Links on which retries went on after the cure, the fault, and their share of the calls."""
    since = window.end + REST
    later = [other.start for other in evidence.windows if other.end > window.end]
    until = min([since + WATCHED, evidence.run.plan.clock.end, *later])
    if until <= since:
        return []
    again, calls = retries(evidence), evidence.frames.calls
    tried = again.loc[inside(again["at"], [(since, until)]), "link"].value_counts()
    found = []
    for link in (hop.link for hop in hops(evidence, window)):
        mine = int(tried.get(link, 0))
        if mine < FEWEST:
            continue
        on_link = calls.loc[(calls["link"] == link) & (calls["error"] != NOT_SENT), "at"]
        part = mine / max(int(inside(on_link, [(since, until)]).sum()), 1)
        if part > RETRY_BUDGET:
            found.append((link, window.fault.name, part))
    return found


BOUNDED = Check(
    "retries-bounded",
    "service",
    Text("Thử lại có chừng mực", "Retries are bounded"),
    bounded,
    ("TTG96-2c-1", "VP0701-1-2", "TTG0617-III6-2"),
)
