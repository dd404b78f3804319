"""Requests on links, whoever sent them: samples of the swarm and calls between systems in one frame."""

from __future__ import annotations

import math
from collections import Counter

import msgspec
import pandas as pd

from reports.evidence import Evidence, Window

_COLUMNS = ["link", "at", "done", "status", "error", "trace", "span"]

NOT_SENT = "breaker-open"
"""The error of a call that its caller's circuit breaker kept back: it never met the link."""


def on_links(evidence: Evidence, links: list[str]) -> pd.DataFrame:
    """All requests that went through the links: ``at`` (sent) and ``done`` in seconds relative to T0."""
    samples, calls = evidence.frames.samples, evidence.frames.calls
    of_citizens = samples[samples["link"].isin(links)].rename(columns={"sent": "at"})[_COLUMNS]
    between = calls[calls["link"].isin(links) & (calls["error"] != NOT_SENT)][_COLUMNS]
    both = pd.concat(
        [of_citizens.astype({"link": str, "error": str}), between.astype({"link": str, "error": str})]
    )
    return both.reset_index(drop=True)


def peak(evidence: Evidence) -> tuple[int, int]:
    """The most requests that began in one second on all links together, and that second relative to T0."""
    calls = evidence.frames.calls
    sent = pd.concat([evidence.frames.samples["sent"], calls.loc[calls["error"] != NOT_SENT, "at"]])
    if sent.empty:
        return 0, 0
    counts = Counter(sent.floordiv(1).astype("int64").tolist())
    second, most = max(counts.items(), key=lambda item: (item[1], -item[0]))
    return most, second


class Hits(msgspec.Struct, frozen=True):
    """What a fault did to the requests on one link while it was there.

    ``requests`` met the window, ``failed`` got no answer, ``executed`` of those were received by the callee
    all the same, ``leaked`` were sent well within the window and were received, ``slow`` took longer than
    ``floor`` (seconds; the p95 of the requests on the link while no fault was on it).
    """

    link: str
    requests: int
    failed: int
    unconnected: int
    executed: int
    leaked: int
    slow: int
    floor: float | None


_EDGE = 0.5
"""Seconds at both edges of a window that prove nothing: the record of an event and its effect differ a
little."""

_TRANSPORT = frozenset({"connect", "reset", "timeout", "protocol"})


def hits(evidence: Evidence, window: Window) -> list[Hits]:
    """What the fault did, link by link."""
    return evidence.once(f"hits {window.fault.name}", lambda: _hits(evidence, window))


def _hits(evidence: Evidence, window: Window) -> list[Hits]:
    links, every = evidence.run.plan.link_ends, on_links(evidence, window.fault.links)
    other_windows = [w for w in evidence.windows if set(w.fault.links) & set(window.fault.links)]
    received = evidence.frames.received
    found = []
    for name in window.fault.links:
        requests = every[every["link"] == name]
        callee = received[
            (received["system"] == links[name].callee) & (received["at"] >= window.start - _EDGE)
        ]
        met = requests[(requests["at"] < window.end) & (requests["done"] > window.start)]
        free = requests
        for other in other_windows:
            if name in other.fault.links:
                free = free[(free["done"] <= other.start) | (free["at"] >= other.end)]
        floor = float((free["done"] - free["at"]).quantile(0.95)) if len(free) else None
        answered_late = met["done"] - met["at"] > (math.inf if floor is None else floor)
        unanswered = met["error"].isin(_TRANSPORT)
        keys = pd.MultiIndex.from_frame(callee[["trace", "parent"]])
        arrived = pd.MultiIndex.from_frame(met[["trace", "span"]]).isin(keys)
        inside = (met["at"] > window.start + _EDGE) & (met["at"] < window.end - _EDGE)
        found.append(
            Hits(
                link=name,
                requests=len(met),
                failed=int(unanswered.sum()),
                unconnected=int(met["error"].isin({"connect", "reset"}).sum()),
                executed=int((unanswered & arrived).sum()),
                leaked=int((inside & arrived).sum()),
                slow=int(answered_late.sum()),
                floor=floor,
            )
        )
    return found
