"""What a worker writes into the run folder: a sample per request, a line per intent, a row per visit.

The recorder is on the path of every request, so there it keeps a tuple and changes a few integers; columns
are made by the flush. Whatever it cannot write ends the run: a rehearsal without its evidence is worth
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic_ns
from typing import Literal, NamedTuple

from rehearsal.errors import RehearsalError
from rehearsal.swarm.counts import AT, BEGUN, DROPPED, ENDED, RECORDED, STARTED, Counts
from rehearsal.swarm.progress import Progress
from reports.errors import JournalError
from reports.journal import SAMPLES, VISITS
from reports.journal_writer import LineWriter, StreamWriter
from scenarios.journeys.visitor import Intent

Outcome = Literal["ok", "failed", "unknown"]
End = Literal["finished", "gave-up", "cut", "crashed"]

MOST_ROWS = 8_000
"""Samples that are flushed before the second is over: making columns of more would hold up the visitors."""


class Sample(NamedTuple):
    """One request of a visitor: a row of ``samples.<w>.arrows``, columns in its order."""

    arrival: int
    journey: str
    step: str
    province: str
    link: str
    attempt: int
    planned: int
    sent: int
    done: int
    status: int
    outcome: Outcome
    error: str
    bytes_sent: int
    bytes_received: int
    trace: str
    span: str


_PLANNED, _SENT, _OUTCOME = (Sample._fields.index(name) for name in ("planned", "sent", "outcome"))


class RecorderError(RehearsalError):
    """The evidence of the run cannot be written; the run must stop."""


class Recorder:
    """Writes the journals of one worker: ``samples``, ``intents``, ``visits`` and ``counts``.

    ``clock_offset_ns`` is what the worker's clock is ahead of the conductor's: journals are on the
    conductor's. Every method raises :class:`RecorderError` where something cannot be written.
    """

    def __init__(self, folder: Path, worker: int, progress: Progress) -> None:
        self.progress = progress
        self._offset_ns = 0
        with _evidence():
            self._samples = StreamWriter(
                folder / f"samples.{worker}.arrows",
                SAMPLES,
                {"worker": str(worker)},
                instants=("planned", "sent", "done"),
            )
            self._visits = StreamWriter(
                folder / f"visits.{worker}.arrows",
                VISITS,
                {"worker": str(worker)},
                instants=("at", "done"),
            )
            self._intents = LineWriter(folder / f"intents.{worker}.jsonl")
            self._counts = Counts(folder / f"counts.{worker}.i64")
        self._slots = self._counts.slots
        self._keep = self._samples.append_row
        self._begun = self._recorded = 0
        self._flush_at = MOST_ROWS

    @property
    def in_flight(self) -> int:
        """Requests begun and not yet answered or given up."""
        return self._begun - self._recorded

    def on_clock(self, offset_ns: int) -> None:
        """From now on, instants are read on a clock this much (nanoseconds) ahead of the conductor's."""
        self._offset_ns = self._samples.shift_ns = self._visits.shift_ns = offset_ns

    def begin(self) -> None:
        """A request begins: its sample must follow."""
        self._begun += 1
        self._slots[BEGUN] = self._begun

    def sample(self, sample: Sample) -> None:
        """Keep one sample for the next flush."""
        self._keep(sample)
        self._recorded += 1
        slots = self._slots
        slots[RECORDED] = self._recorded
        slots[AT] = sample.done - self._offset_ns
        if self._recorded >= self._flush_at:
            self.flush()

    def began(self) -> None:
        """A visit begins: its :meth:`ended` must follow."""
        self._slots[STARTED] += 1

    def ended(self, arrival: int, at: int, end: End) -> None:
        """A visit that began ``at`` has come to its end."""
        self._slots[ENDED] += 1
        self._visits.append(arrival, at, monotonic_ns(), end)

    def dropped(self, arrival: int) -> None:
        """An arrival came too late to be begun."""
        self._slots[DROPPED] += 1
        now = monotonic_ns()
        self._visits.append(arrival, now, now, "dropped")

    def invoke(self, intent: Intent, at: int, arrival: int, digest: str) -> None:
        """Put an intent on disk, before its first byte is sent."""
        with _evidence():
            self._intents.write(
                {
                    "event": "invoke",
                    "intent": intent.id,
                    "kind": intent.kind,
                    "at": at - self._offset_ns,
                    "arrival": arrival,
                    "system": intent.system,
                    "province": intent.province,
                    "commune": intent.commune,
                    "procedure": intent.procedure,
                    "dossier": intent.dossier,
                    "amount": intent.amount,
                    "digest": digest,
                }
            )

    def settle(self, intent: Intent, at: int, outcome: Outcome, status: int, record: str) -> None:
        """Put on disk how an attempt of an intent ended."""
        with _evidence():
            at -= self._offset_ns
            self._intents.write(
                {"event": outcome, "intent": intent.id, "at": at, "status": status, "record": record}
            )

    def flush(self) -> None:
        """Write the samples and visits kept so far, and count them."""
        self._flush_at = self._recorded + MOST_ROWS
        with _evidence():
            columns = self._samples.flush()
            self._visits.flush()
        if columns:
            self.progress.count(columns[_OUTCOME], columns[_PLANNED], columns[_SENT])

    def close(self) -> None:
        """Write what is left and the ends of the streams."""
        self.flush()
        with _evidence():
            try:
                self._samples.close()
                self._visits.close()
            finally:
                self._intents.close()
                self._counts.close()


@contextmanager
def _evidence() -> Iterator[None]:
    try:
        yield
    except (OSError, JournalError) as error:
        raise RecorderError(f"the swarm cannot write its evidence: {error}") from error
