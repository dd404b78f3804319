"""The reporting system: every province's figures of the day, and the totals of the country.

======================================  ===  =======================================================
``POST /api/reports``                   200  {province, at, received, open, finished, refused}: the
                                             province's report; a later one of the same day replaces it;
                                             404 an unknown province
``GET /api/provinces/{code}/reports``   200  [{day, figures}] of one province, the newest day first
``GET /api/reports/totals``             200  {provinces, received, open, finished, refused} of the
                                             newest report of each province
======================================  ===  =======================================================

The figures are those of :class:`mocks.systems.ioc.Figures`; the day is that of ``at`` in Hanoi.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

from mocks.dossiers import stamp
from mocks.http import Answer, Call, Problem, operation
from mocks.operator import Stored
from mocks.store import Put
from mocks.system import System
from mocks.systems.ioc import Figures
from mocks.systems.procedures import known_province


class DayReport(msgspec.Struct, frozen=True):
    """The last report of a province on one day (yyyyMMdd)."""

    day: str
    figures: Figures


class Totals(msgspec.Struct, frozen=True):
    """The newest reports of ``provinces`` provinces, added up."""

    provinces: int
    received: int
    open: int
    finished: int
    refused: int


class Reporting(System):
    """Reporting information system (Hệ thống thông tin báo cáo)."""

    kind = "reporting"
    title = "Reporting system"

    async def start(self) -> None:
        """Take up the reports of an earlier life of the process."""
        self._reports: defaultdict[str, dict[str, Figures]] = defaultdict(dict)
        for _, body in self.store.load("report"):
            self._keep(msgspec.json.decode(body, type=Figures))

    @operation("POST", "/api/reports", body=Figures, answers={200: DayReport, 404: Problem})
    async def report(self, call: Call[Figures]) -> Answer:
        """Take a province's report of the day."""
        figures = call.body
        province, day = known_province(figures.province), _day(figures)
        known = self._reports[province].get(day)
        if self.is_newer(figures, known):
            self._keep(figures)
            await self.store.write(Put("report", f"{province}/{day}", msgspec.json.encode(figures)))
        return Answer(200, DayReport(day, self._reports[province][day]))

    @operation("GET", "/api/provinces/{code}/reports", answers={200: list[DayReport], 404: Problem})
    async def of_province(self, call: Call[None]) -> Answer:
        """The reports of one province."""
        days = self._reports[known_province(call.path["code"])]
        return Answer(200, [DayReport(day, days[day]) for day in sorted(days, reverse=True)])

    @operation("GET", "/api/reports/totals", answers={200: Totals})
    async def totals(self, _call: Call[None]) -> Answer:
        """The newest reports of all provinces, added up."""
        newest = [days[max(days)] for days in self._reports.values() if days]
        return Answer(
            200,
            Totals(
                provinces=len(newest),
                received=sum(each.received for each in newest),
                open=sum(each.open for each in newest),
                finished=sum(each.finished for each in newest),
                refused=sum(each.refused for each in newest),
            ),
        )

    def is_newer(self, figures: Figures, known: Figures | None) -> bool:
        """Whether figures take the place of those that are known of the day."""
        return known is None or figures.at > known.at

    def stored(self, page: slice) -> list[Stored]:
        """Reports."""
        every = (
            figures.stored(self.name, f"{province}/{day}")
            for province, days in self._reports.items()
            for day, figures in days.items()
        )
        return list(every)[page]

    def _keep(self, figures: Figures) -> None:
        self._reports[figures.province][_day(figures)] = figures


def _day(figures: Figures) -> str:
    return stamp(figures.at / 1e9)[:8]
