"""The two ways in which most kinds hurt a link: toxics, and taking it down."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from chaos.catalogue.fault import Executes, LinkFault, Proxy
from chaos.client import ProxyState
from chaos.toxics import Toxic


class ByToxics(LinkFault):
    """A fault that is there as long as its toxics are."""

    @abstractmethod
    def toxics(self) -> tuple[Toxic, ...]:
        """What is added to the link, in the order in which bytes meet it."""

    def apply(self, proxy: Proxy) -> ProxyState:
        """Add them."""
        return proxy.add(*self.toxics())

    def cure(self, proxy: Proxy) -> ProxyState:
        """Remove them, the last first; what they still hold is delivered at once."""
        # A toxic that holds cannot be removed while one behind it does not read.
        return proxy.remove(*(toxic.name for toxic in reversed(self.toxics())))


class BySevering(LinkFault):
    """A fault that takes the link down: open connections are closed and new ones refused.

    A request whose answer was on its way at that moment may have been executed all the same.
    """

    severs: ClassVar[bool] = True

    @property
    def executes(self) -> Executes:
        """A refused request never arrives."""
        return "no"

    def apply(self, proxy: Proxy) -> ProxyState:
        """Close and refuse."""
        return proxy.disable()

    def cure(self, proxy: Proxy) -> ProxyState:
        """Listen again."""
        return proxy.enable()
