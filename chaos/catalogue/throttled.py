"""The system turns callers away for a while: too many requests."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes, Switch, SystemFault


class Throttled(SystemFault):
    """A ``share`` of the requests is answered with 429 and told when to come back (Retry-After)."""

    felt: ClassVar[Literal["inbound", "outbound"]] = "inbound"
    title: ClassVar[Bilingual] = {"vi": "Giới hạn lượt truy cập", "en": "Throttled"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Hệ thống báo đang quá tải và đề nghị thử lại sau ít phút; yêu cầu chưa được thực hiện.",
        "en": "The system says that it is too busy and asks to come back later; nothing was done yet.",
    }
    colour: ClassVar[str] = "#c0ca33"

    kind: Literal["throttled"] = "throttled"
    share: float = Field(default=1.0, ge=0.001, le=1, description="of the requests")

    @property
    def executes(self) -> Executes:
        """Whoever is turned away has not been served."""
        return "no"

    def switch(self) -> Switch:
        """Turn away before doing anything."""
        return Switch("throttled", share=self.share)
