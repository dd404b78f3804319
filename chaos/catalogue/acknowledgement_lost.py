"""The answer is lost on its way back: done, but the caller does not know."""

from __future__ import annotations

from typing import ClassVar, Literal

from chaos.catalogue.fault import Bilingual, Executes, Fault, Proxy
from chaos.client import ProxyState
from chaos.toxics import Toxic

_TOXIC = Toxic(name="acknowledgement-lost", type="timeout", stream="downstream", attributes={"timeout": 0})


class AcknowledgementLost(Fault):
    """Requests arrive and are executed; every byte of the answers vanishes and the connection stays open.

    The caller waits until its own patience ends, and does not know whether to send again: this is what
    makes duplicates where a hop is not idempotent. Where the callee closes the connection after its answer
    (``Connection: close``), that close does pass, and the caller sees it instead of silence.
    """

    title: ClassVar[Bilingual] = {"vi": "Mất phản hồi", "en": "Acknowledgement lost"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Hồ sơ hoặc khoản thanh toán đã được ghi nhận nhưng người gửi không nhận được xác nhận.",
        "en": "The dossier or payment was recorded, but whoever sent it never hears of it.",
    }
    colour: ClassVar[str] = "#6a1b9a"

    kind: Literal["acknowledgement-lost"] = "acknowledgement-lost"

    @property
    def executes(self) -> Executes:
        """Only the answer is lost."""
        return "yes"

    def apply(self, proxy: Proxy) -> ProxyState:
        """Swallow what comes back."""
        return proxy.add(_TOXIC)

    def cure(self, proxy: Proxy) -> ProxyState:
        """Stop swallowing; the connections that waited are closed, and what was swallowed stays lost."""
        return proxy.remove(_TOXIC.name)
