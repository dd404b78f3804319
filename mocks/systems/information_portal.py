"""The electronic information portals of the provinces: where the centres are, and what each receives.

=====================================  ===  ========================================================
``GET /api/provinces/{code}/centres``  200  [{unit, name, address, procedures_received}], the
                                            province's centre first, then one for each commune
``GET /api/centres/{unit}``            200  one centre with the codes of its procedures; 404 none is
                                            published; 410 an old code, naming where the unit went
=====================================  ===  ========================================================

``procedures_received`` counts procedures. All addresses are synthetic.

Gap ``address-missing`` (commune or province): its centre is not published.
"""

from __future__ import annotations

import msgspec

import fixtures
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.system import System
from mocks.systems.procedures import known_province
from mocks.units import Unit, current, of_commune, of_province


class Centre(msgspec.Struct, frozen=True):
    """A public administrative service centre, of a province or of a commune."""

    unit: str
    name: str
    address: str
    procedures_received: int


class CentrePage(msgspec.Struct, frozen=True):
    """The page of one centre, with the codes of the procedures that it receives."""

    centre: Centre
    procedures: list[str]


class InformationPortal(System):
    """Electronic information portals of the provinces (Cổng thông tin điện tử)."""

    kind = "information-portal"
    title = "Information portals"

    async def start(self) -> None:
        """Lay out what is received where."""
        received: dict[str, list[str]] = {"province": [], "commune": []}
        for each in fixtures.procedures():
            received.setdefault(each.level, []).append(each.code)
        self._received = received

    @operation("GET", "/api/provinces/{code}/centres", answers={200: list[Centre], 404: Problem})
    async def centres(self, call: Call[None]) -> Answer:
        """The centres of a province and of its communes."""
        code = known_province(call.path["code"])
        units = [of_province(fixtures.province(code)), *map(of_commune, fixtures.communes_of(code))]
        return Answer(200, [self._centre(each) for each in units if self._published(each)])

    @operation("GET", "/api/centres/{unit}", answers={200: CentrePage, 404: Problem, 410: Problem})
    async def centre(self, call: Call[None]) -> Answer:
        """The centre of one unit, and what it receives."""
        unit = current(call.path["unit"])
        if not self._published(unit):
            raise Refusal(
                404,
                "not-published",
                f"Chưa công bố địa chỉ trung tâm của {unit.name}.",
                f"The address of the centre of unit {unit.code} has not been published.",
            )
        return Answer(200, CentrePage(self._centre(unit), self._received[_level(unit)]))

    def _published(self, unit: Unit) -> bool:
        return not self.context.gaps.has("address-missing", unit.code)

    def _centre(self, unit: Unit) -> Centre:
        return Centre(
            unit.code,
            f"Trung tâm Phục vụ hành chính công {unit.name}",
            f"Số {int(unit.code)}, đường Diễn Tập, {unit.name}",  # no town has a street of this name
            len(self._received[_level(unit)]),
        )


def _level(unit: Unit) -> str:
    return "province" if unit.code == unit.province else "commune"
