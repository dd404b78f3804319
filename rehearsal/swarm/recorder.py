"""What a worker writes into the run folder: one sample per request, one line per intent.

The recorder is on the path of every request, so it appends tuples and leaves the columns to the flush.
Whatever it cannot write ends the run: a rehearsal without its evidence is worth nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from rehearsal.errors import RehearsalError
from rehearsal.swarm.progress import Progress
from reports.errors import JournalError
from reports.journal import SAMPLES
from reports.journal_writer import LineWriter, StreamWriter
from scenarios.journeys.visitor import Intent

Outcome = Literal["ok", "failed", "unknown"]


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


OnSample = Callable[[Sample], None]


class RecorderError(RehearsalError):
    """The evidence of the run cannot be written; the run must stop."""


class Recorder:
    """Writes ``samples.<worker>.arrows`` and ``intents.<worker>.jsonl`` of one worker, and counts.

    ``on_sample`` is called with every sample, after it was recorded. Every method raises
    :class:`RecorderError` where something cannot be written.
    """

    def __init__(
        self, folder: Path, worker: int, progress: Progress, on_sample: OnSample | None = None
    ) -> None:
        self.progress = progress
        self._on_sample = on_sample
        with _evidence():
            self._samples = StreamWriter(
                folder / f"samples.{worker}.arrows", SAMPLES, {"worker": str(worker)}
            )
            self._intents = LineWriter(folder / f"intents.{worker}.jsonl")

    def sample(self, sample: Sample) -> None:
        """Keep one sample for the next flush."""
        self._samples.append(*sample)
        self.progress.count(sample.outcome, sample.sent - sample.planned)
        if self._on_sample is not None:
            self._on_sample(sample)

    def invoke(self, intent: Intent, at: int, arrival: int, digest: str) -> None:
        """Put an intent on disk, before its first byte is sent."""
        with _evidence():
            self._intents.write(
                {
                    "event": "invoke",
                    "intent": intent.id,
                    "kind": intent.kind,
                    "at": at,
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
            self._intents.write(
                {"event": outcome, "intent": intent.id, "at": at, "status": status, "record": record}
            )

    def flush(self) -> None:
        """Write the samples kept so far."""
        with _evidence():
            self._samples.flush()

    def close(self) -> None:
        """Write what is left and the end of the stream."""
        with _evidence():
            try:
                self._samples.close()
            finally:
                self._intents.close()


@contextmanager
def _evidence() -> Iterator[None]:
    try:
        yield
    except (OSError, JournalError) as error:
        raise RecorderError(f"the swarm cannot write its evidence: {error}") from error
