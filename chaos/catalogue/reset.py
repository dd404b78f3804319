"""The connection breaks off just when the answer comes: done, but the caller sees an error."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes, Proxy
from chaos.catalogue.ways import ByToxics
from chaos.client import ProxyState
from chaos.toxics import Toxic
from chaos.units import Duration, milliseconds


class Reset(ByToxics):
    """At the first byte of an answer, or ``after`` that, the connection is reset (RST).

    Unlike with a lost acknowledgement the caller knows at once that something went wrong, and is tempted to
    send again at once.
    """

    title: ClassVar[Bilingual] = {"vi": "Kết nối bị ngắt đột ngột", "en": "Connection reset"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Yêu cầu đã được xử lý nhưng kết nối đứt đúng lúc trả lời; người gửi thấy báo lỗi.",
        "en": "The request was executed, but the connection broke as the answer came: one sees an error.",
    }
    colour: ClassVar[str] = "#ad1457"

    kind: Literal["reset"] = "reset"
    after: Duration = Field(default=0.0, ge=0, le=10, description="wait between answer and reset")

    @property
    def executes(self) -> Executes:
        """The answer shows that it was."""
        return "yes"

    def toxics(self) -> tuple[Toxic, ...]:
        """Reset at the answer."""
        return (self.toxic("reset_peer", "downstream", timeout=milliseconds(self.after)),)

    def apply(self, proxy: Proxy) -> ProxyState:
        """Add the toxic, then close what is open.

        The toxic touches only connections opened after it. Without the closing, callers that keep their
        connections alive would never meet the fault; closing them is also what a restarted device does.
        """
        state = super().apply(proxy)
        if not state.enabled:  # another fault has cut the link: not ours to undo
            return state
        proxy.disable()
        return proxy.enable()
