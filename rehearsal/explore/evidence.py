"""What the journals of a probe say: the visits by the second, the trigger, the instrument, the capacity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rehearsal import plan as plans
from rehearsal.decoding import decoded
from rehearsal.errors import EvidenceError
from rehearsal.explore.judging import Visits
from rehearsal.plan import Plan
from reports.errors import JournalError
from reports.explore.model import Capacity, Doubt, Point, Timeline, Validity
from reports.journal import CALLS, RECEIVED, VISITS
from reports.journal_reader import read_lines, read_stream

BESIDE_THE_POINT = frozenset({"littles-law", "drained", "both-ends-agree", "enough-samples", "not-stopped"})
"""Validity checks that a collapse breaks by itself. Requests that are never answered are counted as under way
and have no row of their own, messages are still on their way when the run ends, and objectives of steps that
nobody reaches have no samples."""


class _Run(msgspec.Struct, frozen=True):
    t0_monotonic_ns: int


class _Event(msgspec.Struct, frozen=True):
    at: int
    event: str
    fault: str = ""
    links: list[str] | int = []
    healed: int = 0
    proved: list[str] = []


@dataclass(frozen=True, slots=True)
class Applied:
    """When the trigger really was there, in seconds after T0, and whether it is proved that it is gone."""

    start: float
    gone: float
    proved: bool


class Evidence:
    """The folder of one probe. Reading raises :class:`EvidenceError`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plan: Plan = plans.read(folder)
        self._t0 = decoded(folder / "run.json", _Run, EvidenceError).t0_monotonic_ns

    def doubts(self) -> list[Doubt]:
        """What the run's own checks have against the instrument."""
        found = decoded(self.folder / "validity.json", Validity, EvidenceError)
        return [doubt for doubt in found.doubts if doubt.name.partition(".")[0] not in BESIDE_THE_POINT]

    def applied(self) -> Applied | None:
        """When the trigger was applied and taken off; None where it was not."""
        name = self.plan.faults[0].name
        try:
            events, _ = read_lines(self.folder / "events.jsonl", _Event)
        except (JournalError, OSError) as error:
            raise EvidenceError(str(error)) from error
        mine = {event.event: event for event in events if event.fault == name}
        applied, healed = mine.get("fault-applied"), mine.get("fault-healed")
        if applied is None or healed is None:
            return None
        links = healed.links if isinstance(healed.links, list) else []
        return Applied(
            self._seconds(applied.at),
            self._seconds(healed.healed or healed.at),
            set(links) <= set(healed.proved),
        )

    def visits(self) -> Visits:
        """By whole seconds in which the plan lets visitors come; what the generator dropped is left out."""
        table = self._read("visits.*", VISITS)
        ends = np.array(table.column("end").to_pylist(), dtype=object)
        at = self._instants(table, "at")
        first = int(np.floor(self.plan.clock.start))
        end = int(np.floor(self.plan.clock.end))
        begun, finished = (
            np.histogram(at[chosen], np.arange(first, end + 1))[0].tolist()
            for chosen in (ends != "dropped", ends == "finished")
        )
        return Visits(first, begun, finished)

    def capacity(self, start: float, end: float, sessions_per_second: float) -> Capacity | None:
        """The load that the narrowest system can carry, from what one visit asks of each in [start, end)."""
        visits = self._read("visits.*", VISITS)
        received = self._read("received.*", RECEIVED)
        begun = int(_within(self._instants(visits, "at"), start, end).sum())
        inside = _within(self._instants(received, "at"), start, end)
        asked = Counter(np.array(received.column("system").to_pylist(), dtype=object)[inside].tolist())
        loads = [
            Capacity(
                system.name,
                system.servers / system.service_mean / (asked[system.name] / begun) / sessions_per_second,
                asked[system.name] / begun,
            )
            for system in self.plan.systems
            if begun and asked[system.name]
        ]
        return min(loads, key=lambda each: each.load, default=None)

    def timeline(self, point: Point) -> Timeline:
        """The probe second by second, with the calls between systems and those of them that are repeated."""
        visits, applied = self.visits(), self.applied()
        calls = self._read("calls.*", CALLS)
        at = self._instants(calls, "at")
        edges = np.arange(visits.first, visits.end + 1)
        again = np.array(list(_repeats(calls, at)), dtype=bool)
        return Timeline(
            point=point,
            first=visits.first,
            begun=list(visits.begun),
            finished=list(visits.finished),
            calls=np.histogram(at, edges)[0].tolist(),
            retries=np.histogram(at[again], edges)[0].tolist() if len(at) else [0] * (len(edges) - 1),
            trigger_from=applied.start if applied else self.plan.faults[0].start,
            trigger_until=applied.gone if applied else self.plan.faults[0].end,
        )

    def _seconds(self, instant: int) -> float:
        return (instant - self._t0) / 1e9

    def _instants(self, table: pa.Table, name: str) -> NDArray[np.float64]:
        """A column of instants as seconds after T0; ``to_numpy`` would import pandas."""
        return (np.array(table.column(name).to_pylist(), dtype=np.int64) - self._t0) / 1e9

    def _read(self, name: str, schema: pa.Schema) -> pa.Table:
        try:
            tables = [
                read_stream(path, schema)[0].replace_schema_metadata(None)
                for path in sorted(self.folder.glob(f"{name}.arrows"))
            ]
        except (JournalError, OSError) as error:
            raise EvidenceError(str(error)) from error
        return pa.concat_tables(tables or [schema.empty_table()])


def _within(at: NDArray[np.float64], start: float, end: float) -> NDArray[np.bool_]:
    return (at >= start) & (at < end)


def _repeats(calls: pa.Table, at: NDArray[np.float64]) -> Iterator[bool]:
    """Whether each call repeats an earlier one: the same of the same visitor, on the same link."""
    earlier: dict[tuple[object, ...], float] = {}
    names = ("link", "operation", "trace", "key")
    identities = list(zip(*(calls.column(name).to_pylist() for name in names), strict=True))
    for identity, instant in zip(identities, at.tolist(), strict=True):
        earlier[identity] = min(instant, earlier.get(identity, instant))
    for identity, instant in zip(identities, at.tolist(), strict=True):
        yield instant > earlier[identity]
