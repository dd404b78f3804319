"""The no-op: a fault window in which nothing happens, to see what the rehearsal measures without one."""

from __future__ import annotations

from typing import ClassVar, Literal

from chaos.catalogue.fault import Bilingual, Executes, LinkFault, Proxy
from chaos.client import ProxyState


class Nothing(LinkFault):
    """Every request and every answer passes as before."""

    title: ClassVar[Bilingual] = {"vi": "Không có sự cố", "en": "No fault"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Mọi thứ hoạt động bình thường; dùng làm mốc so sánh.",
        "en": "Everything works as usual; the window only marks what to compare with.",
    }
    colour: ClassVar[str] = "#9e9e9e"

    kind: Literal["nothing"] = "nothing"

    @property
    def executes(self) -> Executes:
        """As without a fault."""
        return "yes"

    def apply(self, proxy: Proxy) -> ProxyState:
        """Leave the link alone."""
        return proxy.state()

    def cure(self, proxy: Proxy) -> ProxyState:
        """Leave the link alone."""
        return proxy.state()
