"""What every kind of fault is, by the place where it happens: a link, a system, or a system's process."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, Self, TypedDict

from pydantic import BaseModel, ConfigDict, PrivateAttr

from chaos.client import ProxyState
from chaos.toxics import Stream, Toxic, name_of

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Bilingual(TypedDict):
    """A text for readers, in Vietnamese and in English."""

    vi: str
    en: str


Place = Literal["link", "system", "process"]
"""What is faulty. A link is hurt through its proxy, a system by a switch of its own, a process by signals."""

Executes = Literal["yes", "no", "late"]
"""Whether the callee carries out a write that was sent while the fault lasted.

yes: it does, whatever the caller sees; no: it never does; late: it does, perhaps after the caller gave up.
"""


class Proxy(Protocol):
    """What a fault may do to a link; every method returns the state read back afterwards."""

    def enable(self) -> ProxyState:
        """Listen again."""

    def disable(self) -> ProxyState:
        """Refuse new connections and close the open ones."""

    def add(self, *toxics: Toxic) -> ProxyState:
        """Add toxics in this order, to open connections too."""

    def remove(self, *toxics: str) -> ProxyState:
        """Remove toxics by name, in this order; no harm if one is not there."""

    def state(self) -> ProxyState:
        """What the server shows now."""


class Fault(BaseModel, ABC):
    """A fault with its parameters: immutable, checked whole when it is made.

    Attributes:
        kind: its name in scenario files, a literal of the subclass.
        place: what is faulty.
        title: what a chart's legend says.
        meaning: what a citizen would notice.
        colour: ``#rrggbb`` on charts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: ClassVar[Place]
    title: ClassVar[Bilingual]
    meaning: ClassVar[Bilingual]
    colour: ClassVar[str]

    kind: str

    @property
    @abstractmethod
    def executes(self) -> Executes:
        """Whether a write sent while the fault lasts is executed."""


class LinkFault(Fault):
    """A fault of links: done to a proxy, and undone.

    Several faults may be on one link at once, also of one kind, as long as each is an instance with a name
    of its own (:meth:`named`): it prefixes the names of its toxics, and says who holds a link down.

    Attributes:
        severs: it takes the link down as long as it lasts.
    """

    place: ClassVar[Place] = "link"
    severs: ClassVar[bool] = False

    _name: str = PrivateAttr(default="")

    @property
    def instance(self) -> str:
        """Its name among the faults of a link: the one that it was given, else its kind."""
        return self._name or self.kind

    def named(self, name: str) -> Self:
        """The same fault as an instance of that name: lower-case words joined by hyphens.

        Raises:
            ValueError: the name is of another form.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"{name!r} names no fault: write lower-case letters and digits, in words joined by hyphens"
            )
        copy = self.model_copy()
        copy._name = name
        return copy

    @abstractmethod
    def apply(self, proxy: Proxy) -> ProxyState:
        """Do it to one link; of a fault in stages, the first."""

    @abstractmethod
    def cure(self, proxy: Proxy) -> ProxyState:
        """Undo it, and what any of its stages did; no harm if it is not, or only half, applied."""

    def stages(self, lasting: float) -> tuple[Stage, ...]:  # noqa: ARG002 - of those that change with time
        """What it does in ``lasting`` seconds, in the order of time; the first stage begins at 0."""
        return (Stage(0.0, self),)

    def toxic(self, type_: str, stream: Stream, **attributes: int) -> Toxic:
        """A toxic of this instance; a fault has one of each type on each stream."""
        name = name_of(self.instance, type_, stream)
        return Toxic(name=name, type=type_, stream=stream, attributes=attributes)


@dataclass(frozen=True, slots=True)
class Stage:
    """From ``after`` seconds on, ``fault`` takes the place of the stage before, which is cured first."""

    after: float
    fault: LinkFault


@dataclass(frozen=True, slots=True)
class Switch:
    """What a system is told to do wrong.

    Attributes:
        kind: name of the switch, as systems know it.
        status: HTTP status of the answers; 0 where the kind itself says it.
        share: of the requests (or messages) that it befalls, above 0 and at most 1.
        spread: seconds over which requests are scattered.
    """

    kind: str
    status: int = 0
    share: float = 1.0
    spread: float = 0.0


class SystemFault(Fault):
    """A fault inside a system: a pure description, which the system itself performs.

    Attributes:
        felt: on which links: those to the system (inbound), or those on which it calls (outbound).
    """

    place: ClassVar[Place] = "system"
    felt: ClassVar[Literal["inbound", "outbound"]]

    @abstractmethod
    def switch(self) -> Switch:
        """What the system is told."""


class ProcessFault(Fault):
    """A fault of the process in which a system runs: a pure description.

    Attributes:
        begin: what is done. kill: SIGKILL, and started again at the cure. freeze: SIGSTOP, and SIGCONT at
            the cure. restart: SIGTERM, which lets it finish what it does, and started again at once; how
            long the fault lasts only says how long to watch.
    """

    place: ClassVar[Place] = "process"
    begin: ClassVar[Literal["kill", "freeze", "restart"]]
