"""The link is slow: every answer, and if wished every request, arrives later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from chaos.catalogue.fault import Bilingual, Executes
from chaos.catalogue.ways import ByToxics
from chaos.toxics import Stream, Toxic
from chaos.units import Duration, milliseconds

_STREAMS: Mapping[str, tuple[Stream, ...]] = {
    "answers": ("downstream",),
    "requests": ("upstream",),
    "both": ("upstream", "downstream"),
}


class Slow(ByToxics):
    """Each piece of data is held for ``latency``, give or take up to ``jitter``.

    Connecting is not delayed. Pieces keep their order.
    """

    title: ClassVar[Bilingual] = {"vi": "Đường truyền chậm", "en": "Slow link"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Mọi thao tác vẫn được thực hiện nhưng phải chờ lâu hơn.",
        "en": "Everything still happens, but one waits longer for it.",
    }
    colour: ClassVar[str] = "#ef6c00"

    kind: Literal["slow"] = "slow"
    latency: Duration = Field(ge=0.001, le=600, description="how much later data arrives")
    jitter: Duration = Field(default=0.0, ge=0, le=600, description="at most this much more or less")
    direction: Literal["answers", "requests", "both"] = Field(
        default="answers", description="what is late; with both, a round trip is late by twice the latency"
    )

    @model_validator(mode="after")
    def _jitter_fits(self) -> Self:
        if self.jitter > self.latency:
            raise ValueError(
                f"jitter = {self.jitter} s is more than latency = {self.latency} s: data cannot arrive "
                "before it was sent; jitter is at most the latency"
            )
        return self

    @property
    def executes(self) -> Executes:
        """Late answers belong to writes done in time; a late request may outlive its caller's patience."""
        return "yes" if self.direction == "answers" else "late"

    def toxics(self) -> tuple[Toxic, ...]:
        """One latency for each late direction."""
        attributes = {"latency": milliseconds(self.latency), "jitter": milliseconds(self.jitter)}
        return tuple(self.toxic("latency", stream, **attributes) for stream in _STREAMS[self.direction])
