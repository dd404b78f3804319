"""``[[faults]]``: a fault of the catalogue, with the links it befalls and the time at which it does.

The kinds and their parameters belong to ``chaos.catalogue``; here each is joined with its place and window,
so that a new kind needs no change in this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, TypeAlias, Union, cast

from pydantic import BeforeValidator, Field, create_model
from pydantic_core import PydanticCustomError

from chaos import catalogue
from rehearsal import topology
from rehearsal.errors import suggest
from rehearsal.scenario.section import Duration, Many, Moment, Name, Section


def links_of(pattern: str) -> tuple[str, ...]:
    """The links that a name, or a glob such as ``lgsp-*--case-*``, stands for; none where nothing matches."""
    return tuple(name for name in topology.link_names() if fnmatchcase(name, pattern))


def _matches_a_link(value: object) -> object:
    if isinstance(value, str) and not links_of(value):
        hint = suggest(value, topology.link_names())
        raise PydanticCustomError("unknown_name", "matches no link; {hint}", {"hint": hint})
    return value


LinkPattern = Annotated[str, BeforeValidator(_matches_a_link)]


class PlacedFault(Section):
    """What every entry has, whatever its kind. ``kind`` is a literal of the joined class."""

    name: Name
    kind: str
    links: Many[LinkPattern] = Field(min_length=1, description="names of links, or globs")
    at: Moment = Field(description="when it begins")
    for_: Duration = Field(alias="for", gt=0, description="how long it lasts")
    recover_within: Duration = Field(description="how long after its end service may take to be as before")

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

    def expanded(self) -> tuple[str, ...]:
        """The links it befalls, each once, in the order of the topology."""
        wanted = {name for pattern in self.links for name in links_of(pattern)}
        return tuple(name for name in topology.link_names() if name in wanted)


def _joined() -> Iterator[type[PlacedFault]]:
    for kind in catalogue.KINDS.values():
        bases = cast("tuple[type[PlacedFault], ...]", (kind, PlacedFault))
        yield create_model(f"Placed{kind.__name__}", __base__=bases, __doc__=kind.__doc__)


if TYPE_CHECKING:
    AnyFault: TypeAlias = PlacedFault  # the union below is made at run time, from the catalogue
else:
    AnyFault = Annotated[Union[tuple(_joined())], Field(discriminator="kind")]  # noqa: UP007 -- of a tuple
