"""The answer breaks off in the middle: done, but the caller gets half a page."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes
from chaos.catalogue.ways import ByToxics
from chaos.toxics import Toxic


class Truncated(ByToxics):
    """After ``limit`` bytes of answers a connection is closed in an orderly way, whatever was still to come.

    The bytes are counted for each connection from when the fault came. A kept-alive connection may thus
    carry several short answers whole before one of them breaks off.
    """

    title: ClassVar[Bilingual] = {"vi": "Phản hồi bị cắt ngang", "en": "Answer broken off"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Yêu cầu đã được thực hiện nhưng trang trả lời chỉ hiện một phần rồi dừng.",
        "en": "The request was done, but only a part of the answer comes, and then nothing more.",
    }
    colour: ClassVar[str] = "#7cb342"

    kind: Literal["truncated"] = "truncated"
    limit: int = Field(
        default=100, ge=1, le=1_000_000_000, description="bytes of answers that pass on a connection"
    )

    @property
    def executes(self) -> Executes:
        """The half of an answer shows that it was."""
        return "yes"

    def toxics(self) -> tuple[Toxic, ...]:
        """Close after so many bytes."""
        return (self.toxic("limit_data", "downstream", bytes=self.limit),)
