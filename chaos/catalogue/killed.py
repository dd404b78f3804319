"""The process of a system is killed in the middle of its work."""

from __future__ import annotations

from typing import ClassVar, Literal

from chaos.catalogue.fault import Bilingual, Executes, ProcessFault


class Killed(ProcessFault):
    """SIGKILL: no clean-up, no goodbye; as with a power cut, only what is on disk is left. Back at the cure.

    A request that was being served may have been done, although nobody was told.
    """

    begin: ClassVar[Literal["kill", "freeze", "restart"]] = "kill"
    title: ClassVar[Bilingual] = {"vi": "Hệ thống sập", "en": "System crashed"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Hệ thống ngừng đột ngột như khi mất điện; những gì đã xác nhận phải còn khi chạy lại.",
        "en": "The system stops dead, as in a power cut; what it had confirmed must be there afterwards.",
    }
    colour: ClassVar[str] = "#212121"

    kind: Literal["killed"] = "killed"

    @property
    def executes(self) -> Executes:
        """Nobody is there."""
        return "no"
