"""What was sent later is done earlier."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes, Switch, SystemFault
from chaos.units import Duration


class Reordered(SystemFault):
    """Each request waits for a random time of up to ``spread`` before it is done: later ones overtake it."""

    felt: ClassVar[Literal["inbound", "outbound"]] = "inbound"
    title: ClassVar[Bilingual] = {"vi": "Sai thứ tự xử lý", "en": "Out of order"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Thông báo gửi sau được xử lý trước; trạng thái hồ sơ có thể hiện lùi lại.",
        "en": "What was sent later is handled first; the status of a dossier may seem to go backwards.",
    }
    colour: ClassVar[str] = "#7986cb"

    kind: Literal["reordered"] = "reordered"
    spread: Duration = Field(default=2.0, ge=0.001, le=60, description="longest time that a request waits")

    @property
    def executes(self) -> Executes:
        """A request may wait longer than its caller's patience."""
        return "late"

    def switch(self) -> Switch:
        """Hold each request for a while."""
        return Switch("reordered", spread=self.spread)
