"""The link is down: connections are refused."""

from __future__ import annotations

from typing import ClassVar, Literal

from chaos.catalogue.fault import Bilingual
from chaos.catalogue.ways import BySevering


class Cut(BySevering):
    """Open connections are closed and new ones refused: the caller learns at once that nothing happened."""

    title: ClassVar[Bilingual] = {"vi": "Mất kết nối", "en": "Link cut"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Hai hệ thống không liên lạc được với nhau; bên gọi bị từ chối ngay lập tức.",
        "en": "The two systems cannot reach each other; the caller is refused at once.",
    }
    colour: ClassVar[str] = "#c62828"

    kind: Literal["cut"] = "cut"
