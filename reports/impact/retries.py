"""Which calls between systems are second tries, how many of them each hop adds, and how long they pause.

::

    somebody asks ──────────► caller ──┬─ first try ───────────► callee     a piece of work
                                       ├─ its own second try ──►            a retry: it amplifies
    the same, asked again ──►          └─ passed on again ─────►            not its own: amplified before it
"""

from __future__ import annotations

import msgspec
import numpy as np
import pandas as pd

from reports.evidence import Evidence, Window
from reports.ids import NO_ID
from reports.impact.quiet import Spans, inside, lasting, quiet
from reports.traffic import NOT_SENT

PASSING = frozenset(
    {"connect", "reset", "timeout", "http-429", "http-500", "http-502", "http-503", "http-504"}
)
"""Failures that may be over the next time; whoever hears another one and asks again makes a new request."""

AFTERWARDS = 10.0
"""Seconds after the cure that count as afterwards."""

_WORK = ["link", "operation", "trace"]
_KEPT = ["caller", "link", "operation", "trace", "attempt", "at", "done", "failed"]


class Tries(msgspec.Struct, frozen=True):
    """The calls of a hop in some time: ``retries`` of them are second tries, for ``works`` pieces of work.

    ``per_work`` is the amplification: tries per piece of work; None where there was no call.
    """

    calls: int
    retries: int
    works: int
    per_second: float
    per_work: float | None


class Hop(msgspec.Struct, frozen=True):
    """One hop before, during and for ten seconds after a fault. ``most``: tries of one work, at most.

    ``before`` is the judged time before the fault in which no other one was felt.
    """

    link: str
    caller: str
    callee: str
    before: Tries
    during: Tries
    after: Tries
    most: int


def retries(evidence: Evidence) -> pd.DataFrame:
    """The second, third, … tries that callers made of their own accord, in the order of time.

    Columns: ``link``, ``operation``, ``trace``, ``at``, ``done``, ``failed``, ``pause`` (seconds since the
    try before had failed), ``nth`` (2 is the first retry), ``work`` (int, the same for all tries of a piece
    of work) and ``first`` (when it was tried first).

    A retry follows a passing failure of the same operation in the same trace; where each try has a trace of
    its own, the number that the caller gives it tells. What somebody else asked the caller for once more is
    not its own.
    """
    return evidence.once("retries", lambda: _retries(evidence))


def hops(evidence: Evidence, window: Window) -> list[Hop]:
    """The links of the fault, and those to their callers on which something was tried again."""
    return evidence.once(f"hops {window.fault.name}", lambda: _hops(evidence, window))


def _retries(evidence: Evidence) -> pd.DataFrame:
    calls = evidence.frames.calls
    sent = calls["error"] != NOT_SENT
    failed = calls["error"].isin(PASSING)
    traces = calls.loc[failed & (calls["trace"] != NO_ID), "trace"].unique()
    concerned = sent & (failed | (calls["attempt"] > 1) | calls["trace"].isin(traces))
    columns = ["caller", "link", "operation", "trace", "attempt", "at", "done"]
    rows = calls.loc[concerned, columns].assign(failed=failed[concerned])
    rows = rows.sort_values("at", kind="stable", ignore_index=True)
    rows = rows.astype({"caller": "str", "link": "str"})  # few: plain texts, whatever the categories
    traced = _in_one_trace(rows)
    numbered = _by_number(rows, rows.index.difference(traced.index))
    found = pd.concat([traced, numbered])
    found = found[~_asked_again(evidence, found)].sort_values("at", ignore_index=True)
    return found[["link", "operation", "trace", "at", "done", "failed", "pause", "nth", "work", "first"]]


