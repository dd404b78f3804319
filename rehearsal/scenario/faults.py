"""``[[faults]]``: a fault of the catalogue, with what it befalls and the time at which it does.

The kinds and their parameters belong to ``chaos.catalogue``; here each is joined with its place and window,
so that a new kind needs no change in this module. Where a fault happens is said in words of its place:

==================  ==========================================  ==========================================
kinds of            say where with                              and are felt on
==================  ==========================================  ==========================================
links               ``links``: names of links, or globs         these links
``partition``       ``provinces``: codes of the 34              all links from and to a system of theirs,
                                                                but not those among themselves
systems             ``systems``: names, globs or kinds          the links to these systems, or from them
processes           ``systems``: names, globs or kinds          the links to these systems
==================  ==========================================  ==========================================
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias, Union, cast

from pydantic import BeforeValidator, Field, ValidationError, create_model, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from chaos import catalogue
from chaos.catalogue.partition import Partition
from rehearsal import country, topology
from rehearsal.errors import suggest
from rehearsal.scenario.section import Duration, Many, Moment, Name, OneOf, Section

_WHERE = {
    "links": 'links = ["citizens--vneid"]',
    "provinces": 'provinces = ["15"]',
    "systems": 'systems = ["vneid"]',
}
"""The keys that say what a fault befalls, each with an example."""


def links_of(pattern: str, extent: topology.Extent = "whole") -> tuple[str, ...]:
    """The links that a name, or a glob such as ``lgsp-*--case-*``, stands for; none where nothing matches."""
    return tuple(name for name in topology.link_names(extent) if fnmatchcase(name, pattern))


def systems_of(pattern: str, extent: topology.Extent = "whole") -> tuple[str, ...]:
    """The systems that a name, a glob such as ``case-1*``, or a kind stands for."""
    return tuple(
        system.name
        for system in topology.systems(extent)
        if system.kind.value == pattern or fnmatchcase(system.name, pattern)
    )


def _matches_a_link(value: object) -> object:
    if isinstance(value, str) and not links_of(value):
        hint = suggest(value, topology.link_names("whole"))
        raise PydanticCustomError("unknown_name", "matches no link; {hint}", {"hint": hint})
    return value


def _matches_a_system(value: object) -> object:
    if isinstance(value, str) and not systems_of(value):
        hint = suggest(value, topology.kinds())
        raise PydanticCustomError(
            "unknown_name", "matches no system, and is no kind of systems; {hint}", {"hint": hint}
        )
    return value


LinkPattern = Annotated[str, BeforeValidator(_matches_a_link)]
SystemPattern = Annotated[str, BeforeValidator(_matches_a_system)]
ProvinceCode = Annotated[str, OneOf("code of one of the 34 provinces", country.province_codes)]
RequirementId = Annotated[str, OneOf("requirement of the directives", country.requirement_ids)]


class PlacedFault(Section, ABC):
    """What every entry has, whatever its kind. ``kind`` is a literal of the joined class."""

    befalls: ClassVar[str]
    """The key that says where it happens."""

    name: Name
    kind: str
    at: Moment = Field(description="when it begins")
    for_: Duration = Field(alias="for", gt=0, description="how long it lasts")
    recover_within: Duration = Field(description="how long after its end service may take to be as before")
    requirements: Many[RequirementId] = Field(
        default=(), description="those of scenario.requirements that bearing it shows"
    )

    @property
    def until(self) -> float:
        """When it ends, in seconds after T0."""
        return self.at + self.for_

    @property
    def catalogued(self) -> type[catalogue.Fault]:
        """Its kind in the catalogue."""
        return catalogue.KINDS[self.kind]

    @property
    def parameters(self) -> dict[str, object]:
        """The kind's own parameters; with ``kind`` they make the catalogue's fault again."""
        return {name: getattr(self, name) for name in self.catalogued.model_fields if name != "kind"}

    def befallen(self, extent: topology.Extent = "core") -> tuple[str, ...]:  # noqa: ARG002 - a hook
        """The systems of such a country that are faulty themselves, each once, in the topology's order."""
        return ()

    @abstractmethod
    def expanded(self, extent: topology.Extent = "core") -> tuple[str, ...]:
        """The links of such a country on which it is felt, each once, in the order of the topology."""

    @model_validator(mode="before")
    @classmethod
    def _says_where_in_its_own_words(cls, given: Any) -> Any:
        """One error for the key of another place, not two: this one unknown, the right one missing."""
        keys = (
            [key for key in _WHERE if key != cls.befalls and key in given] if isinstance(given, dict) else []
        )
        if not keys:
            return given
        words = {"kind": str(given.get("kind")), "example": _WHERE[cls.befalls]}
        message = 'a fault of kind "{kind}" does not say where like this: write {example}, for example'
        other_place = PydanticCustomError("other_place", message, words)
        raise ValidationError.from_exception_data(
            cls.__name__,
            [InitErrorDetails(type=other_place, loc=(key,), input=given[key]) for key in keys],
        )


