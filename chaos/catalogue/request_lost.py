"""The request is lost on its way: not done, and the caller does not know."""

from __future__ import annotations

from typing import ClassVar, Literal

from chaos.catalogue.fault import Bilingual, Executes, Fault, Proxy
from chaos.client import ProxyState
from chaos.toxics import Toxic

_TOXIC = Toxic(name="request-lost", type="timeout", stream="upstream", attributes={"timeout": 0})


class RequestLost(Fault):
    """Connections open as usual; every byte of the requests vanishes and the connection stays open.

    To the caller it looks exactly like a lost acknowledgement, but nothing was executed.
    """

    title: ClassVar[Bilingual] = {"vi": "Mất yêu cầu", "en": "Request lost"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Yêu cầu đã gửi đi nhưng không đến nơi; người gửi chờ mà không có trả lời.",
        "en": "What was sent never arrives; whoever sent it waits and hears nothing.",
    }
    colour: ClassVar[str] = "#283593"

    kind: Literal["request-lost"] = "request-lost"

    @property
    def executes(self) -> Executes:
        """What never arrives is never executed."""
        return "no"

    def apply(self, proxy: Proxy) -> ProxyState:
        """Swallow what is sent."""
        return proxy.add(_TOXIC)

    def cure(self, proxy: Proxy) -> ProxyState:
        """Stop swallowing; the connections that waited are closed, and what was swallowed stays lost."""
        return proxy.remove(_TOXIC.name)
