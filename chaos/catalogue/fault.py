"""What every kind of fault is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Literal, Protocol, TypedDict

from pydantic import BaseModel, ConfigDict

from chaos.client import ProxyState
from chaos.toxics import Toxic


class Bilingual(TypedDict):
    """A text for readers, in Vietnamese and in English."""

    vi: str
    en: str


Executes = Literal["yes", "no", "late"]
"""Whether the callee carries out a write that was sent through the faulty link.

yes: it does, whatever the caller sees; no: it never does; late: it does, perhaps after the caller gave up.
"""


class Proxy(Protocol):
    """What a fault may do to a link; every method returns the state read back afterwards."""

    def enable(self) -> ProxyState:
        """Listen again."""

    def disable(self) -> ProxyState:
        """Refuse new connections and close the open ones."""

    def add(self, toxic: Toxic) -> ProxyState:
        """Add a toxic, to open connections too."""

    def remove(self, toxic: str) -> ProxyState:
        """Remove a toxic by name; no harm if it is not there."""

    def state(self) -> ProxyState:
        """What the server shows now."""


class Fault(BaseModel, ABC):
    """A fault with its parameters: immutable, checked whole when it is made.

    Attributes:
        kind: its name in scenario files, a literal of the subclass.
        title: what a chart's legend says.
        meaning: what a citizen would notice.
        colour: ``#rrggbb`` on charts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ClassVar[Bilingual]
    meaning: ClassVar[Bilingual]
    colour: ClassVar[str]

    kind: str

    @property
    @abstractmethod
    def executes(self) -> Executes:
        """Whether a write sent while the fault lasts is executed."""

    @abstractmethod
    def apply(self, proxy: Proxy) -> ProxyState:
        """Do it to one link."""

    @abstractmethod
    def cure(self, proxy: Proxy) -> ProxyState:
        """Undo it; no harm if it is not, or only half, applied."""
