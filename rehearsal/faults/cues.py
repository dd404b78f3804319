"""When something is to be done: pure data, the same for every run of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from chaos.catalogue import LinkFault, Stage
from rehearsal.plan.records import Fault


@dataclass(frozen=True, slots=True, order=True)
class Cue:
    """Something to do at an instant, in seconds after T0. Cures come before faults of the same instant.

    ``number`` is that of the stage which begins.
    """

    at: float
    action: Literal["cure", "inflict", "stage"]
    name: str
    number: int = 0


def cues(faults: Iterable[Fault]) -> list[Cue]:
    """All that is to be done, in the order of time."""
    return sorted(cue for fault in faults for cue in _of(fault))


def _of(fault: Fault) -> Iterator[Cue]:
    yield Cue(fault.start, "inflict", fault.name)
    for number, stage in enumerate(stages(fault)[1:], 1):
        yield Cue(fault.start + stage.after, "stage", fault.name, number)
    yield Cue(fault.end, "cure", fault.name)


def stages(fault: Fault) -> tuple[Stage, ...]:
    """What a fault of links is, one after the other; none for a fault of another place."""
    made = fault.catalogued()
    return made.stages(fault.end - fault.start) if isinstance(made, LinkFault) else ()
