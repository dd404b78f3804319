"""The request arrives after the caller gave up: done, when nobody waits for it any more."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes
from chaos.catalogue.ways import ByToxics
from chaos.toxics import Toxic
from chaos.units import Duration, milliseconds


class Zombie(ByToxics):
    """Each request is held for ``late`` on its way; whoever waits less long has given up when it arrives.

    It arrives even where the caller has closed its connection meanwhile, and meets its own second attempt.
    What is still held at the cure arrives then.
    """

    title: ClassVar[Bilingual] = {"vi": "Yêu cầu đến muộn", "en": "Zombie request"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Người gửi đã bỏ cuộc vì chờ quá lâu, nhưng yêu cầu vẫn đến sau đó và vẫn được thực hiện.",
        "en": "Whoever sent it has given up waiting; it arrives later all the same, and is done.",
    }
    colour: ClassVar[str] = "#5d4037"

    kind: Literal["zombie"] = "zombie"
    late: Duration = Field(
        default=10.0,
        ge=0.001,
        le=600,
        description="how long a request is on its way; above callers' patience",
    )

    @property
    def executes(self) -> Executes:
        """Nothing is lost, only late."""
        return "late"

    def toxics(self) -> tuple[Toxic, ...]:
        """Hold what is sent."""
        return (self.toxic("latency", "upstream", latency=milliseconds(self.late), jitter=0),)
