"""Requests on links, whoever sent them: samples of the swarm and calls between systems in one frame."""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec
import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from reports.evidence import Evidence, Window
from reports.lookup import id_among
from reports.plan import Fault

_COLUMNS = ["link", "at", "done", "status", "error", "span"]
_OF_SAMPLE = ["link", "sent", "done", "status", "error", "span"]

NOT_SENT = "breaker-open"
"""The error of a call that its caller's circuit breaker kept back: it never met the link."""


def on_links(evidence: Evidence, links: list[str]) -> pd.DataFrame:
    """All requests that went through the links: ``at`` (sent) and ``done`` in seconds relative to T0."""
    samples, calls = evidence.frames.samples, evidence.frames.calls
    of_citizens = samples.loc[samples["link"].isin(links), _OF_SAMPLE].rename(columns={"sent": "at"})
    between = calls.loc[calls["link"].isin(links) & (calls["error"] != NOT_SENT), _COLUMNS]
    return pd.DataFrame(
        {
            name: union_categoricals([of_citizens[name].array, between[name].array])
            if name in ("link", "error")
            else np.concatenate([of_citizens[name], between[name]])
            for name in _COLUMNS
        }
    )


def through_links(evidence: Evidence) -> int:
    """All requests that were sent on links, by visitors and between systems."""
    calls = evidence.frames.calls
    return len(evidence.frames.samples) + int((calls["error"] != NOT_SENT).sum())


def peak(evidence: Evidence) -> tuple[int, int]:
    """The most requests that began in one second on all links together, and that second relative to T0."""
    calls = evidence.frames.calls
    sent = np.concatenate([evidence.frames.samples["sent"], calls.loc[calls["error"] != NOT_SENT, "at"]])
    if not len(sent):
        return 0, 0
    seconds = np.floor(sent).astype("int64")
    first = int(seconds.min())
    counts = np.bincount(seconds - first)
    busiest = int(np.argmax(counts))  # the first of them
    return int(counts[busiest]), first + busiest


class Hits(msgspec.Struct, frozen=True):
    """What a fault did to the requests on one link while it was there.

    ``requests`` met the window, ``failed`` got no answer, ``executed`` of those were received by the callee
    all the same, ``leaked`` were sent well within the window and were received, ``slow`` took longer than
    ``floor`` (seconds; the p95 of the requests on the link while no fault was on it). ``marked`` were
    answered with the status that the fault makes its systems answer, or are the second sending of a call;
    ``usual`` is the share of such requests while no fault was on the link.
    """

    link: str
    requests: int
    failed: int
    unconnected: int
    executed: int
    leaked: int
    slow: int
    floor: float | None
    marked: int = 0
    usual: float = 0.0

    @property
    def stands_out(self) -> bool:
        """Whether more are marked than chance would bring: two standard deviations above the usual."""
        expected = self.usual * self.requests
        return self.marked > expected + 2 * math.sqrt(expected * (1 - self.usual))


def taken_together(name: str, found: Iterable[Hits]) -> Hits:
    """What a fault did to the requests on several links, which are felt as one."""
    every = list(found)
    requests = sum(hit.requests for hit in every)
    floors = [hit.floor for hit in every if hit.floor is not None]
    return Hits(
        link=name,
        requests=requests,
        failed=sum(hit.failed for hit in every),
        unconnected=sum(hit.unconnected for hit in every),
        executed=sum(hit.executed for hit in every),
        leaked=sum(hit.leaked for hit in every),
        slow=sum(hit.slow for hit in every),
        floor=max(floors, default=None),
        marked=sum(hit.marked for hit in every),
        usual=sum(hit.usual * hit.requests for hit in every) / requests if requests else 0.0,
    )


_EDGE = 0.5
"""Seconds at both edges of a window that prove nothing: the record of an event and its effect differ a
little."""

_TRANSPORT = frozenset({"connect", "reset", "timeout", "protocol"})

_ANSWERS = {"errors": 500, "errors-after": 500, "throttled": 429, "says-not-found": 404}
"""What the systems answer that commit a fault of this kind, unless the fault says another status."""
_TWICE = "duplicate-delivery"


def hits(evidence: Evidence, window: Window) -> list[Hits]:
    """What the fault did, link by link."""
    return evidence.once(f"hits {window.fault.name}", lambda: _hits(evidence, window))


def _hits(evidence: Evidence, window: Window) -> list[Hits]:
    links, every = evidence.run.plan.link_ends, on_links(evidence, window.fault.links)
    other_windows = [w for w in evidence.windows if set(w.fault.links) & set(window.fault.links)]
    heard = _heard(evidence, {links[name].callee for name in window.fault.links}, window.start - _EDGE)
    marked = _marked(evidence, window.fault, every)
    found = []
    for name in window.fault.links:
        requests = every[every["link"] == name]
        parents = heard.loc[heard["system"] == links[name].callee, "parent"]
        caught = requests[(requests["at"] < window.end) & (requests["done"] > window.start)]
        free = requests
        for other in other_windows:
            if name in other.fault.links:
                free = free[(free["done"] <= other.start) | (free["at"] >= other.end)]
        floor = float((free["done"] - free["at"]).quantile(0.95)) if len(free) else None
        took = caught["done"] - caught["at"]
        unanswered = caught["error"].isin(_TRANSPORT)
        arrived = id_among(caught["span"], parents)
        inside = (caught["at"] > window.start + _EDGE) & (caught["at"] < window.end - _EDGE)
        found.append(
            Hits(
                link=name,
                requests=len(caught),
                failed=int(unanswered.sum()),
                unconnected=int(caught["error"].isin({"connect", "reset"}).sum()),
                executed=int((unanswered & arrived).sum()),
                leaked=int((inside & arrived).sum()),
                slow=int((took > (math.inf if floor is None else floor)).sum()),
                floor=floor,
                marked=int(marked[caught.index].sum()),
                usual=float(marked[free.index].mean()) if len(free) else 0.0,
            )
        )
    return found


def _marked(evidence: Evidence, fault: Fault, requests: pd.DataFrame) -> pd.Series:
    """Which of the requests bear the mark of a faulty system; none where something else is faulty."""
    if fault.kind == _TWICE:
        calls = evidence.frames.calls
        arrived = calls[calls["link"].isin(fault.links) & calls["status"].between(200, 299)].sort_values("at")
        again = arrived[arrived.duplicated(["link", "operation", "trace", "attempt"])]
        return requests["span"].isin(again["span"])
    usual = _ANSWERS.get(fault.kind)
    return requests["status"] == (-1 if usual is None else fault.parameters.get("status", usual))


def _heard(evidence: Evidence, systems: set[str], since: float) -> pd.DataFrame:
    """Which requests the systems received since then: the ``system``, and the ``parent`` span of each."""
    received = evidence.frames.received
    return received.loc[received["system"].isin(systems) & (received["at"] >= since), ["system", "parent"]]
