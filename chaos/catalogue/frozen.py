"""The process of a system stands still, and goes on later as if nothing had been."""

from __future__ import annotations

from typing import ClassVar, Literal

from chaos.catalogue.fault import Bilingual, Executes, ProcessFault


class Frozen(ProcessFault):
    """SIGSTOP: connections open (the kernel accepts them) and nothing answers. SIGCONT at the cure.

    Then everything that came meanwhile is done at once, for callers many of whom have gone.
    """

    begin: ClassVar[Literal["kill", "freeze", "restart"]] = "freeze"
    title: ClassVar[Bilingual] = {"vi": "Hệ thống bị treo", "en": "System frozen"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Trang web quay mãi không trả lời; những gì đang chờ có thể được xử lý dồn khi chạy lại.",
        "en": "The page loads for ever; what waits may be done all at once when the system goes on.",
    }
    colour: ClassVar[str] = "#4fc3f7"

    kind: Literal["frozen"] = "frozen"

    @property
    def executes(self) -> Executes:
        """What waits at its door is done at the cure."""
        return "late"
