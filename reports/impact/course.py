"""A fault second by second: what its chart shows."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import numpy.typing as npt

from reports.evidence import Evidence, Window
from reports.impact.backlog import backlogs, because_of, level
from reports.impact.felt import answers_per_second, impact
from reports.impact.retries import hops, retries

BEFORE, AFTER = 5.0, 10.0
"""Seconds that are shown before the start and, at least, after the cure."""

LONGEST = 120
"""Seconds that are shown at most."""


class Course(msgspec.Struct, frozen=True):
    """Whole seconds from ``first`` on (relative to T0).

    ``good`` is the share of good answers on the touched steps (null where nobody came), ``waiting`` how many
    waited at the end of the second (:class:`~reports.impact.backlog.Backlog`), ``retries`` second tries
    of systems on the fault's links and on those that lead to them.
    """

    first: float
    good: list[float | None]
    waiting: list[int]
    retries: list[int]


def course(evidence: Evidence, window: Window) -> Course:
    """From shortly before the fault until its last trace is gone."""
    seen = impact(evidence, window)
    after = [AFTER, seen.cured - window.end + (seen.recovered_after or 0.0)]
    after += [b.cured - window.end + (b.observed if b.gone_after is None else b.gone_after)
              for b in backlogs(evidence, window)]  # fmt: skip
    first = window.start - BEFORE
    seconds = min(math.ceil(window.end + max(after) + 2 - first), LONGEST)
    came, good = answers_per_second(evidence, window, first, first + seconds)
    again = retries(evidence)
    on = {hop.link for hop in hops(evidence, window)}
    mine = again.loc[again["link"].isin(on), "at"].to_numpy()
    ends: npt.NDArray[np.float64] = first + np.arange(1.0, seconds + 1)
    waiting = sum((level(rows, ends) for _, rows in because_of(evidence, window)), np.zeros(seconds, "int64"))
    return Course(
        first=first,
        good=[float(g) / int(c) if c else None for c, g in zip(came, good, strict=True)],
        waiting=[int(n) for n in waiting],
        retries=[int(n) for n in np.histogram(mine, np.append(first, ends))[0]],
    )
