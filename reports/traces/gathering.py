"""Finds all rows of all journals about a few dossiers or payments.

The frames leave out what no check joins on, so the journals are read once more, a batch at a time, and what
is about nobody asked for is dropped at once::

    id ──► intents and records that bear it ──► their arrivals ──► samples ──► traces ──► received, calls
                                            └──► their codes and keys ──────────────────► received, calls
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reports import journal
from reports.evidence import Evidence
from reports.journal_reader import Batches

Row = dict[str, Any]


@dataclass
class Gathered:
    """Everything about one id: rows of ``intents`` and ``stored`` as in the frames, and rows of the journals
    with their instants in seconds relative to T0."""

    id: str
    intents: list[Row] = field(default_factory=list)
    stored: list[Row] = field(default_factory=list)
    samples: list[Row] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)
    received: list[Row] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """Intent ids and dossier codes by which systems speak of it."""
        mine = {str(row[name]) for row in self.intents for name in ("intent", "record", "dossier")}
        kept = {str(row[name]) for row in self.stored for name in ("intent", "record", "dossier")}
        return {name for name in {self.id, *mine, *kept} if name}


def gather(evidence: Evidence, ids: Iterable[str]) -> dict[str, Gathered]:
    """The rows about each id; an id of which nothing is known is left out."""
    found = {name: _of_ledger(evidence, name) for name in ids}
    found = {name: each for name, each in found.items() if each.intents or each.stored}
    folder, seconds = evidence.run.path, evidence.run.seconds
    arrivals = {int(row["arrival"]) for each in found.values() for row in each.intents}
    sampled = list(_rows(folder, "samples.*.arrows", journal.SAMPLES, _arrival_among(arrivals)))
    by_arrival: dict[int, list[Row]] = {}
    for row in sampled:
        by_arrival.setdefault(row["arrival"], []).append(_relative(row, seconds, "planned", "sent", "done"))
    about = _about(
        {row["trace"] for row in sampled}, {name for each in found.values() for name in each.names}
    )
    calls = [
        _relative(row, seconds, "at", "done") for row in _rows(folder, "calls.*.arrows", journal.CALLS, about)
    ]
    received = [
        _relative(row, seconds, "at", "done")
        for row in _rows(folder, "received.*.arrows", journal.RECEIVED, about)
    ]
    for each in found.values():
        mine = {int(row["arrival"]) for row in each.intents}
        each.samples = [row for arrival in sorted(mine) for row in by_arrival.get(arrival, [])]
        own = {row["trace"] for row in each.samples}
        each.calls = [row for row in calls if _concerns(row, own, each.names)]
        each.received = [row for row in received if _concerns(row, own, each.names)]
    return found


def _of_ledger(evidence: Evidence, name: str) -> Gathered:
    """Intents and records that bear the id, and those that these name in turn."""
    intents, stored = evidence.frames.intents, evidence.frames.stored
    gathered = Gathered(name)
    for _ in range(2):  # a charge names its dossier, whose submission is another intent
        names = list(gathered.names)
        gathered.intents = _records(intents, names, "intent", "record", "dossier")
        gathered.stored = [] if stored is None else _records(stored, names, "intent", "record", "dossier")
    return gathered


def _records(frame: pd.DataFrame, names: list[str], *columns: str) -> list[Row]:
    inside = pd.Series(False, index=frame.index)
    for column in columns:
        inside |= frame[column].isin(names)
    return [{str(name): value for name, value in row.items()} for row in frame[inside].to_dict("records")]


def _rows(folder: Path, pattern: str, schema: pa.Schema, wanted: Any) -> Iterator[Row]:
    for path in sorted(folder.glob(pattern)):
        for batch in Batches(path, schema):
            yield from batch.filter(wanted(batch)).to_pylist()


def _arrival_among(arrivals: set[int]) -> Any:
    among = pa.array(sorted(arrivals), type=pa.int32())
    return lambda batch: pc.is_in(batch.column("arrival"), value_set=among)


def _about(traces: set[str], names: set[str]) -> Any:
    """Rows of these traces, or whose key names one of these; several codes may share a key."""
    among = pa.array(sorted(traces), type=pa.string())
    pattern = "|".join(re.escape(name) for name in sorted(names)) or "(?!)"

    def wanted(batch: pa.RecordBatch) -> pa.Array:
        return pc.or_(
            pc.is_in(batch.column("trace"), value_set=among),
            pc.match_substring_regex(batch.column("key"), pattern) if names else pa.scalar(False),
        )

    return wanted


def _concerns(row: Row, traces: set[str], names: set[str]) -> bool:
    return row["trace"] in traces or not names.isdisjoint(row["key"].split(","))


def _relative(row: Row, seconds: Any, *instants: str) -> Row:
    return {**row, **{name: seconds(row[name]) for name in instants}}
