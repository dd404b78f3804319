"""The catalogue of administrative units: the units of today, and where the old ones went.

======================================  ===  =========================================================
``GET /api/versions``                   200  the version in force, and those there were
``GET /api/provinces``                  200  the 34: [{code, name, type, province}]
``GET /api/provinces/{code}/communes``  200  the communes of one: [{code, name, type, province}]
``GET /api/units/{code}``               200  a unit of today; 410 an old code, naming its successor, or
                                             the candidates where it was divided; 404 an unknown one
``GET /api/units/{code}/successors``    200  {code, kind: current | whole | split, successors}
======================================  ===  =========================================================

Gap ``unit-missing`` (commune): the commune is not in the list of its province, and its code is unknown.
"""

from __future__ import annotations

import msgspec

import fixtures
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.system import System
from mocks.systems.procedures import known_province
from mocks.units import Succession, Unit, current, of_commune, of_province, succession


class Version(msgspec.Struct, frozen=True):
    """One order of units; ``in_force`` is an ISO date."""

    version: str
    in_force: str
    levels: int
    provinces: int
    districts: int
    communes: int


class Versions(msgspec.Struct, frozen=True):
    """Which version is in force, since when, and those there were, the newest first."""

    current: str
    in_force: str
    versions: list[Version]


def _versions() -> Versions:
    wards = fixtures.old_wards()
    new = Version("19/2025/QĐ-TTg", "2025-07-01", 2, len(fixtures.provinces()), 0, len(fixtures.communes()))
    districts = len({each.district for each in wards})
    old = Version("124/2004/QĐ-TTg", "2004-07-08", 3, len(fixtures.old_provinces()), districts, len(wards))
    return Versions(new.version, new.in_force, [new, old])


class UnitCatalogue(System):
    """Catalogue of administrative units (Danh mục mã đơn vị hành chính Việt Nam)."""

    kind = "unit-catalogue"
    title = "Catalogue of administrative units"

    @operation("GET", "/api/versions", answers={200: Versions})
    async def versions(self, _call: Call[None]) -> Answer:
        """The version in force, and those there were."""
        return Answer(200, _versions())

    @operation("GET", "/api/provinces", answers={200: list[Unit]})
    async def provinces(self, _call: Call[None]) -> Answer:
        """The 34 provinces."""
        return Answer(200, [of_province(each) for each in fixtures.provinces()])

    @operation("GET", "/api/provinces/{code}/communes", answers={200: list[Unit], 404: Problem})
    async def communes(self, call: Call[None]) -> Answer:
        """The communes of one province."""
        code = known_province(call.path["code"])
        return Answer(
            200,
            [of_commune(each) for each in fixtures.communes_of(code) if not self._missing_here(each.code)],
        )

    @operation("GET", "/api/units/{code}", answers={200: Unit, 404: Problem, 410: Problem})
    async def unit(self, call: Call[None]) -> Answer:
        """A unit of today."""
        return Answer(200, current(self._known(call.path["code"])))

    @operation("GET", "/api/units/{code}/successors", answers={200: Succession, 404: Problem})
    async def successors(self, call: Call[None]) -> Answer:
        """What became of a unit."""
        code = self._known(call.path["code"])
        found = succession(code)
        if found is None:
            raise _unknown(code)
        return Answer(200, found)

    def _known(self, code: str) -> str:
        if self._missing_here(code):
            raise _unknown(code)
        return code

    def _missing_here(self, code: str) -> bool:
        return self.context.gaps.has("unit-missing", code)


def _unknown(code: str) -> Refusal:
    return Refusal(404, "no-such-unit", f"Không có đơn vị hành chính {code}.", f"There is no unit {code!r}.")
