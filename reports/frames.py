"""The journals as pandas frames: one clock (seconds relative to T0), names as categories, ids as integers.

A million samples with all that systems received take 170 MB and a second: nothing is converted row by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa

from reports import journal
from reports.columns import Columns
from reports.errors import JournalError
from reports.intents import IntentLine, files_handed_in, fold_intents
from reports.journal_reader import Batches, Lines, read_counts, read_table
from reports.plan import Record
from reports.run import Run

T = TypeVar("T")

FARTHEST = 7 * 24 * 3600.0
"""Seconds from T0 at which an instant can lie; anything beyond is damage that Arrow did not notice."""

_OF_WORKER = (
    "samples.{}.arrows", "intents.{}.jsonl", "visits.{}.arrows", "counts.{}.i64", "pulse.worker-{}.arrows",
)  # fmt: skip
"""The files that every worker leaves."""

_STORED_NAMES = frozenset({"system", "kind", "province", "commune", "procedure", "history"})
"""Columns of stored records in which few texts repeat."""


class Event(msgspec.Struct):
    """One line of ``events.jsonl``: something the conductor did or saw."""

    at: int
    event: str
    phase: str = ""
    fault: str = ""
    links: list[str] | int = []
    healed: int = 0  # when the cure was done; the event follows when it has been proved
    proved: list[str] = []
    worker: int | str = ""
    process: str = ""
    status: int | None = None
    reason: str = ""
    condition: str = ""  # which stop condition was met


@dataclass(frozen=True)
class Frames:
    """Every journal of a run.

    ``samples``: the columns of the journal, and ``response`` = done − planned, ``service`` = done − sent,
    ``lag`` = sent − planned (seconds). ``intents``: one row per intent with its folded ``outcome``
    (:func:`~reports.intents.fold_intents`) and the ``files`` that were put up for it. ``stored``: the columns
    of the journal, ``at`` = −∞ for what was carried over, and instead of ``stamped`` how many seconds the
    system's calendar was ``ahead`` (NaN: not said); None where the stores were not read. ``visits``: arrival,
    ``at``, ``done``, ``end`` and the ``worker`` (int) that began it. ``pulses``: ``process``, ``at``,
    ``loop_lag``, ``thread_lag``, ``cpu``, ``waited`` (all in seconds) and ``in_flight``. ``probes``: the
    columns of the journal, ``response`` and ``service`` as in ``samples``. ``counts``: the integers of
    :data:`journal.COUNTS`, one row per worker. ``torn`` and ``missing`` name the files that cannot be relied
    on.
    """

    samples: pd.DataFrame
    received: pd.DataFrame
    calls: pd.DataFrame
    intents: pd.DataFrame
    arrivals: pd.DataFrame
    stored: pd.DataFrame | None
    visits: pd.DataFrame
    pulses: pd.DataFrame
    probes: pd.DataFrame
    counts: pd.DataFrame
    events: list[Event]
    torn: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def load(run: Run) -> Frames:
    """Read all journals of the run; :class:`~reports.errors.JournalError` where one is damaged."""
    reading = _Reading(run)
    samples = reading.streams("samples.*.arrows", journal.SAMPLES, "planned", "sent", "done")
    probes = reading.streams(
        "probes.arrows", journal.PROBES, "planned", "sent", "done", expected=bool(run.plan.probes)
    )
    for requests in (samples, probes):
        # instants are whole nanoseconds: a difference in seconds that is off by less could miss a limit
        requests["response"] = (requests["done"] - requests["planned"]).round(9)
        requests["service"] = (requests["done"] - requests["sent"]).round(9)
    samples["lag"] = (samples["sent"] - samples["planned"]).round(9)
    intents = fold_intents(reading.blocks("intents.*.jsonl", IntentLine), run.record.t0_monotonic_ns)
    intents["files"] = files_handed_in(intents, samples, run.plan)
    return Frames(
        samples=samples,
        received=reading.streams("received.*.arrows", journal.RECEIVED, "at", "done"),
        calls=reading.streams("calls.*.arrows", journal.CALLS, "at", "done"),
        intents=intents,
        arrivals=reading.arrivals(),
        stored=reading.stored(),
        visits=reading.visits(),
        pulses=reading.pulses(),
        probes=probes,
        counts=reading.counts(),
        events=[event for block in reading.blocks("events.jsonl", Event) for event in block],
        torn=reading.torn,
        missing=reading.missing_files(),
    )


class _Reading:
    """Reads one folder and remembers what was torn or missing."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._folder = run.path
        self.torn: list[str] = []
        self._missing: list[str] = []

    def streams(self, pattern: str, schema: pa.Schema, *instants: str, expected: bool = True) -> pd.DataFrame:
        return self._frame(self._paths(pattern, expected=expected), schema, instants)[0]

    def blocks(self, pattern: str, kind: type[T]) -> Iterator[list[T]]:
        for path in self._paths(pattern, expected=True):
            lines = Lines(path, kind)
            yield from lines
            if lines.torn:
                self.torn.append(path.name)

    def arrivals(self) -> pd.DataFrame:
        frame = self._table("arrivals.arrow", journal.ARRIVALS)
        if frame is None:
            frame = _to_pandas(journal.ARRIVALS.empty_table())
        frame["planned"] = frame["planned"] / 1e9  # the plan already counts from T0
        return frame

    def stored(self) -> pd.DataFrame | None:
        path = self._folder / "stored.arrow"
        if not path.exists():
            self._missing.append(path.name)
            return None
        return stored_frame(read_table(path, journal.STORED), self._run.record)

    def visits(self) -> pd.DataFrame:
        paths = self._paths("visits.*.arrows", expected=False)
        frame, rows = self._frame(paths, journal.VISITS, ("at", "done"))
        return frame.assign(
            worker=np.repeat(np.array([_worker(path) for path in paths], dtype=np.int32), rows)
        )

    def pulses(self) -> pd.DataFrame:
        frame = self.streams("pulse.*.arrows", journal.PULSE, "at", expected=False)
        for column in ("loop_lag", "thread_lag", "cpu", "waited"):
            frame[column] = frame[column] / 1e9
        return frame

    def counts(self) -> pd.DataFrame:
        paths = sorted(self._folder.glob("counts.*.i64"))
        rows = {_worker(path): read_counts(path) for path in paths}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(journal.COUNTS), dtype="int64")

    def missing_files(self) -> list[str]:
        """Patterns without a file, and the files that a planned worker should have left."""
        absent = list(self._missing)
        for worker in self._run.record.workers:
            for name in _OF_WORKER:
                file = name.format(worker.worker)
                if not (self._folder / file).exists():
                    absent.append(file)
        return absent

    def _table(self, name: str, schema: pa.Schema) -> pd.DataFrame | None:
        path: Path = self._folder / name
        if not path.exists():
            self._missing.append(name)
            return None
        return _to_pandas(read_table(path, schema))

    def _paths(self, pattern: str, *, expected: bool) -> list[Path]:
        paths = sorted(self._folder.glob(pattern))
        if expected and not paths:
            self._missing.append(pattern)
        return paths

    def _frame(
        self, paths: list[Path], schema: pa.Schema, instants: tuple[str, ...]
    ) -> tuple[pd.DataFrame, list[int]]:
        """The rows of the streams one after another, and how many each of them has."""
        columns, rows = Columns(schema, instants, self._run.record.t0_monotonic_ns), []
        for path in paths:
            batches = Batches(path, schema)
            rows.append(columns.add(path, batches))
            if batches.torn:
                self.torn.append(path.name)
        frame = columns.frame()
        for column in instants:
            far = max(-frame[column].min(), frame[column].max()) if len(frame) else 0.0
            if far > FARTHEST:
                raise JournalError(
                    f"{self._folder}: in the journals with {', '.join(instants)}, {column} lies {far:.0f} s "
                    f"from T0; at most {FARTHEST:.0f} s are possible, so one of them is damaged"
                )
        return frame, rows


def stored_frame(table: pa.Table, record: Record) -> pd.DataFrame:
    """The stored records (:data:`journal.STORED`) as :attr:`Frames.stored`."""
    columns = {
        name: values.dictionary_encode() if name in _STORED_NAMES else values.combine_chunks()
        for name, values in zip(table.column_names, table.columns, strict=True)
    }
    instants, stamped = (columns.pop(name).to_numpy() for name in ("at", "stamped"))
    frame = _to_pandas(pa.table(columns))
    at = (instants - record.t0_monotonic_ns) / 1e9
    told = (instants != 0) & (stamped != 0) & (record.t0_unix_ns != 0)
    frame["at"] = np.where(instants == 0, -np.inf, at)
    frame["ahead"] = np.where(told, stamped - record.t0_unix_ns / 1e9 - at, np.nan)
    return frame


def _worker(path: Path) -> int:
    """The number of the worker in ``visits.3.arrows``."""
    number = path.name.split(".")[1]
    if not number.isdecimal():
        raise JournalError(f"{path}: {number!r} is no number of a worker, as there is in visits.3.arrows")
    return int(number)


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(split_blocks=True)
    return frame
