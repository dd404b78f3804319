"""The instrument itself: what a run says about the generator, the prober, the clocks and the mocks' machine.

Nothing here speaks of the country. The checks judge these figures (:mod:`reports.checks`), a section of the
report shows them.
"""

from __future__ import annotations

import msgspec

from reports.evidence import Evidence
from reports.instrument.accounts import (
    Missing,
    RequestAccount,
    arrival_account,
    missing_arrivals,
    request_accounts,
)
from reports.instrument.event_loops import Loop, loops
from reports.instrument.little import LittlesLaw, littles_law
from reports.instrument.prober import Agreement, agreements
from reports.plan import ProcessClock

__all__ = ["Clock", "Instrument", "WorkerFigures", "instrument", "journaling"]


class WorkerFigures(msgspec.Struct, frozen=True):
    """One worker of the swarm. Arrivals: planned = begun + dropped + unaccounted. ``requests`` is None where
    its own count is not there, ``loop`` where it wrote no pulse; ``lost_at`` (relative to T0) where it was
    not lost.
    """

    worker: int
    host: str
    finished: bool
    lost_at: float | None
    planned: int
    begun: int
    dropped: int
    unaccounted: int
    missing: Missing | None
    requests: RequestAccount | None
    loop: Loop | None


class Clock(msgspec.Struct, frozen=True):
    """The clock of a process against the conductor's, in seconds; see :class:`~reports.plan.ProcessClock`."""

    process: str
    host: str
    offset: float
    uncertainty: float
    drift: float
    wall_offset: float

    @classmethod
    def of(cls, told: ProcessClock) -> Clock:
        """As ``run.json`` has it."""
        return cls(
            told.process,
            told.host,
            told.offset_ns / 1e9,
            told.uncertainty_ns / 1e9,
            told.drift_ns / 1e9,
            told.wall_offset_ns / 1e9,
        )


class Instrument(msgspec.Struct, frozen=True):
    """What a reader needs to decide how far the figures of a run can be trusted.

    ``schedule_sha256`` is the fingerprint of the arrivals, the same for one process and for many hosts.
    ``probes`` is empty where the plan has no prober.
    """

    schedule_sha256: str
    workers: list[WorkerFigures]
    mocks: list[Loop]
    clocks: list[Clock]
    probes: list[Agreement]
    littles_law: list[LittlesLaw]


def instrument(evidence: Evidence) -> Instrument:
    """All figures about the instrument, whether or not they are as they should be."""
    record, plan = evidence.run.record, evidence.run.plan
    every = loops(evidence)
    return Instrument(
        schedule_sha256=plan.arrivals.sha256,
        workers=_workers(evidence, every),
        mocks=[loop for name, loop in every.items() if name.startswith("mocks-")],
        clocks=[Clock.of(told) for told in record.clocks],
        probes=agreements(evidence),
        littles_law=littles_law(evidence),
    )


def _workers(evidence: Evidence, every: dict[str, Loop]) -> list[WorkerFigures]:
    account, requests = arrival_account(evidence), request_accounts(evidence)
    missing, run = missing_arrivals(evidence), evidence.run
    recorded = {worker.worker: worker for worker in run.record.workers}
    figures = []
    for number in range(run.plan.arrivals.workers):
        mine, known = account.worker == number, recorded.get(number)
        figures.append(
            WorkerFigures(
                worker=number,
                host=known.host if known else "",
                finished=bool(known and known.finished),
                lost_at=run.seconds(known.lost_at) if known and known.lost_at else None,
                planned=int(mine.sum()),
                begun=int((mine & account.begun).sum()),
                dropped=int((mine & account.dropped).sum()),
                unaccounted=int((mine & account.unaccounted).sum()),
                missing=missing.get(number),
                requests=requests.get(number),
                loop=every.get(f"worker-{number}"),
            )
        )
    return figures


def journaling(evidence: Evidence) -> list[str]:
    """The processes whose journals are judged: the planned workers, and the mocks that are on record."""
    workers = [f"worker-{number}" for number in range(evidence.run.plan.arrivals.workers)]
    told = {clock.process for clock in evidence.run.record.clocks} | set(loops(evidence))
    return workers + sorted(name for name in told if name.startswith("mocks-"))
