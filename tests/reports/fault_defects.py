"""Defects to plant in a night that show in how its faults went: in queues, in second tries, elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.reports.factory import Night, ns
from tests.reports.instruments import Instruments

CUT = (4.0, 9.0)
"""When the way to the case system of province 01 is cut."""


def _delivered(run: Night, *, of_01: bool) -> list[dict[str, Any]]:
    """The records of case systems of dossiers that the national portal took while the link was cut."""
    sent = {
        row["record"]
        for row in run.stored
        if row["system"] == "national-portal" and ns(CUT[0]) <= row["at"] < ns(CUT[1])
    }
    return [
        row
        for row in run.stored
        if row["record"] in sent
        and row["system"].startswith("case-")
        and (row["system"] == "case-01") == of_01
    ]


def slow_to_drain(run: Night) -> None:
    """Once the link is there again, what waited arrives at one dossier in three seconds."""
    for number, row in enumerate(_delivered(run, of_01=True)):
        row["at"] = ns(CUT[1] + 3 * (number + 1))


def never_drained(run: Night) -> None:
    waiting = _delivered(run, of_01=True)
    run.stored = [row for row in run.stored if row not in waiting]
    run.run.update(drained=False, backlog={"national-portal": len(waiting)})


def drained_at_once(run: Night) -> None:
    """The same dossiers, as soon as the link is there again."""
    for row in _delivered(run, of_01=True):
        row["at"] = ns(CUT[1] + 0.2)


def one_line_for_all(run: Night) -> None:
    """Who stalls in one province stalls in all."""
    for row in _delivered(run, of_01=False):
        row["at"] = max(row["at"], ns(CUT[1] + 0.3))


def journeys_dragged_along(run: Night) -> None:
    """Tracking a dossier asks VNeID nothing, and yet fails while VNeID is slow."""
    for row in run.samples:
        if row["step"] == "track" and ns(12) <= row["planned"] < ns(17):
            row.update(outcome="failed", status=500, error="http-500")


def _again(run: Night, first: float, tries: list[float], *, number: int, error: str = "connect") -> None:
    """A charge that is tried at these moments; each try fails within three milliseconds."""
    trace = f"{number:032x}"
    for attempt, at in enumerate([first, *tries], start=1):
        run.call("national-portal--payment", "charge", at, 0.003, trace, error=error, status=0, reaches=False)
        run.calls[-1]["attempt"] = attempt


def hasty_retries(run: Night) -> None:
    """One charge is tried twenty times a second."""
    _again(run, 23.0, [23.0 + 0.05 * n for n in range(1, 60)], number=1)


def patient_retries(run: Night) -> None:
    """Charges are tried again as full jitter has it: first soon, then up to two seconds later."""
    for number in range(40):
        at = first = 22.0 + 0.1 * number
        tries = []
        for attempt in range(5):
            at += 0.003 + run.rng.uniform(0, min(2.0, 0.2 * 2**attempt))
            tries.append(at)
        _again(run, first, tries, number=number + 1)


def storm_after_the_cure(run: Night) -> None:
    """Every second there are twelve more tries of old charges, long after the payment platform is back."""
    for number in range(12):
        starts = 23.0 + run.rng.random()
        _again(run, starts, [starts + n + run.rng.random() * 0.5 for n in range(1, 17)], number=number + 1)


def fixed_pauses(run: Night) -> None:
    """Half a second after each failure, whoever failed."""
    for number in range(20):
        first = 22.0 + 0.17 * number
        _again(run, first, [first + 0.503 * n for n in (1, 2)], number=number + 1)


def one_timer(run: Night) -> None:
    """What failed at any moment is tried again at the next full second."""
    for number in range(20):
        first = 22.0 + 0.17 * number
        _again(run, first, [float(np.floor(first)) + 1 + 0.0001 * number], number=number + 1)


def tiring_vneid(run: Night) -> None:
    mine = [row for row in run.received if row["system"] == "vneid"]
    for number, row in enumerate(sorted(mine, key=lambda row: row["at"])):
        row["service_us"] += round(number * 4000 / len(mine))


def _with_memory(run: Night, per_second: float) -> None:
    """The process of the central systems holds so many bytes more every second."""

    def tamper(told: Instruments) -> None:
        rows = told.pulses["mocks-national"]
        begin = rows[0]["at"]
        for row in rows:
            row["rss"] = round(1e8 + (row["at"] - begin) / 1e9 * per_second)

    run.tampered.append(tamper)


def leaking_process(run: Night) -> None:
    _with_memory(run, 5e6)


def growing_process(run: Night) -> None:
    """As stores do that remember every dossier."""
    _with_memory(run, 2e4)
