"""The link is down: connections are refused."""

from __future__ import annotations

from typing import ClassVar, Literal

from chaos.catalogue.fault import Bilingual, Executes, Fault, Proxy
from chaos.client import ProxyState


class Cut(Fault):
    """Open connections are closed and new ones refused: the caller learns at once that nothing happened.

    A request whose answer was on its way when the link was cut may have been executed all the same.
    """

    title: ClassVar[Bilingual] = {"vi": "Mất kết nối", "en": "Link cut"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Hai hệ thống không liên lạc được với nhau; bên gọi bị từ chối ngay lập tức.",
        "en": "The two systems cannot reach each other; the caller is refused at once.",
    }
    colour: ClassVar[str] = "#c62828"

    kind: Literal["cut"] = "cut"

    @property
    def executes(self) -> Executes:
        """A refused request never arrives."""
        return "no"

    def apply(self, proxy: Proxy) -> ProxyState:
        """Close and refuse."""
        return proxy.disable()

    def cure(self, proxy: Proxy) -> ProxyState:
        """Listen again."""
        return proxy.enable()
