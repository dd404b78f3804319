"""The line of a remote commune: narrow, far away, and what comes drips."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.fault import Bilingual, Executes
from chaos.catalogue.ways import ByToxics
from chaos.toxics import Stream, Toxic
from chaos.units import Duration, milliseconds

_STREAMS: tuple[Stream, ...] = ("upstream", "downstream")


class ThinLine(ByToxics):
    """``rate`` for each connection and direction, ``round_trip`` away; answers drip where ``drip`` is given.

    The rate is that of a connection, not of the link: a thousand callers get a thousand times as much.
    """

    title: ClassVar[Bilingual] = {"vi": "Đường truyền yếu", "en": "Thin line"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Như ở một xã vùng xa: trang web hiện ra từng chút một, gửi tệp đính kèm rất lâu.",
        "en": "As in a remote commune: pages appear bit by bit, and sending an attachment takes very long.",
    }
    colour: ClassVar[str] = "#00838f"

    kind: Literal["thin-line"] = "thin-line"
    rate: int = Field(default=16, ge=1, le=100_000, description="KB/s of each connection, either way")
    round_trip: Duration = Field(default=0.6, ge=0, le=60, description="there and back, half each way")
    drip: int = Field(default=0, ge=0, le=65_536, description="bytes of a piece of an answer; 0: no dripping")
    drip_every: Duration = Field(default=0.02, ge=0, le=1, description="pause after each piece")

    @property
    def executes(self) -> Executes:
        """A large request may take longer than its caller's patience."""
        return "late"

    def toxics(self) -> tuple[Toxic, ...]:
        """The way, then the dripping and the width: both hold by not reading, so a latency is before them."""
        return tuple(self._toxics())

    def _toxics(self) -> Iterator[Toxic]:
        for stream in _STREAMS:
            yield self.toxic("latency", stream, latency=milliseconds(self.round_trip / 2), jitter=0)
        if self.drip:
            pause = round(self.drip_every * 1_000_000)
            yield self.toxic("slicer", "downstream", average_size=self.drip, size_variation=0, delay=pause)
        for stream in _STREAMS:
            yield self.toxic("bandwidth", stream, rate=self.rate)
