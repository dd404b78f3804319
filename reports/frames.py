"""The journals as pandas frames: one clock (seconds relative to T0), names as categories, ids left in Arrow.

A million samples fit in a few hundred megabytes and are ready in seconds: nothing is converted row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import pandas as pd
import pyarrow as pa

from reports import journal
from reports.errors import JournalError
from reports.journal_reader import read_lines, read_streams, read_table
from reports.run import Run

T = TypeVar("T")

FARTHEST = 7 * 24 * 3600.0
"""Seconds from T0 at which an instant can lie; anything beyond is damage that Arrow did not notice."""


class IntentLine(msgspec.Struct):
    """One line of ``intents.<w>.jsonl``."""

    event: Literal["invoke", "ok", "failed", "unknown"]
    intent: str
    at: int
    kind: Literal["submission", "payment"] = "submission"
    arrival: int = -1
    system: str = ""
    province: str = ""
    commune: str = ""
    procedure: str = ""
    dossier: str = ""
    amount: int = 0
    digest: str = ""
    status: int = 0
    record: str = ""


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


_RANK = {"": 0, "failed": 1, "unknown": 2, "ok": 3}
"""Which end of an intent counts where it ended more than once: a late answer tells more than a time-out."""

_INTENT_COLUMNS = (
    "intent", "kind", "at", "arrival", "system", "province", "commune", "procedure", "dossier", "amount",
    "digest", "outcome", "ended", "status", "record",
)  # fmt: skip


@dataclass(frozen=True)
class Frames:
    """Every journal of a run.

    ``samples``: the columns of the journal, and ``response`` = done − planned, ``service`` = done − sent,
    ``lag`` = sent − planned (seconds). ``intents``: one row per intent with its folded ``outcome``.
    ``stored`` is None where the stores were not read. ``torn`` and ``missing`` name the files that cannot be
    relied on.
    """

    samples: pd.DataFrame
    received: pd.DataFrame
    calls: pd.DataFrame
    intents: pd.DataFrame
    arrivals: pd.DataFrame
    stored: pd.DataFrame | None
    events: list[Event]
    torn: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def load(run: Run) -> Frames:
    """Read all journals of the run; :class:`~reports.errors.JournalError` where one is damaged."""
    reading = _Reading(run)
    samples = reading.streams("samples", journal.SAMPLES, ("planned", "sent", "done"))
    samples["response"] = samples["done"] - samples["planned"]
    samples["service"] = samples["done"] - samples["sent"]
    samples["lag"] = samples["sent"] - samples["planned"]
    return Frames(
        samples=samples,
        received=reading.streams("received", journal.RECEIVED, ("at", "done")),
        calls=reading.streams("calls", journal.CALLS, ("at", "done")),
        intents=fold_intents(reading.lines("intents.*.jsonl", IntentLine), run.seconds),
        arrivals=reading.arrivals(),
        stored=reading.stored(),
        events=reading.lines("events.jsonl", Event),
        torn=reading.torn,
        missing=reading.missing_files(),
    )


def fold_intents(lines: Iterable[IntentLine], seconds: Callable[[int], float]) -> pd.DataFrame:
    """One row per intent: its invocation, and the strongest of its ends (ok > unknown > failed).

    An invocation without an end is ``unknown``. An end whose invocation is not on record cannot be (the line
    is written before the first byte is sent) unless a journal is missing; it is left out.
    """
    invoked: dict[str, IntentLine] = {}
    ends: dict[str, IntentLine] = {}
    for line in lines:
        if line.event == "invoke":
            invoked.setdefault(line.intent, line)
        else:
            known = ends.get(line.intent)
            if known is None or _RANK[line.event] > _RANK[known.event]:
                ends[line.intent] = line
    rows = []
    for intent, line in invoked.items():
        end = ends.get(intent)
        rows.append(
            (
                intent, line.kind, seconds(line.at), line.arrival, line.system, line.province, line.commune,
                line.procedure, line.dossier, line.amount, line.digest,
                end.event if end else "unknown", seconds(end.at) if end else float("nan"),
                end.status if end else 0, end.record if end else "",
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(_INTENT_COLUMNS)).astype(
        {"at": "float64", "ended": "float64", "amount": "int64", "status": "int64", "arrival": "int64"}
    )


class _Reading:
    """Reads one folder and remembers what was torn or missing."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._folder = run.path
        self.torn: list[str] = []
        self._missing: list[str] = []

    def streams(self, name: str, schema: pa.Schema, instants: tuple[str, ...]) -> pd.DataFrame:
        paths = sorted(self._folder.glob(f"{name}.*.arrows"))
        if not paths:
            self._missing.append(f"{name}.*.arrows")
        table, torn = read_streams(paths, schema)
        self.torn.extend(path.name for path in torn)
        return self._frame(table, instants)

    def lines(self, pattern: str, kind: type[T]) -> list[T]:
        paths = sorted(self._folder.glob(pattern))
        if not paths:
            self._missing.append(pattern)
        records: list[T] = []
        for path in paths:
            read, torn = read_lines(path, kind)
            records.extend(read)
            if torn:
                self.torn.append(path.name)
        return records

    def arrivals(self) -> pd.DataFrame:
        frame = self._table("arrivals.arrow", journal.ARRIVALS)
        if frame is None:
            frame = _to_pandas(journal.ARRIVALS.empty_table())
        frame["planned"] = frame["planned"] / 1e9  # the plan already counts from T0
        return frame

    def stored(self) -> pd.DataFrame | None:
        frame = self._table("stored.arrow", journal.STORED)
        if frame is not None:
            carried_over = frame["at"] == 0
            frame["at"] = (frame["at"] - self._run.record.t0_monotonic_ns) / 1e9
            frame.loc[carried_over, "at"] = float("-inf")
        return frame

    def missing_files(self) -> list[str]:
        """Patterns without a file, and the files that a planned worker should have left."""
        absent = list(self._missing)
        for worker in self._run.record.workers:
            for name in (f"samples.{worker.worker}.arrows", f"intents.{worker.worker}.jsonl"):
                if not (self._folder / name).exists():
                    absent.append(name)
        return absent

    def _table(self, name: str, schema: pa.Schema) -> pd.DataFrame | None:
        path: Path = self._folder / name
        if not path.exists():
            self._missing.append(name)
            return None
        return _to_pandas(read_table(path, schema))

    def _frame(self, table: pa.Table, instants: tuple[str, ...]) -> pd.DataFrame:
        frame = _to_pandas(table)
        for column in instants:
            frame[column] = (frame[column] - self._run.record.t0_monotonic_ns) / 1e9
            far = frame[column].abs().max()
            if far > FARTHEST:
                raise JournalError(
                    f"{self._folder}: in the journals with {', '.join(instants)}, {column} lies {far:.0f} s "
                    f"from T0; at most {FARTHEST:.0f} s are possible, so one of them is damaged"
                )
        return frame


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(split_blocks=True)
    return frame