def _in_one_trace(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that follow a failure of the same operation in the same trace on the same link."""
    by_work = rows.groupby(_WORK, observed=True, sort=False)
    before = by_work[["done", "failed", "at"]].shift()
    again = before["failed"].eq(True)
    # what follows a success in the same trace is a new piece of work
    part = (~again).groupby([rows[name] for name in _WORK], observed=True, sort=False).cumsum()
    whole = rows.assign(part=part).groupby([*_WORK, "part"], observed=True, sort=False)
    return pd.DataFrame(
        {
            **rows[_KEPT],
            "pause": rows["at"] - before["done"],
            "nth": np.maximum(whole.cumcount() + 1, rows["attempt"]),
            "work": whole.ngroup(),
            "first": whole["at"].transform("first"),
            "since": before["at"],
        }
    )[again]


def _by_number(rows: pd.DataFrame, others: pd.Index) -> pd.DataFrame:
    """The rows that say that they are a second try, and whose first was made under another trace."""
    claimed = rows.loc[others]
    claimed = claimed[claimed["attempt"] > 1]
    failures = rows.loc[rows["failed"], ["link", "done", "attempt"]].sort_values("done")
    failures = failures.assign(attempt=(failures["attempt"] + 1).astype(claimed["attempt"].dtype))
    joined = pd.merge_asof(
        claimed, failures.rename(columns={"done": "ended"}), left_on="at", right_on="ended",
        by=["link", "attempt"],
    )  # fmt: skip
    # a first try that fails begins the next piece of work of a line that is sent in order
    begun = rows.loc[rows["failed"] & (rows["attempt"] == 1), ["link", "at"]].rename(columns={"at": "first"})
    begun = begun.assign(work=-1 - np.arange(len(begun)))
    joined = pd.merge_asof(joined, begun, left_on="at", right_on="first", by="link").dropna(
        subset=["ended", "first"]
    )
    return pd.DataFrame(
        {
            **joined[_KEPT],
            "pause": joined["at"] - joined["ended"],
            "nth": joined["attempt"],
            "work": joined["work"].astype("int64"),
            "first": joined["first"],
            "since": joined["ended"],
        }
    )


def _asked_again(evidence: Evidence, found: pd.DataFrame) -> pd.Series:
    """Per retry whether its caller had itself been asked again since the try before."""
    received = evidence.frames.received
    plain = found[found["attempt"] == 1].sort_values("at")
    if not len(plain):
        return pd.Series(False, index=found.index)
    asked = received.loc[received["trace"].isin(plain["trace"].unique()), ["system", "trace", "at"]]
    asked = asked.assign(caller=asked["system"].astype("str"), heard=asked["at"]).sort_values("at")
    joined = pd.merge_asof(
        plain[["at", "caller", "trace", "since"]], asked[["at", "caller", "trace", "heard"]], on="at",
        by=["caller", "trace"],
    )  # fmt: skip
    again = pd.Series((joined["heard"] > joined["since"]).to_numpy(), index=plain.index)
    return again.reindex(found.index, fill_value=False)


def _hops(evidence: Evidence, window: Window) -> list[Hop]:
    ends = evidence.run.plan.link_ends
    again = retries(evidence)
    until = afterwards(evidence, window)
    felt = again[(again["at"] >= window.start) & (again["at"] < until)]
    callers = {ends[link].caller for link in window.fault.links if link in ends}
    tried = felt["link"].value_counts()
    above = [str(link) for link in tried.index[tried > 0] if ends[str(link)].callee in callers]
    links = [link for link in dict.fromkeys([*window.fault.links, *above]) if link in ends]
    calls = evidence.frames.calls
    sent = calls.loc[calls["link"].isin(links) & (calls["error"] != NOT_SENT), ["link", "at"]]
    mine = again[again["link"].isin(links)]
    before, during, after = (
        _tries(sent, mine, spans)
        for spans in (
            quiet(evidence, window.start),
            [(window.start, window.end)],
            [(window.end, until)] if until > window.end else [],
        )
    )
    none = Tries(0, 0, 0, 0.0, None)
    most = felt.groupby("link", observed=True)["nth"].max()
    return [
        Hop(
            link=link,
            caller=ends[link].caller,
            callee=ends[link].callee,
            before=before.get(link, none),
            during=during.get(link, none),
            after=after.get(link, none),
            most=int(most.get(link, 1)),
        )
        for link in links
        if link in during or link in after
    ]


def afterwards(evidence: Evidence, window: Window) -> float:
    """Until when what happens is the aftermath of this fault: ten seconds, or less if another one begins."""
    later = [other.start for other in evidence.windows if other.start >= window.end]
    return min([window.end + AFTERWARDS, evidence.run.plan.clock.end, *later])


def _tries(sent: pd.DataFrame, again: pd.DataFrame, spans: Spans) -> dict[str, Tries]:
    """Link → its calls in this time."""
    calls = sent.loc[inside(sent["at"], spans), "link"].value_counts()
    mine = again[inside(again["at"], spans)]
    begun = spans[0][0] if spans else 0.0
    seconds = lasting(spans)
    found = {}
    for name, count in calls[calls > 0].items():
        tried = mine[mine["link"] == name]
        carried = int(tried.loc[tried["first"] < begun, "work"].nunique())
        works = int(count) - len(tried) + carried
        found[str(name)] = Tries(
            calls=int(count),
            retries=len(tried),
            works=works,
            per_second=int(count) / seconds,
            per_work=int(count) / works if works else None,
        )
    return found
