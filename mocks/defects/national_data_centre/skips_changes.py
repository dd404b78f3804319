"""Of some dossiers the first state is kept, whatever becomes of them at the first site."""

from __future__ import annotations

from mocks.defects.chance import struck
from mocks.replication import Entry
from mocks.systems.national_data_centre import NationalDataCentre

ONE_IN = 4


class SkipsChanges(NationalDataCentre):
    """Counts entries rather than applying them."""

    async def _apply(self, new: list[Entry]) -> None:
        await super()._apply([self._skipped(each) for each in new])

    def _skipped(self, entry: Entry) -> Entry:
        known = self._dossiers.find(entry.code) is not None
        return Entry(entry.number) if known and struck("skips-changes", entry.code, ONE_IN) else entry
