"""The answer is lost on its way back: done, but the caller does not know."""

from __future__ import annotations

from typing import ClassVar, Literal

from chaos.catalogue.fault import Bilingual, Executes
from chaos.catalogue.ways import ByToxics
from chaos.toxics import Toxic


class AcknowledgementLost(ByToxics):
    """Requests arrive and are executed; every byte of the answers vanishes and the connection stays open.

    The caller waits until its own patience ends, and does not know whether to send again: this is what
    makes duplicates where a hop is not idempotent. Where the callee closes the connection after its answer
    (``Connection: close``), that close does pass, and the caller sees it instead of silence.
    The cure closes the connections that waited; what was swallowed stays lost.
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

    def toxics(self) -> tuple[Toxic, ...]:
        """Swallow what comes back."""
        return (self.toxic("timeout", "downstream", timeout=0),)
