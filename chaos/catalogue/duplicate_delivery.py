"""The system sends everything twice."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes, Switch, SystemFault


class DuplicateDelivery(SystemFault):
    """A ``share`` of the messages and relayed calls that the system sends on is sent a second time.

    Message systems promise delivery at least once: whoever receives has to know what it has already got.
    """

    felt: ClassVar[Literal["inbound", "outbound"]] = "outbound"
    title: ClassVar[Bilingual] = {"vi": "Gửi trùng thông điệp", "en": "Delivered twice"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Mỗi hồ sơ hoặc thông báo được chuyển đi hai lần; nơi nhận phải nhận ra bản trùng.",
        "en": "Each dossier or notice is passed on twice; whoever receives it must notice the double.",
    }
    colour: ClassVar[str] = "#4db6ac"

    kind: Literal["duplicate-delivery"] = "duplicate-delivery"
    share: float = Field(default=1.0, ge=0.001, le=1, description="of what is sent on")

    @property
    def executes(self) -> Executes:
        """Once at least."""
        return "yes"

    def switch(self) -> Switch:
        """Send again what was sent."""
        return Switch("duplicate-delivery", share=self.share)
