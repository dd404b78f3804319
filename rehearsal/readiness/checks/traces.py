"""The systems that heard of a test dossier forget it, once everything has been read from them."""

from __future__ import annotations

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import Desk
from rehearsal.readiness.purging import followers, purge_traces
from reports.readiness.model import Cell

FORGOTTEN = check(
    "traces-purged",
    "Các hệ thống liên thông đã xoá dữ liệu về hồ sơ thử",
    "The systems that heard of the test dossiers have removed what they kept of them",
    "LC-1-3",
)


class Traces:
    """Two requests to each of them for each province."""

    name = "traces"
    checks = (FORGOTTEN,)

    def systems(self, province: fixtures.Province) -> tuple[str, ...]:
        """Those that keep something about a test dossier."""
        return followers(province)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """Purged; asked once more, none of them has anything left to remove."""
        notes = Notes(FORGOTTEN, province)
        await purge_traces(desk, province)
        for system, left in (await purge_traces(desk, province)).items():
            if left:
                notes.lacks(
                    province.code,
                    f"{name_of(province)}: {system} còn dữ liệu về {left} hồ sơ thử.",
                    f"{name_of(province)}: {system} still keeps something about {left} test dossiers.",
                    detail=system,
                )
            else:
                notes.right()
        return [notes.cell()]
