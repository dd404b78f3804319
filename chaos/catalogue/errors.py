"""The system answers with an error instead of doing what was asked."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes, Switch, SystemFault


class Errors(SystemFault):
    """A ``share`` of the requests is answered with ``status`` and not done; the rest goes on as usual."""

    felt: ClassVar[Literal["inbound", "outbound"]] = "inbound"
    title: ClassVar[Bilingual] = {"vi": "Hệ thống báo lỗi", "en": "System errors"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Hệ thống trả về trang báo lỗi và không thực hiện yêu cầu.",
        "en": "The system answers with an error page, and what was asked is not done.",
    }
    colour: ClassVar[str] = "#f06292"

    kind: Literal["errors"] = "errors"
    status: int = Field(default=500, ge=500, le=599, description="HTTP status of the answers")
    share: float = Field(default=1.0, ge=0.001, le=1, description="of the requests")

    @property
    def executes(self) -> Executes:
        """Whoever gets an error can believe it."""
        return "no"

    def switch(self) -> Switch:
        """Fail before doing anything."""
        return Switch("errors", status=self.status, share=self.share)
