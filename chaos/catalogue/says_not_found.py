"""The system denies that what is asked for exists."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes, Switch, SystemFault


class SaysNotFound(SystemFault):
    """A ``share`` of the requests is answered with 404, "does not exist", and not done.

    Worse than an error: a caller may believe it, and tell the citizen that there is no such dossier.
    """

    felt: ClassVar[Literal["inbound", "outbound"]] = "inbound"
    title: ClassVar[Bilingual] = {"vi": "Báo “không tồn tại” sai", "en": "Says “not found”"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Hồ sơ hoặc dữ liệu vẫn còn nhưng hệ thống trả lời là không tồn tại.",
        "en": "The dossier or data is there, but the system answers that it does not exist.",
    }
    colour: ClassVar[str] = "#558b2f"

    kind: Literal["says-not-found"] = "says-not-found"
    share: float = Field(default=1.0, ge=0.001, le=1, description="of the requests")

    @property
    def executes(self) -> Executes:
        """What is denied is not done either."""
        return "no"

    def switch(self) -> Switch:
        """Deny it."""
        return Switch("says-not-found", share=self.share)
