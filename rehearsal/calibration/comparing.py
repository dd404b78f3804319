"""What the generator measured, request by request beside what the stub knows to be true.

``measured`` is done − sent as the swarm saw it, ``true`` done − at as the stub saw it, ``drawn`` the service
time that the stub had drawn. The difference of the first two is what the generator, and the loopback
interface, add.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mocks.capacity import ServiceTime
from rehearsal.calibration.service import quantile
from rehearsal.errors import EvidenceError
from reports.journal import PULSE, RECEIVED, SAMPLES
from reports.journal_reader import read_stream

QUANTILES = (0.5, 0.95, 0.99, 0.999)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Compared:
    """The answered requests of a trial after its warm-up; seconds. ``sent`` counts all that left a sample.

    ``starved`` is the share of the time in which the generator was ready to run and had no processor.
    """

    sent: int
    starved: float
    lag: Floats
    measured: Floats
    true: Floats
    drawn: Floats
    queued: Floats

    @property
    def tardiness(self) -> Floats:
        """How much later than it had drawn the stub answered: its own fault, not the generator's."""
        return self.true - self.drawn - self.queued


class Accuracy(msgspec.Struct, frozen=True):
    """One quantile, in seconds: exactly, as the stub saw it, as the generator measured it.

    ``analytic`` follows from the distribution; ``drawn`` is the same of the finite number that was drawn.
    """

    quantile: float
    analytic: float
    drawn: float
    true: float
    measured: float

    @property
    def bias(self) -> float:
        """What the generator added to what these very requests took: measured − true."""
        return self.measured - self.true

    @property
    def error(self) -> float:
        """Measured − analytic: the bias, the stub's own tardiness, and chance."""
        return self.measured - self.analytic


def compare(folder: Path, warm_up: float = 0.0) -> Compared:
    """Pair samples and truth of a trial. Raises :class:`EvidenceError` where too few can be paired."""
    samples, received = _read(folder, "samples.*", SAMPLES), _read(folder, "received.*", RECEIVED)
    rows = {span: row for row, span in enumerate(received.column("parent").to_pylist()) if span}
    there = np.array([rows.get(span, -1) for span in samples.column("span").to_pylist()], dtype=np.int64)
    planned, sent, done = (_numbers(samples, name) for name in ("planned", "sent", "done"))
    begin = (planned.min() if len(planned) else 0) + round(warm_up * 1e9)
    judged = (planned >= begin) & (there >= 0) & (_numbers(samples, "status") == 200)
    if not judged.any():
        raise EvidenceError(f"{folder}: no request of the trial was answered; see {folder}/logs")
    at, answered, queued, service = (
        _numbers(received, name)[there[judged]] for name in ("at", "done", "queued_us", "service_us")
    )
    return Compared(
        sent=len(sent),
        starved=_starved(_read(folder, "pulse.worker-*", PULSE), begin),
        lag=(sent - planned)[planned >= begin] / 1e9,
        measured=(done - sent)[judged] / 1e9,
        true=(answered - at) / 1e9,
        drawn=service / 1e6,
        queued=queued / 1e6,
    )


def accuracies(compared: Compared, service: ServiceTime) -> list[Accuracy]:
    """Each of :data:`QUANTILES`."""
    return [
        Accuracy(
            q,
            quantile(service, q),
            *(float(np.quantile(each, q)) for each in (compared.drawn, compared.true, compared.measured)),
        )
        for q in QUANTILES
    ]


def _starved(pulses: pa.Table, begin: int) -> float:
    """Of one worker: the growth of ``waited`` over the time in which it grew."""
    at, waited = _numbers(pulses, "at"), _numbers(pulses, "waited")
    at, waited = at[at >= begin], waited[at >= begin]
    return float((waited[-1] - waited[0]) / (at[-1] - at[0])) if len(at) > 1 else 0.0


def _read(folder: Path, name: str, schema: pa.Schema) -> pa.Table:
    paths = sorted(folder.glob(f"{name}.arrows"))
    tables = [read_stream(path, schema)[0].replace_schema_metadata(None) for path in paths]
    return pa.concat_tables(tables or [schema.empty_table()])


def _numbers(table: pa.Table, name: str) -> NDArray[np.int64]:
    """A column of integers; ``to_numpy`` would import pandas."""
    kind = np.dtype(f"i{table.schema.field(name).type.bit_width // 8}")
    parts = [
        np.frombuffer(chunk.buffers()[1], kind)[chunk.offset : chunk.offset + len(chunk)]
        for chunk in table.column(name).chunks
        if len(chunk)
    ]
    return np.concatenate(parts).astype(np.int64) if parts else np.empty(0, np.int64)
