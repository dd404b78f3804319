"""What the swarm reads from the run folder: ``plan.json``, ``targets.json`` and ``arrivals.arrow``.

The swarm reads the plan with its own eyes and ignores what it does not need; what it needs must be right.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import pyarrow as pa
from msgspec import Meta
from pyarrow import ipc

from rehearsal.arrivals import digest
from rehearsal.decoding import decoded
from rehearsal.errors import UsageError
from rehearsal.swarm.targets import Targets, Way
from reports.journal import ARRIVALS
from scenarios.journeys.visitor import Arrival, Playbook

Seconds = Annotated[float, Meta(ge=0)]

PLAYBOOK = "scenarios.journeys.playbook:PLAYBOOK"
"""Where the journeys of the rehearsal are."""


class Policy(msgspec.Struct, frozen=True):
    """How visitors behave: ``visitors`` in the plan.

    ``patience`` is the time in seconds that a visitor waits for a complete answer, ``retries`` how often
    one tries again, ``retry_after`` the pause before that: seconds, or [shortest, longest].
    """

    think_scale: Seconds
    patience: Annotated[float, Meta(gt=0)]
    retries: Annotated[int, Meta(ge=0)]
    retry_after: float | tuple[float, float]  # no Meta: msgspec 0.22 corrupts a union of it with a tuple

    @property
    def retry_range(self) -> tuple[float, float]:
        """Shortest and longest pause before another try, in seconds."""
        after = self.retry_after
        return after if isinstance(after, tuple) else (after, after)


class _Scenario(msgspec.Struct, frozen=True):
    seed: int


class _Arrivals(msgspec.Struct, frozen=True):
    sha256: str = ""  # a folder made by hand need not name it


class _Plan(msgspec.Struct, frozen=True):
    scenario: _Scenario
    visitors: Policy
    arrivals: _Arrivals = _Arrivals()


class _Targets(msgspec.Struct, frozen=True):
    links: dict[str, str | Way]


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a worker needs from the plan."""

    seed: int
    policy: Policy
    targets: Targets


def load_settings(folder: Path) -> Settings:
    """Read the plan and the targets of a run. Raises :class:`UsageError` that names file and place."""
    plan = decoded(folder / "plan.json", _Plan)
    low, high = plan.visitors.retry_range
    if not 0 <= low <= high:
        raise UsageError(
            f"plan.json: visitors.retry_after: {low:g} to {high:g}: legal is 0 <= shortest <= longest"
        )
    return Settings(
        plan.scenario.seed, plan.visitors, Targets(decoded(folder / "targets.json", _Targets).links)
    )


def load_share(folder: Path, worker: int, workers: int) -> list[Arrival]:
    """The arrivals of one worker: every ``workers``-th, in the order of time. Raises :class:`UsageError`."""
    table = _arrivals(folder)
    columns = [column.to_pylist()[worker::workers] for column in table.columns]
    return [Arrival(*row) for row in zip(*columns, strict=True)]


def check_schedule(folder: Path) -> str:
    """The SHA-256 of all arrivals. Raises :class:`UsageError` where it is not the one that the plan names."""
    planned = decoded(folder / "plan.json", _Plan).arrivals.sha256
    found = digest(_arrivals(folder))
    if planned not in ("", found):
        raise UsageError(
            f"{folder / 'arrivals.arrow'}: SHA-256 {found}: it is not the schedule of plan.json, {planned}"
        )
    return found


def _arrivals(folder: Path) -> pa.Table:
    path = folder / "arrivals.arrow"
    try:
        with pa.OSFile(str(path)) as file:
            table = ipc.open_file(file).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    if table.schema.names != ARRIVALS.names:
        raise UsageError(f"{path}: columns {table.schema.names}: legal are {ARRIVALS.names}")
    return table


def load_playbook(name: str = PLAYBOOK) -> Playbook:
    """The journeys at ``<module>:<attribute>``. Raises :class:`UsageError`."""
    module, _, attribute = name.partition(":")
    try:
        playbook = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"playbook {name}: {error}") from error
    if not isinstance(playbook, Playbook):
        raise UsageError(f"playbook {name}: is a {type(playbook).__name__}; legal is a Playbook")
    return playbook
