"""What comes at once when a fault is cured, and what that does to the systems behind its links."""

from __future__ import annotations

import msgspec
import numpy as np

from reports.evidence import Evidence, Window
from reports.impact.quiet import ordinary_rates

TICK = 0.1
"""Seconds in which arrivals are counted."""

WATCHED = 5.0
"""Seconds after the cure."""

SHOWN = 5
"""Systems per fault at most: those with the highest peaks for what they can take."""


class Herd(msgspec.Struct, frozen=True):
    """The requests that a system received in the five seconds after a cure, in ticks of 100 ms.

    ``peak`` came in the fullest tick, ``peak_after`` seconds after the cure. ``ordinary`` is the mean per
    tick while no fault was felt (None where there was no such time), ``capacity`` what the declared servers
    do in a tick (None where no service time is declared). ``refused`` were turned away at that capacity.
    """

    system: str
    peak: int
    peak_after: float
    ordinary: float | None
    capacity: float | None
    refused: int


def herds(evidence: Evidence, window: Window) -> list[Herd]:
    """The systems behind the links of the fault, the one hit hardest first."""
    plan, received = evidence.run.plan, evidence.frames.received
    callees = {plan.link_ends[link].callee for link in window.fault.links if link in plan.link_ends}
    since = received["at"].to_numpy()
    soon = received.loc[
        (since >= window.end) & (since < window.end + WATCHED), ["system", "at", "status", "service_us"]
    ]
    soon = soon[soon["system"].isin(callees)]
    ordinary = ordinary_rates(evidence)
    found = []
    for system in plan.systems:
        mine = soon[soon["system"] == system.name] if system.name in callees else soon[:0]
        if not len(mine):
            continue
        ticks = np.bincount(np.floor((mine["at"].to_numpy() - window.end) / TICK).astype(np.int64))
        capacity = system.servers / system.service_mean * TICK if system.service_mean else None
        found.append(
            Herd(
                system=system.name,
                peak=int(ticks.max()),
                peak_after=round(float(np.argmax(ticks)) * TICK, 1),
                ordinary=ordinary.get(system.name, 0.0) * TICK if ordinary else None,
                capacity=capacity,
                refused=int(((mine["status"] == 503) & (mine["service_us"] == 0)).sum()),
            )
        )
    return sorted(found, key=lambda herd: (-herd.refused, -herd.peak / (herd.capacity or 1.0)))[:SHOWN]
