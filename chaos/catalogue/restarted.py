"""A system is restarted in an orderly way, as for an update."""

from __future__ import annotations

from typing import ClassVar, Literal

from chaos.catalogue.fault import Bilingual, Executes, ProcessFault


class Restarted(ProcessFault):
    """SIGTERM: it finishes what it has begun, refuses the rest, and is started again at once."""

    begin: ClassVar[Literal["kill", "freeze", "restart"]] = "restart"
    title: ClassVar[Bilingual] = {"vi": "Khởi động lại hệ thống", "en": "System restarted"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Hệ thống khởi động lại trong chốc lát; việc đang làm phải được hoàn tất, không được mất.",
        "en": "The system is away for a moment; what it was doing must be finished, and nothing lost.",
    }
    colour: ClassVar[str] = "#00c853"

    kind: Literal["restarted"] = "restarted"

    @property
    def executes(self) -> Executes:
        """What it refuses while it is away is not done."""
        return "no"
