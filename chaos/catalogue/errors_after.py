"""The system does what was asked, and then answers with an error."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes, Switch, SystemFault


class ErrorsAfter(SystemFault):
    """A ``share`` of the requests is done and answered with ``status`` all the same.

    As when a gateway loses patience with the system behind it: who sends again does it twice, unless the
    request carries a key by which it is known again.
    """

    felt: ClassVar[Literal["inbound", "outbound"]] = "inbound"
    title: ClassVar[Bilingual] = {"vi": "Báo lỗi sau khi đã xử lý", "en": "Errors after doing"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Hồ sơ đã được ghi nhận nhưng màn hình báo lỗi; gửi lại có thể bị trùng.",
        "en": "The dossier was recorded, but the screen shows an error; sending again may double it.",
    }
    colour: ClassVar[str] = "#ba68c8"

    kind: Literal["errors-after"] = "errors-after"
    status: int = Field(default=500, ge=500, le=599, description="HTTP status of the answers")
    share: float = Field(default=1.0, ge=0.001, le=1, description="of the requests")

    @property
    def executes(self) -> Executes:
        """Only the answer is wrong."""
        return "yes"

    def switch(self) -> Switch:
        """Fail once it is done."""
        return Switch("errors-after", status=self.status, share=self.share)
