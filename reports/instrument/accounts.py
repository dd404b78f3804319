"""The generator's books: every planned arrival, and every request that was begun, has to be found again.

Two accounts that must balance to the last one::

    planned arrivals = begun + dropped                      (by arrival; so by second, province and worker)
    requests begun   = samples = ok + failed + unknown      (by worker)

The left sides are known before (the plan) and elsewhere (``counts.<w>.i64``, memory that survives the death
of its worker) than the right sides, which come from the journals.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.evidence import Evidence

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
Instants = npt.NDArray[np.float64]

OUTCOMES = ("ok", "failed", "unknown")


@dataclass(frozen=True)
class ArrivalAccount:
    """What became of each planned arrival; arrays by the number of the arrival.

    ``planned`` and ``began`` are seconds relative to T0, ``began`` is NaN where none began. ``worker`` is the
    one whose share it belongs to. A visit is begun where its worker said so or one of its requests has a
    sample (a worker that is killed takes the rows of its last visits with it). ``due`` are those that a run
    which was stopped had come to; of another, all. ``strangers`` were begun and never planned, ``repeated``
    have more than one row, ``displaced`` were begun by another worker than planned.
    """

    planned: Instants
    worker: Numbers
    due: Flags
    began: Instants
    begun: Flags
    dropped: Flags
    strangers: int
    repeated: int
    displaced: int

    @property
    def unaccounted(self) -> Flags:
        """Due, and neither begun nor dropped: nothing in the run says what became of them."""
        return self.due & ~(self.begun | self.dropped)


def arrival_account(evidence: Evidence) -> ArrivalAccount:
    """What became of every planned arrival."""
    return evidence.once("arrival account", lambda: _arrival_account(evidence))


def _arrival_account(evidence: Evidence) -> ArrivalAccount:
    frames = evidence.frames
    planned = frames.arrivals["planned"].to_numpy(dtype="float64")
    size = len(planned)  # arrivals are numbered 0, 1, 2, ... in the order of time
    worker = np.arange(size, dtype="int64") % evidence.run.plan.arrivals.workers

    visits = frames.visits
    number, known = _planned_ones(visits["arrival"], size)
    is_dropped = (visits["end"] == "dropped").to_numpy()[known]
    dropped, begun = np.zeros(size, bool), np.zeros(size, bool)
    dropped[number[is_dropped]] = True
    begun[number[~is_dropped]] = True
    began = np.full(size, np.inf)
    np.minimum.at(began, number[~is_dropped], visits["at"].to_numpy(dtype="float64")[known][~is_dropped])

    sampled, of_planned = _planned_ones(frames.samples["arrival"], size)
    silent = ~begun[sampled]  # of visits that were under way when their worker died
    np.minimum.at(began, sampled[silent], frames.samples["sent"].to_numpy()[of_planned][silent])
    begun[sampled] = True

    strangers = np.union1d(
        visits["arrival"].to_numpy()[~known], frames.samples["arrival"].to_numpy()[~of_planned]
    )
    return ArrivalAccount(
        planned=planned,
        worker=worker,
        due=_due(evidence, planned),
        began=np.where(begun, began, np.nan),
        begun=begun,
        dropped=dropped & ~begun,
        strangers=len(strangers),
        repeated=len(number) - int((np.bincount(number, minlength=size) > 0).sum()),
        displaced=int((visits["worker"].to_numpy()[known] != worker[number]).sum()),
    )


def _due(evidence: Evidence, planned: Instants) -> Flags:
    record = evidence.run.record
    if record.ended != "stopped":
        return np.ones(len(planned), bool)
    return planned < evidence.run.seconds(record.stopped_at)


def _planned_ones(arrivals: pd.Series, size: int) -> tuple[Numbers, Flags]:
    """The numbers that were planned, and which of the rows those are."""
    numbers = arrivals.to_numpy()
    known = (numbers >= 0) & (numbers < size)
    return numbers[known], known


class RequestAccount(msgspec.Struct, frozen=True):
    """The requests of one worker: as it counted them while it lived, and as its journal has them."""

    worker: int
    begun: int
    recorded: int
    samples: int
    ok: int
    failed: int
    unknown: int

    @property
    def lost(self) -> int:
        """Begun and without a sample; negative where there are more samples than requests."""
        return self.begun - self.samples

    @property
    def unwritten(self) -> int:
        """Recorded, and not in the journal: the last moment of a worker that was killed."""
        return self.recorded - self.samples

    @property
    def under_way(self) -> int:
        """Begun and never recorded."""
        return self.begun - self.recorded

    @property
    def balanced(self) -> bool:
        """Every request that was begun has exactly one sample, and every sample one of the three outcomes."""
        return self.begun == self.recorded == self.samples == self.ok + self.failed + self.unknown


def request_accounts(evidence: Evidence) -> dict[int, RequestAccount]:
    """By worker, those whose counts are there."""
    return evidence.once("request accounts", lambda: _request_accounts(evidence))


def _request_accounts(evidence: Evidence) -> dict[int, RequestAccount]:
    samples, counts = evidence.frames.samples, evidence.frames.counts
    workers = evidence.run.plan.arrivals.workers
    worker = samples["arrival"].to_numpy() % workers
    by_outcome = {
        outcome: np.bincount(worker[(samples["outcome"] == outcome).to_numpy()], minlength=workers)
        for outcome in OUTCOMES
    }
    every = np.bincount(worker, minlength=workers)
    return {
        number: RequestAccount(
            worker=number,
            begun=_counted(counts, number, "begun"),
            recorded=_counted(counts, number, "recorded"),
            samples=int(every[number]),
            **{outcome: int(found[number]) for outcome, found in by_outcome.items()},
        )
        for number in range(workers)
        if number in counts.index
    }


def _counted(counts: pd.DataFrame, worker: int, name: str) -> int:
    return int(counts[name].loc[worker])


class Missing(msgspec.Struct, frozen=True):
    """The arrivals of one worker that have no record.

    ``unrecorded`` of them were begun, as the worker's own count says, and died with it. The others were never
    offered: ``per_second`` tells how many were planned for each second from ``first`` (relative to T0).
    """

    worker: int
    unrecorded: int
    first: int
    per_second: list[int]

    @property
    def never_offered(self) -> int:
        """Those that the worker did not come to."""
        return sum(self.per_second)

    @property
    def worst(self) -> int:
        """The second in which most are missing."""
        return self.first + self.per_second.index(self.at_worst)

    @property
    def at_worst(self) -> int:
        """How many are missing in that second."""
        return max(self.per_second, default=0)


def missing_arrivals(evidence: Evidence) -> dict[int, Missing]:
    """By worker, those of whose arrivals some have no record."""
    account, counts = arrival_account(evidence), evidence.frames.counts
    found = {}
    for worker in np.unique(account.worker[account.unaccounted]).tolist():
        mine = account.worker == worker
        begun = int((mine & account.begun).sum())
        started = _counted(counts, worker, "started") if worker in counts.index else begun
        planned = account.planned[mine & account.unaccounted]
        # arrivals are begun in the order of time: the first of those without a record are those it had begun
        unrecorded = min(max(started - begun, 0), len(planned))
        second = np.floor(planned[unrecorded:]).astype("int64")
        first = int(second.min()) if len(second) else 0
        found[worker] = Missing(worker, unrecorded, first, np.bincount(second - first).tolist())
    return found
