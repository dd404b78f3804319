"""The register of the identification codes of agencies, in the form of Decision 20/2020.

======================================  ===  =========================================================
``GET /api/provinces/{code}/agencies``  200  [{code, unit, name, state, successor}], the province's
                                             centre first, one for each commune; then the closed ones
``GET /api/agencies/{code}``            200  one of them; 404 a code that was never given
======================================  ===  =========================================================

``state`` is active or closed. A closed code belongs to no unit of today: ``unit`` is "", and ``successor``
the code to use in its place, "" where there are several. Closed are the centres of the old provinces whose
codes ended, and the one-stop units of the districts.

Gap ``agency-code-missing`` (commune or province): its code has not been given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

import msgspec

import fixtures
from fixtures.reference.agencies import provincial_centre
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.system import System
from mocks.systems.procedures import known_province


class Agency(msgspec.Struct, frozen=True):
    """An agency under its code, which has 35 characters at most."""

    code: str
    unit: str
    name: str
    state: Literal["active", "closed"]
    successor: str = ""


@cache
def agencies(province: str) -> Mapping[str, Agency]:
    """The agencies of one of the 34 provinces by their codes, the active ones first."""
    rows = (*_active(province), *_closed(province))
    return MappingProxyType({row.code: row for row in rows})


def _active(province: str) -> Iterator[Agency]:
    own = fixtures.province(province)
    name = f"Trung tâm Phục vụ hành chính công {own.full_name_vi}"
    yield Agency(provincial_centre(own), own.code, name, "active")
    for each in fixtures.communes_of(province):
        name = f"Trung tâm Phục vụ hành chính công {each.name_vi}"
        yield Agency(fixtures.commune_agency(each.code), each.code, name, "active")


def _closed(province: str) -> Iterator[Agency]:
    centre = provincial_centre(fixtures.province(province))
    centres = {each.code: provincial_centre(each) for each in fixtures.merged_into(province)}
    for old in fixtures.merged_into(province):
        if centres[old.code] != centre:
            name = f"Trung tâm Phục vụ hành chính công {old.name_vi} (trước sắp xếp)"
            yield Agency(centres[old.code], "", name, "closed", centre)
    districts = {
        ward.district: (centres[ward.province], ward.district_name_vi)
        for ward in fixtures.old_wards()
        if ward.province in centres
    }
    for district, (of, name) in districts.items():
        yield Agency(f"{of}.{district}", "", f"Bộ phận Một cửa {name} (đã kết thúc)", "closed")


class AgencyCodes(System):
    """Register of agency identification codes (Mã định danh điện tử cơ quan, đơn vị)."""

    kind = "agency-codes"
    title = "Register of agency codes"

    async def start(self) -> None:
        """Lay out the register."""
        self._agencies = {
            province.code: {
                code: row
                for code, row in agencies(province.code).items()
                if not self.context.gaps.has("agency-code-missing", row.unit)
            }
            for province in fixtures.provinces()
        }
        self._by_code = {code: row for rows in self._agencies.values() for code, row in rows.items()}

    @operation("GET", "/api/provinces/{code}/agencies", answers={200: list[Agency], 404: Problem})
    async def of_province(self, call: Call[None]) -> Answer:
        """The agencies of one province."""
        return Answer(200, list(self._agencies[known_province(call.path["code"])].values()))

    @operation("GET", "/api/agencies/{code}", answers={200: Agency, 404: Problem})
    async def agency(self, call: Call[None]) -> Answer:
        """The agency with this code."""
        code = call.path["code"]
        found = self._by_code.get(code)
        if found is None:
            raise Refusal(
                404, "no-such-agency", f"Không có mã định danh {code}.", f"There is no agency code {code!r}."
            )
        return Answer(200, found)
