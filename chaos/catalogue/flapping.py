"""The link goes down and comes back, again and again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from chaos.catalogue.cut import Cut
from chaos.catalogue.fault import Bilingual, Stage
from chaos.catalogue.nothing import Nothing
from chaos.catalogue.ways import BySevering
from chaos.units import Duration


class Flapping(BySevering):
    """In every ``period`` the link is down for the first ``down`` of it, and whole for the rest."""

    title: ClassVar[Bilingual] = {"vi": "Kết nối chập chờn", "en": "Flapping link"}
    meaning: ClassVar[Bilingual] = {
        "vi": "Lúc vào được, lúc không; thử lại thì có khi được, nhưng rồi lại mất kết nối.",
        "en": "Now it works, now it does not; trying again may help, until the connection is lost again.",
    }
    colour: ClassVar[str] = "#ff7043"

    kind: Literal["flapping"] = "flapping"
    period: Duration = Field(default=2.0, ge=0.1, le=600, description="from one cut to the next")
    down: float = Field(default=0.5, ge=0.05, le=0.95, description="share of each period that it is down")

    def stages(self, lasting: float) -> tuple[Stage, ...]:
        """Cut and whole by turns, beginning with a cut."""
        return tuple(itertools.takewhile(lambda stage: stage.after < lasting, self._turns()))

    def _turns(self) -> Iterator[Stage]:
        down, whole = Cut().named(self.instance), Nothing().named(self.instance)
        for turn in itertools.count():
            yield Stage(turn * self.period, down)
            yield Stage((turn + self.down) * self.period, whole)
