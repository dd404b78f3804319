"""What the instrument says of itself on a night of :mod:`tests.reports.factory`: consistent with all that
happened.

It is observed when the folder is written, so that a defect planted in the samples does not break the books; a
defect of the instrument itself changes :class:`Instruments` (``Night.tampered``).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from reports import journal
from tests.reports.moments import ns

if TYPE_CHECKING:
    from tests.reports.factory import Night

Row = dict[str, Any]

MOCKS = ("mocks-national", "mocks-provinces")
PERIOD = 0.05


@dataclass
class Instruments:
    """Rows of the journals: ``counts`` by worker, ``pulses`` by process."""

    visits: list[Row]
    counts: list[dict[str, int]]
    pulses: dict[str, list[Row]]
    probes: list[Row]

    def stall(
        self, process: str, at: float, lasts: float, *, cpu: float, waited: float, thread: float
    ) -> None:
        """The event loop stands still; meanwhile the process used ``cpu`` and ``waited`` (shares of the
        time), and its native thread was late by ``thread`` (share of the stall)."""
        until = ns(at + lasts)
        used, without = round(cpu * lasts * 1e9), round(waited * lasts * 1e9)
        for row in self.pulses[process]:
            if row["at"] >= ns(at):
                row["cpu"] += used
                row["waited"] += without
                if row["at"] < until:
                    thread_lag = round(thread * lasts * 1e9)
                    row.update(loop_lag=row["loop_lag"] + until - row["at"], at=until, thread_lag=thread_lag)


def observe(night: Night) -> Instruments:
    """What every process saw of this night."""
    shares, visits = _shares(night, night.samples), _visits(night)
    pulses = worker_pulses(night, night.samples)
    for process, mine in received_by(night).items():
        pulses[process] = _pulse(night, process, _instants(mine, "at"), _instants(mine, "done"))
    counts = [_counts(worker, night.workers, mine, visits) for worker, mine in enumerate(shares)]
    return Instruments(visits, counts, pulses, _probes(night))


def received_by(night: Night) -> dict[str, list[Row]]:
    """What each process of mocks received: the provinces' systems have one, all others another."""
    central = {system["name"] for system in night.plan["systems"] if not system["province"]}
    return {
        process: [row for row in night.received if (row["system"] in central) == inside]
        for process, inside in zip(MOCKS, (True, False), strict=True)
    }


def worker_pulses(night: Night, samples: list[Row]) -> dict[str, list[Row]]:
    """The pulses of the workers while these requests were under way."""
    return {
        f"worker-{worker}": _pulse(
            night, f"worker-{worker}", _instants(mine, "sent"), _instants(mine, "done")
        )
        for worker, mine in enumerate(_shares(night, samples))
    }


def _shares(night: Night, samples: list[Row]) -> list[list[Row]]:
    return [[r for r in samples if r["arrival"] % night.workers == w] for w in range(night.workers)]


def _instants(rows: list[Row], name: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.sort(np.array([row[name] for row in rows], dtype="int64"))


def _visits(night: Night) -> list[Row]:
    last = {row["arrival"]: row["done"] for row in sorted(night.samples, key=lambda row: row["done"])}
    return [
        {"arrival": row["arrival"], "at": at, "done": max(last.get(row["arrival"], 0), at), "end": "finished"}
        for row in night.arrivals
        for at in (ns(row["planned"] / 1e9 + 0.0004),)
    ]


def _counts(worker: int, workers: int, samples: list[Row], visits: list[Row]) -> dict[str, int]:
    started = sum(1 for row in visits if row["arrival"] % workers == worker)
    last = max((row["done"] for row in samples), default=0)
    values = (len(samples), len(samples), started, 0, started, last)
    return dict(zip(journal.COUNTS, values, strict=True))


def _pulse(
    night: Night,
    process: str,
    begun: np.ndarray[Any, np.dtype[np.int64]],
    done: np.ndarray[Any, np.dtype[np.int64]],
) -> list[Row]:
    """A punctual process that uses three tenths of a core, and a hundredth of the time waits for one."""
    rng = random.Random(process)
    clock = night.plan["clock"]
    first, last = ns(clock["start"] - 4), ns(clock["end"] + 4)
    due = np.arange(first, last, round(PERIOD * 1e9), dtype="int64")
    lags = np.array([round(rng.expovariate(1 / 300_000)) for _ in due], dtype="int64")
    at = due + lags
    in_flight = np.searchsorted(begun, at, side="right") - np.searchsorted(done, at, side="right")
    return [
        {
            "process": process, "at": int(moment), "loop_lag": int(lag), "thread_lag": int(lag) // 2,
            "cpu": int((moment - first) * 0.3), "waited": int((moment - first) * 0.01), "in_flight": int(n),
            "rss": 50_000_000,
        }
        for moment, lag, n in zip(at, lags, in_flight, strict=True)
    ]  # fmt: skip


def _probes(night: Night) -> list[Row]:
    """One in every period, answered as the visitors' requests for the same page are."""
    rng, clock, rows = random.Random(11), night.plan["clock"], []
    for probe in night.plan["probes"]:
        period = 1 / probe["rate"]
        for number in range(round((clock["end"] - clock["start"]) * probe["rate"])):
            at = clock["start"] + (number + rng.random()) * period
            took = min(0.02 * rng.lognormvariate(0, 0.5), 0.4)
            rows.append(
                {
                    "step": probe["step"], "link": probe["link"], "planned": ns(at), "sent": ns(at + 0.0003),
                    "done": ns(at + 0.0003 + took), "status": 200, "error": "",
                }
            )  # fmt: skip
    return rows
