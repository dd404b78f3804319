"""The link is now quick, now slow: nobody can tell how long the next answer takes."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes
from chaos.catalogue.ways import ByToxics
from chaos.toxics import Toxic
from chaos.units import Duration, milliseconds


class Jitter(ByToxics):
    """Each piece of data, either way, takes ``latency`` and a random time of up to ``jitter`` on top.

    The time is uniform, and drawn anew for each piece. Pieces keep their order.
    """

    title: ClassVar[Bilingual] = {"vi": "Đường truyền lúc nhanh lúc chậm", "en": "Jittery link"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Cùng một thao tác, lần này nhanh, lần sau lại phải chờ; không đoán trước được.",
        "en": "The same step is quick one time and slow the next; there is no telling in advance.",
    }
    colour: ClassVar[str] = "#fbc02d"

    kind: Literal["jitter"] = "jitter"
    latency: Duration = Field(default=0.02, ge=0, le=60, description="what every piece of data takes")
    jitter: Duration = Field(default=1.0, ge=0.002, le=600, description="at most this much more, at random")

    @property
    def executes(self) -> Executes:
        """A request may draw a time that outlives its caller's patience."""
        return "late"

    def toxics(self) -> tuple[Toxic, ...]:
        """One latency each way; the server's own jitter lies on both sides of the latency."""
        half = self.jitter / 2
        attributes = {"latency": milliseconds(self.latency + half), "jitter": milliseconds(half)}
        return (
            self.toxic("latency", "upstream", **attributes),
            self.toxic("latency", "downstream", **attributes),
        )