@cache
def _provinces() -> Mapping[str, str]:
    """The province of every system, "" for a national one."""
    return {system.name: system.province for system in topology.systems("whole")}


class OnLinks(PlacedFault):
    """A fault of links."""

    befalls = "links"

    links: Many[LinkPattern] = Field(min_length=1, description="names of links, or globs")

    def expanded(self, extent: topology.Extent = "core") -> tuple[str, ...]:
        """Those that a pattern matches."""
        wanted = {name for pattern in self.links for name in links_of(pattern, extent)}
        return tuple(name for name in topology.link_names(extent) if name in wanted)


class OnProvinces(PlacedFault):
    """A fault of all links between some provinces, taken together, and everybody else."""

    befalls = "provinces"

    provinces: Many[ProvinceCode] = Field(min_length=1, description="codes of the provinces that are cut off")

    def expanded(self, extent: topology.Extent = "core") -> tuple[str, ...]:
        """Those with one end among the systems of the provinces, and the other not."""
        inside = {name for name, province in _provinces().items() if province in self.provinces}
        return tuple(
            link.name for link in topology.links(extent) if (link.caller in inside) != (link.callee in inside)
        )


class OnSystems(PlacedFault):
    """A fault of systems, or of the processes in which they run."""

    befalls = "systems"

    systems: Many[SystemPattern] = Field(min_length=1, description="names of systems, globs, or kinds")

    def befallen(self, extent: topology.Extent = "core") -> tuple[str, ...]:
        """Those that a pattern matches."""
        wanted = {name for pattern in self.systems for name in systems_of(pattern, extent)}
        return tuple(system.name for system in topology.systems(extent) if system.name in wanted)

    def expanded(self, extent: topology.Extent = "core") -> tuple[str, ...]:
        """Those to the systems; those from them where the fault is in what they send on."""
        systems = set(self.befallen(extent))
        kind = self.catalogued
        outbound = issubclass(kind, catalogue.SystemFault) and kind.felt == "outbound"
        return tuple(
            link.name
            for link in topology.links(extent)
            if (link.caller if outbound else link.callee) in systems
        )


def _joined() -> Iterator[type[PlacedFault]]:
    for kind in catalogue.KINDS.values():
        on = OnSystems if kind.place != "link" else OnProvinces if issubclass(kind, Partition) else OnLinks
        bases = cast("tuple[type[PlacedFault], ...]", (kind, on))
        yield create_model(f"Placed{kind.__name__}", __base__=bases, __doc__=kind.__doc__)


if TYPE_CHECKING:
    AnyFault: TypeAlias = PlacedFault  # the union below is made at run time, from the catalogue
else:
    AnyFault = Annotated[Union[tuple(_joined())], Field(discriminator="kind")]  # noqa: UP007 -- of a tuple
