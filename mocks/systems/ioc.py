"""The intelligent operations centre of a province: the newest figures of its case system.

==================  ===  =====================================================================
``PUT /api/kpis``   200  {province, at, received, open, finished, refused}: what is shown now;
                         an older snapshot than the one shown changes nothing; 422 a foreign one
``GET /api/kpis``   200  what is shown; 404 before the first snapshot
==================  ===  =====================================================================

``at`` is the moment of the snapshot in nanoseconds of Unix time, the others count dossiers.
"""

from __future__ import annotations

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.operator import Stored
from mocks.store import Put
from mocks.system import System


class Figures(msgspec.Struct, frozen=True):
    """How many dossiers a province has received, has open, has finished and has refused, at one moment."""

    province: str
    at: int
    received: int
    open: int
    finished: int
    refused: int

    def stored(self, system: str, record: str) -> Stored:
        """As a record that the reconciliation reads: its ``history`` is the four numbers."""
        numbers = f"{self.received},{self.open},{self.finished},{self.refused}"
        return Stored(system, "figures", record, province=self.province, history=numbers, at=self.at)


class Ioc(System):
    """Intelligent operations centre of a province (Trung tâm điều hành thông minh, IOC)."""

    kind = "ioc"
    title = "Intelligent operations centre"

    async def start(self) -> None:
        """Show what was shown last."""
        self._shown: Figures | None = None
        for _, body in self.store.load("figures"):
            self._shown = msgspec.json.decode(body, type=Figures)

    @operation("PUT", "/api/kpis", body=Figures, answers={200: Figures, 422: Problem})
    async def put(self, call: Call[Figures]) -> Answer:
        """Show a snapshot, unless a newer one is shown."""
        figures = call.body
        if figures.province != self.config.province:
            raise Refusal(
                422,
                "other-province",
                f"Trung tâm này không theo dõi tỉnh {figures.province}.",
                f"This centre watches province {self.config.province}, not {figures.province!r}.",
            )
        if self._shown is None or figures.at > self._shown.at:
            self._shown = figures
            await self.store.write(Put("figures", "newest", msgspec.json.encode(self._shown)))
        return Answer(200, self._shown)

    def stored(self, page: slice) -> list[Stored]:
        """What is shown."""
        shown = [] if self._shown is None else [self._shown.stored(self.name, self._shown.province)]
        return shown[page]

    @operation("GET", "/api/kpis", answers={200: Figures, 404: Problem})
    async def get(self, _call: Call[None]) -> Answer:
        """What is shown."""
        if self._shown is None:
            raise Refusal(404, "no-figures", "Chưa có số liệu.", "There are no figures yet.")
        return Answer(200, self._shown)
