"""The service grows slower and slower, until it can hardly be used."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from chaos.catalogue.fault import Bilingual, Executes, Stage
from chaos.catalogue.ways import ByToxics
from chaos.toxics import Toxic
from chaos.units import Duration, milliseconds


class BrownOut(ByToxics):
    """In equal ``steps`` of time, answers come later and through a narrower line.

    Latency grows, and the rate of each connection shrinks, by the same factor at every step (a geometric
    series): from ``mild`` and ``mild_rate`` in the first to ``severe`` and ``severe_rate`` in the last.
    Between two stages what is held is let go at once.
    """

    title: ClassVar[Bilingual] = {"vi": "Dịch vụ chậm dần", "en": "Brown-out"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Dịch vụ mỗi lúc một chậm hơn, cho đến khi gần như không dùng được.",
        "en": "The service gets slower and slower, until it can hardly be used.",
    }
    colour: ClassVar[str] = "#8d6e63"

    kind: Literal["brown-out"] = "brown-out"
    mild: Duration = Field(default=0.1, ge=0.001, le=600, description="how late answers are at first")
    severe: Duration = Field(default=3.0, ge=0.001, le=600, description="how late they are in the end")
    mild_rate: int = Field(default=1000, ge=1, le=100_000, description="KB/s of each connection at first")
    severe_rate: int = Field(default=50, ge=1, le=100_000, description="KB/s in the end")
    steps: int = Field(default=6, ge=1, le=100, description="stages")

    @model_validator(mode="after")
    def _grows(self) -> Self:
        if self.severe < self.mild:
            raise ValueError(
                f"severe = {self.severe} s is less than mild = {self.mild} s: it is to get worse"
            )
        if self.severe_rate > self.mild_rate:
            raise ValueError(
                f"severe_rate = {self.severe_rate} KB/s is more than mild_rate = {self.mild_rate} KB/s: "
                "it is to get worse"
            )
        return self

    @property
    def executes(self) -> Executes:
        """Only answers are late."""
        return "yes"

    def stages(self, lasting: float) -> tuple[Stage, ...]:
        """One brown-out of a single level after the other."""
        return tuple(
            Stage(lasting * step / self.steps, self._level(step / max(self.steps - 1, 1)))
            for step in range(self.steps)
        )

    def toxics(self) -> tuple[Toxic, ...]:
        """Those of the first level; every other has toxics of the same names."""
        return (
            self.toxic("latency", "downstream", latency=milliseconds(self.mild), jitter=0),
            self.toxic("bandwidth", "downstream", rate=self.mild_rate),
        )

    def _level(self, progress: float) -> Self:
        latency = self.mild * (self.severe / self.mild) ** progress
        rate = round(self.mild_rate * (self.severe_rate / self.mild_rate) ** progress)
        level = {"mild": latency, "severe": latency, "mild_rate": rate, "severe_rate": rate, "steps": 1}
        return self.model_copy(update=level)
