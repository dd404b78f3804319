"""Which kinds of fault befall which dependency, each with short, typical parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chaos import catalogue
from rehearsal.errors import UsageError, suggest
from rehearsal.matrix.dependencies import Dependency, dependencies
from rehearsal.matrix.pairs import covering
from rehearsal.scenario.section import spell_duration, spell_moment

PARAMETERS: Mapping[str, Mapping[str, str | int]] = MappingProxyType(
    {
        "slow": {"latency": "1200ms"},
        "jitter": {"jitter": "2s"},
        "flapping": {"period": "2s"},
        "brown-out": {"severe": "2s", "steps": 3},
        "reordered": {"spread": "1500ms"},
    }
)
"""What differs from the catalogue's own defaults: a cell lasts seconds, and what it brings must fit in."""

LASTS: Mapping[str, float] = MappingProxyType({"flapping": 4.0, "brown-out": 4.0})
"""Seconds that a fault of a kind must last at least to be what it is called: two cuts are a flapping line.
Each of its stages is put on up to 126 links, one after the other, so there are few of them."""

LEFT_OUT = frozenset({"nothing"})
"""Kinds that are no faults."""
OF_PROVINCES = "partition"
"""The kind that befalls provinces, and not links by name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A dependency and a kind of fault that befalls it."""

    dependency: Dependency
    kind: str

    @property
    def name(self) -> str:
        """``<dependency>-<kind>``."""
        return f"{self.dependency.name}-{self.kind}"

    @property
    def place(self) -> str:
        """What is faulty: "link", "system" or "process"."""
        return catalogue.KINDS[self.kind].place

    @property
    def processes(self) -> tuple[str, ...]:
        """The systems that need processes of their own for it."""
        return self.dependency.processes if self.place == "process" else ()

    def written(self, name: str, at: float, lasts: float, recover_within: float) -> dict[str, object]:
        """It as an entry of ``[[faults]]``, the times in seconds."""
        return {
            "name": name,
            "kind": self.kind,
            **PARAMETERS.get(self.kind, {}),
            **self._where(),
            "at": spell_moment(at),
            "for": spell_duration(lasts),
            "recover_within": spell_duration(recover_within),
        }

    def _where(self) -> dict[str, object]:
        if self.kind == OF_PROVINCES:
            return {"provinces": list(self.dependency.provinces)}
        if self.place == "link":
            return {"links": list(self.dependency.links)}
        return {"systems": list(self.processes or self.dependency.systems)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One fault, or several at once."""

    choices: tuple[Choice, ...]

    @property
    def name(self) -> str:
        """The names of its choices."""
        return "-with-".join(choice.name for choice in self.choices)

    @property
    def faults(self) -> tuple[tuple[str, Choice], ...]:
        """Its faults by the names that they have in the plan."""
        if len(self.choices) == 1:
            return ((self.name, self.choices[0]),)
        return tuple((f"{self.name}-{number}", choice) for number, choice in enumerate(self.choices, 1))

    @property
    def before_t0(self) -> bool:
        """Whether it must be played before T0."""
        return any(choice.dependency.before_t0 for choice in self.choices)

    @property
    def processes(self) -> frozenset[str]:
        """The systems that need processes of their own for it."""
        return frozenset(name for choice in self.choices for name in choice.processes)

    @property
    def lasts(self) -> float:
        """Seconds that it must last at least."""
        return max(max(each.dependency.lasts, LASTS.get(each.kind, 0.0)) for each in self.choices)

    @property
    def provinces(self) -> tuple[str, ...]:
        """Whose visitors may feel it; empty means all."""
        every = [choice.dependency.provinces for choice in self.choices]
        return every[0] if all(each == every[0] for each in every) else ()


def choices(of: Iterable[Dependency]) -> Iterator[Choice]:
    """All kinds of fault for each dependency, those of links first, then of systems, then of processes."""
    kinds = sorted(catalogue.KINDS, key=lambda kind: ("link", "system", "process").index(_place(kind)))
    for dependency in of:
        yield from (
            Choice(dependency, kind) for kind in kinds if kind not in LEFT_OUT and _befalls(kind, dependency)
        )


def singles(only: Iterable[str] = ()) -> tuple[Cell, ...]:
    """A cell for every dependency and kind; of the dependencies named in ``only``, where any are.

    Raises :class:`UsageError` for an unknown name.
    """
    return tuple(Cell((choice,)) for choice in choices(_chosen(only)))


def pairs(only: Iterable[str] = ()) -> tuple[Cell, ...]:
    """Cells of two faults on two dependencies, after T0, without faults of processes.

    Chosen so that any two of these four occur together in some cell, whatever they are: the first
    dependency, its kind, the second dependency, its kind. Raises :class:`UsageError` for an unknown name.
    """
    of = [dependency for dependency in _chosen(only) if not dependency.before_t0]
    each = {
        dependency.name: {
            choice.kind: choice for choice in choices([dependency]) if choice.place != "process"
        }
        for dependency in of
    }
    rows = covering({name: tuple(kinds) for name, kinds in each.items()})
    return tuple(Cell((each[a][of_a], each[b][of_b])) for a, of_a, b, of_b in rows)


def _chosen(only: Iterable[str]) -> tuple[Dependency, ...]:
    known = {dependency.name: dependency for dependency in dependencies()}
    for name in only:
        if name not in known:
            raise UsageError(f"--only {name}: is no dependency; {suggest(name, known)}")
    return tuple(known[name] for name in only) or tuple(known.values())


def _place(kind: str) -> str:
    return catalogue.KINDS[kind].place


def _befalls(kind: str, dependency: Dependency) -> bool:
    catalogued = catalogue.KINDS[kind]
    if kind == OF_PROVINCES:
        return bool(dependency.provinces)
    if issubclass(catalogued, catalogue.SystemFault):
        return bool(dependency.systems) and (catalogued.felt == "inbound" or dependency.delivers)
    return bool(dependency.links if _place(kind) == "link" else dependency.processes)
