"""The request is lost on its way: not done, and the caller does not know."""

from __future__ import annotations

from typing import ClassVar, Literal

from chaos.catalogue.fault import Bilingual, Executes
from chaos.catalogue.ways import ByToxics
from chaos.toxics import Toxic


class RequestLost(ByToxics):
    """Connections open as usual; every byte of the requests vanishes and the connection stays open.

    To the caller it looks exactly like a lost acknowledgement, but nothing was executed.
    The cure closes the connections that waited; what was swallowed stays lost.
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

    def toxics(self) -> tuple[Toxic, ...]:
        """Swallow what is sent."""
        return (self.toxic("timeout", "upstream", timeout=0),)
