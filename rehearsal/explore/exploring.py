"""From one probe to the next. Each is kept in ``explore.json`` as soon as it is known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.explore import search
from rehearsal.explore.evidence import Evidence
from rehearsal.explore.thinning import Schedule
from reports.explore.model import (
    FORMAT,
    Bracket,
    Capacity,
    Exploration,
    Limits,
    Point,
    Probe,
    Scenario,
    State,
    Timeline,
    Trigger,
)
from reports.files import indented, write_whole
from reports.text import Text

FILE = "explore.json"

Say = Callable[[str], None]


class Probing(Protocol):
    """Who makes probes: :class:`rehearsal.explore.playing.ProbePlayer`, or a fake."""

    def probe(self, point: Point) -> Probe:
        """What a point shows."""

    def capacity(self, probe: Probe) -> Capacity | None:
        """The load that the narrowest system can carry, as this probe shows it."""


class BudgetSpent(Exception):  # noqa: N818 - a way to end, not an error
    """As many probes were made as were allowed."""


@dataclass
class Record:
    """The exploration on disk, and what is known so far. ``folder`` holds everything."""

    folder: Path
    exploration: Exploration
    probes: dict[Point, Probe] = field(default_factory=dict)

    def states(self) -> dict[Point, State]:
        """What each point showed."""
        return {point: probe.state for point, probe in self.probes.items()}

    def keep(self, probe: Probe) -> None:
        """Take a probe in, and write everything down."""
        self.probes[probe.point] = probe
        self.summarise(seconds=self.exploration.seconds + probe.seconds)

    def summarise(self, **also: object) -> None:
        """Say anew what all probes together show. Raises :class:`SetUpError` where it cannot be written."""
        limits, states = self.exploration.limits, self.states()
        self.exploration = msgspec.structs.replace(
            self.exploration,
            outcome=search.outcome(states),
            probes=list(self.probes.values()),
            lowest_load=search.lowest_load(limits, states),
            boundary=search.boundary(limits, states),
            contradictions=search.contradictions(states),
            healing=search.healing(limits, states),
            **also,
        )
        path = self.folder / FILE
        try:
            write_whole(path, indented(self.exploration))
        except OSError as error:
            raise SetUpError(f"{path}: cannot be written ({error.strerror})") from error


def opened(folder: Path, schedule: Schedule, limits: Limits, *, fresh: bool) -> Record:
    """The record of an exploration, with the probes of an earlier one of exactly the same.

    Raises :class:`SetUpError` where the folder cannot be made, :class:`EvidenceError` where what lies there
    is no exploration.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetUpError(f"{folder}: cannot be made ({error.strerror}); name another with --runs") from error
    record = Record(folder, _blank(schedule, limits))
    if not fresh:
        earlier = _earlier(folder / FILE)
        if earlier and earlier.scenario.fingerprint == record.exploration.scenario.fingerprint:
            # what was not believed once may be believed now
            record.probes = {each.point: each for each in earlier.probes if each.state != "not-known"}
            record.summarise(seconds=sum(probe.seconds for probe in record.probes.values()))
    return record


def explore(record: Record, probing: Probing, *, budget: int, heal: bool, say: Say) -> Exploration:
    """Make probes until the boundary is known or the budget is spent; ``say`` is told of each."""
    limits = record.exploration.limits
    most = min(budget, search.most_probes(limits, heal=heal))
    made: list[float] = []

    def answer(point: Point) -> State:
        if point not in record.probes:
            if len(record.probes) >= budget:
                raise BudgetSpent
            number = len(record.probes) + 1
            say(f"probe {number} of at most {max(most, number)}: {_told(record.exploration, point)}")
            record.keep(probing.probe(point))
            made.append(record.probes[point].seconds)
            left = max(most - number, 0) * sum(made) / len(made)
            say(f"  {record.probes[point].state}: {record.probes[point].reason.en} {_remaining(left)}")
        return record.states()[point]

    complete = False
    try:
        search.answered(search.search(limits, heal=heal), answer)
        complete = True
    except BudgetSpent:
        say(f"{budget} probes were allowed, and they are spent")
    finally:  # what is known is told, whatever ends it
        record.summarise(
            complete=complete,
            capacity=_capacity(record.probes.values(), probing),
            collapse=_collapse(record),
        )
    return record.exploration


def _capacity(probes: Iterable[Probe], probing: Probing) -> Capacity | None:
    """From the probe with most visitors before its trigger."""
    carried = [probe for probe in probes if probe.state in ("recovered", "stayed-down")]
    if not carried:
        return None
    try:
        return probing.capacity(max(carried, key=lambda probe: probe.point.load))
    except EvidenceError:  # its folder was removed since
        return None


def _collapse(record: Record) -> Timeline | None:
    """A collapse to be shown: at the highest load, of the shortest trigger that did it."""
    down = [p for p in record.probes.values() if p.state == "stayed-down" and p.point.lowered is None]
    if not down:
        return None
    shown = min(down, key=lambda probe: (-probe.point.load, probe.point.trigger))
    try:
        return Evidence(record.folder / shown.folder).timeline(shown.point)
    except EvidenceError:  # its folder was removed since
        return None


def _told(exploration: Exploration, point: Point) -> str:
    told = (
        f"load {point.load:g} ({exploration.sessions(point.load):.1f} sessions/s), "
        f"{exploration.trigger.name} for {point.trigger:g} s"
    )
    if point.lowered is not None:
        told += f", then lowered to {point.lowered:g} ({exploration.sessions(point.lowered):.1f} sessions/s)"
    return told


def _remaining(seconds: float) -> str:
    return f"(at most {max(1, round(seconds / 60))} min left)" if seconds else ""


def _blank(schedule: Schedule, limits: Limits) -> Exploration:
    plan = schedule.longest.plan
    fault = plan.faults[0]
    about = plan.scenario
    # the time at which a mock answers or a link breaks depends on all of the plan, and on who comes when
    fingerprint = hashlib.sha256(
        plan.model_dump_json(exclude={"scenario": {"title", "hypothesis", "owner", "date"}}).encode()
        + str(limits.recover_within).encode()
    ).hexdigest()
    return Exploration(
        scenario=Scenario(
            name=about.name,
            title=Text(about.title.vi, about.title.en),
            seed=about.seed,
            sessions_per_second=schedule.sessions_per_second,
            fingerprint=fingerprint,
        ),
        trigger=Trigger(
            name=fault.name,
            kind=fault.kind,
            title=Text(fault.title.vi, fault.title.en),
            meaning=Text(fault.meaning.vi, fault.meaning.en),
            links=list(fault.links),
        ),
        limits=limits,
        outcome="not-known",
        complete=False,
        probes=[],
        lowest_load=Bracket(None, None),
        boundary=[],
        contradictions=0,
    )


def _earlier(path: Path) -> Exploration | None:
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Exploration)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise EvidenceError(f"{path}: {error}; explore anew with --fresh") from error
    return found if found.format == FORMAT else None
