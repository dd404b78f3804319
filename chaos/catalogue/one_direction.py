"""One direction of the link stands still, while the other passes."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes
from chaos.catalogue.ways import ByToxics
from chaos.toxics import ATTRIBUTES, Stream, Toxic

_FOR_EVER = ATTRIBUTES["latency"]["latency"].greatest


class OneDirection(ByToxics):
    """Bytes of one ``direction`` are held, to the last, and all of them arrive at the cure.

    Unlike with what is lost, nothing is: answers come to callers that may have gone, and requests of callers
    that have gone are executed.
    """

    title: ClassVar[Bilingual] = {"vi": "Kết nối một chiều", "en": "One direction stands still"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Thông tin chỉ đi được một chiều; chiều kia bị giữ lại và đến dồn dập khi kết nối phục hồi.",
        "en": "Data gets through one way only; what waits the other way arrives in a rush at the end.",
    }
    colour: ClassVar[str] = "#1e88e5"

    kind: Literal["one-direction"] = "one-direction"
    direction: Literal["answers", "requests"] = Field(default="answers", description="what is held")

    @property
    def executes(self) -> Executes:
        """Held requests are executed at the cure; those whose answers are held, at once."""
        return "yes" if self.direction == "answers" else "late"

    def toxics(self) -> tuple[Toxic, ...]:
        """Hold by latency, which goes on reading; a bandwidth of 0 would hold up the server, too."""
        stream: Stream = "downstream" if self.direction == "answers" else "upstream"
        return (self.toxic("latency", stream, latency=_FOR_EVER, jitter=0),)
