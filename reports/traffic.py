"""Requests on links, whoever sent them: samples of the swarm and calls between systems in one frame."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from reports.evidence import Evidence, Window
from reports.lookup import id_among

_COLUMNS = ["link", "at", "done", "error", "span"]
_OF_SAMPLE = ["link", "sent", "done", "error", "span"]

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
    heard = _heard(evidence, {links[name].callee for name in window.fault.links}, window.start - _EDGE)
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
            )
        )
    return found


def _heard(evidence: Evidence, systems: set[str], since: float) -> pd.DataFrame:
    """Which requests the systems received since then: the ``system``, and the ``parent`` span of each."""
    received = evidence.frames.received
    return received.loc[received["system"].isin(systems) & (received["at"] >= since), ["system", "parent"]]
