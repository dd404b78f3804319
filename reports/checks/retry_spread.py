"""Do systems come back one by one after a failure, or all in step?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.checks.base import Check, Result, met, missed
from reports.evidence import Evidence
from reports.impact.retries import retries
from reports.text import Text, count, seconds

ENOUGH = 12
"""Retries that can be compared with another one, without which nothing can be said about their spread."""

IN_STEP = 0.75
"""Share of pauses that would have to be equal: the rest may be late because of a busy event loop."""

EQUAL, EQUAL_SHARE = 0.005, 0.01
"""A pause counts as equal to another within so many seconds, or so many parts of it. Of pauses drawn from the
narrowest ranges that honest policies have (a tenth of a second; a quarter on top of one) a sixth pass for
equal, and so nine of twelve with a probability of 10⁻⁵."""

NEAR = 0.25
"""Seconds within which retries of different works are compared."""

TOGETHER = 0.5
"""Share of these that coincide from which they are in step; of independent ones a twenty-fifth does."""

MOMENTS = 3
"""Different seconds in which retries must coincide."""


def spread_out(evidence: Evidence) -> Result | list[Result]:
    """Retries are drawn from a range of instants: equal pauses bring all callers back in step."""
    again = retries(evidence)
    again = again.assign(kind=again["link"].map(_kinds_of_callers(evidence)))
    judged: set[int] = set()
    told: dict[str, Text] = {}
    for kind, rows in again.groupby("kind"):
        verdicts = [(rows, _coincide(str(kind), rows))]
        verdicts += [
            (part, _pause_alike(str(kind), str(operation), part))
            for operation, part in rows.groupby("operation", observed=True)
        ]
        for part, (known, alike) in verdicts:
            if known:
                judged.update(part.index)
            if alike is not None:
                told.setdefault(str(kind), alike)
    if not judged:
        return []
    if not told:
        return met(
            f"{count(len(judged))} lần thử lại phân tán theo thời gian: các bên gọi không quay lại cùng lúc.",
            f"{count(len(judged))} retries are spread out in time: callers do not come back in step.",
        )
    return missed(
        " ".join(text.vi for text in told.values())
        + " Vậy là mọi bên quay lại cùng lúc khi khắc phục; khoảng nghỉ cần được rút ngẫu nhiên.",
        " ".join(text.en for text in told.values())
        + " So all come back at once when a fault is cured; pauses must be drawn at random.",
        tuple(sorted(told)),
    )


def equal_pauses(tries: list[npt.NDArray[np.float64]]) -> bool | None:
    """Whether most pauses (seconds) are equal to the median one before the same try; None if they are few.

    Each array holds the pauses before the second, third, … try. They betray fixed pauses even where the
    works failed at different moments, and so are tried again at different moments.
    """
    equal = others = 0
    for pauses in tries:
        middle = float(np.sort(pauses)[len(pauses) // 2])
        near = np.abs(pauses - middle) <= max(EQUAL, EQUAL_SHARE * middle)
        equal += int(near.sum()) - 1
        others += len(pauses) - 1
    return None if others < ENOUGH else equal >= IN_STEP * others


def coinciding(at: npt.NDArray[np.float64], trace: npt.NDArray[np.uint64]) -> bool | None:
    """Whether retries (instants ascending, seconds) coincide with those of other work; None if few can.

    Of the others within a quarter of a second, most would come within a hundredth; of independent ones a
    twenty-fifth does, however many there are. That betrays a common timer, whose pauses are all different. A
    moment in which an event loop was held up brings some together, too: there must be several such moments.
    """
    near, together = (_others_within(at, trace, seconds) for seconds in (NEAR, 2 * EQUAL))
    close = near > 0
    if int(close.sum()) < ENOUGH:
        return None
    moments = len(np.unique(np.floor(at[together > 0])))
    return bool((together[close] / near[close]).mean() >= TOGETHER) and moments >= MOMENTS


def _others_within(
    at: npt.NDArray[np.float64], trace: npt.NDArray[np.uint64], seconds: float
) -> npt.NDArray[np.int64]:
    """Per retry, how many of other traces come so many seconds before or after it."""
    _, number = np.unique(trace, return_inverse=True)
    apart = float(at[-1] - at[0]) + 2 * NEAR + 1  # puts every trace on a stretch of time of its own
    alone = at - at[0] + number * apart
    counts = []
    for instants in (at, alone):
        ordered = np.sort(instants)
        counts.append(
            np.searchsorted(ordered, instants + seconds, side="right")
            - np.searchsorted(ordered, instants - seconds, side="left")
        )
    others: npt.NDArray[np.int64] = counts[0] - counts[1]
    return others


def _pause_alike(kind: str, operation: str, rows: pd.DataFrame) -> tuple[bool, Text | None]:
    """Whether it can be said, and what, if the pauses are alike: before some try, or before all of them."""
    tries = [part["pause"].to_numpy() for _, part in rows.groupby("nth")]
    compared = [equal_pauses([pauses]) for pauses in tries] + [equal_pauses(tries)]
    known = [each for each in compared if each is not None]
    if not any(known):
        return bool(known), None
    medians = rows.groupby("nth")["pause"].median().iloc[:4]
    pauses = ", ".join(seconds(float(each)) for each in medians)
    times = count(len(rows))
    return True, Text(
        f"{kind} luôn nghỉ như nhau trước khi thử lại {operation}: {pauses} ({times} lần).",
        f"{kind} always pauses alike before it tries {operation} again: {pauses} ({times} times).",
    )


def _coincide(kind: str, rows: pd.DataFrame) -> tuple[bool, Text | None]:
    found = coinciding(rows["at"].to_numpy(), rows["trace"].to_numpy())
    if not found:
        return found is not None, None
    times = count(len(rows))
    return True, Text(
        f"{kind} thử lại những việc khác nhau vào cùng một lúc ({times} lần).",
        f"{kind} tries different pieces of work again at the same instants ({times} times).",
    )


def _kinds_of_callers(evidence: Evidence) -> dict[str, str]:
    """Link → the kind of its caller: systems of one kind run one software, with one policy."""
    kinds = {system.name: system.kind for system in evidence.run.plan.systems}
    return {link.name: kinds.get(link.caller, link.caller) for link in evidence.run.plan.links}


SPREAD = Check(
    "retries-spread",
    "service",
    Text("Thử lại không đồng loạt", "Retries are not in step"),
    spread_out,
    ("TTG96-2c-1", "VP0701-1-2", "TTG0617-III6-2"),
)
