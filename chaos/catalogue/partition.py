"""A group of provinces is cut off from everybody outside it."""

from __future__ import annotations

from typing import ClassVar, Literal

from chaos.catalogue.fault import Bilingual
from chaos.catalogue.ways import BySevering


class Partition(BySevering):
    """One fault on many links: all those between a system of the group and one outside, in both directions.

    Inside the group, and outside it, everything goes on. Which links those are is for the schedule to say.
    """

    title: ClassVar[Bilingual] = {"vi": "Một nhóm tỉnh bị cô lập", "en": "Provinces cut off"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Một số tỉnh mất liên lạc với phần còn lại của cả nước; trong nội bộ tỉnh vẫn hoạt động.",
        "en": "Some provinces cannot be reached from the rest of the country; within them, things work.",
    }
    colour: ClassVar[str] = "#37474f"

    kind: Literal["partition"] = "partition"
