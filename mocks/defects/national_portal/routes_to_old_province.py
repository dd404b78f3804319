"""A routing table from before the mergers: communes of some former provinces lead to the wrong neighbour.

Of all former provinces they are those that make up the largest parts of their new ones. The message names a
unit of the neighbour, so its case system takes the dossier as one of its own; the portal's books are right.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

import fixtures
from fixtures.reference.wards import ward_successions
from mocks.dossiers import Held
from mocks.outbox import Message
from mocks.systems.national_portal import NationalPortal

FORMER = 3
"""How many former provinces are led astray."""
_LINE = "lgsp-"


class RoutesToOldProvince(NationalPortal):
    """Sends the dossiers of some communes to the province with the next code."""

    async def start(self) -> None:
        """Lay out the wrong part of the table; it is empty where there is nobody to be led astray."""
        self._astray = astray(
            sorted(name.removeprefix(_LINE) for name in self.config.peers if name.startswith(_LINE))
        )
        await super().start()

    def onward(self, held: Held, trace: str) -> Message:
        """A dossier of such a commune becomes one of the neighbour's."""
        neighbour = self._astray.get(held.dossier.MaXa)
        if neighbour is not None:
            commune = fixtures.communes_of(neighbour)[0].code
            wrong = msgspec.structs.replace(held.dossier, MaTinh=neighbour, MaXa=commune)
            held = msgspec.structs.replace(held, dossier=wrong)
        return super().onward(held, trace)


def astray(provinces: list[str]) -> dict[str, str]:
    """The communes of these provinces that are led astray, each with the province that it is led to."""
    of_former: defaultdict[str, set[str]] = defaultdict(set)
    for row in ward_successions():
        of_former[row.old_province].add(row.commune)
    parts = {
        old.code: (position, len(of_former[old.code]) / len(fixtures.communes_of(province)))
        for position, province in enumerate(provinces)
        for old in fixtures.merged_into(province)
        if old.code != province and len(provinces) > 1
    }
    largest = sorted(parts, key=lambda old: parts[old][1], reverse=True)[:FORMER]
    return {
        commune: provinces[(parts[old][0] + 1) % len(provinces)]
        for old in largest
        for commune in of_former[old]
    }
