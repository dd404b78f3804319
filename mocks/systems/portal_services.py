"""What the national portal offers of each province: its list of online services, and the way into each."""

from __future__ import annotations

import re

import msgspec

import fixtures
from fixtures.reference.agencies import province_of_agency
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.messages import ProcedureRow
from mocks.system import System
from mocks.systems.portal_pages import DeepLinkQuery, national_code
from mocks.systems.procedures import known_province

_AGENCY = re.compile(r"\.(H\d{2})$")


class ProvinceServices(msgspec.Struct, frozen=True):
    """The procedures of one province that can be submitted online, by their national codes."""

    province: str
    services: list[str]


class Services(System):
    """Mixed into the portal: needs ``in_force`` from it."""

    kind = ""
    title = ""

    async def in_force(self, code: str, trace: str) -> ProcedureRow:
        """A procedure in force. Refuses with 404 one that is not, with 503 where the catalogue is missing."""
        raise NotImplementedError

    @operation("GET", "/api/provinces/{code}/services", answers={200: ProvinceServices, 404: Problem})
    async def services(self, call: Call[None]) -> Answer:
        """The online services of a province."""
        code = known_province(call.path["code"])
        lacking = self._lacking(code)
        offered = [each.code for each in fixtures.open_procedures() if each.code not in lacking]
        return Answer(200, ProvinceServices(code, offered))

    @operation(
        "GET", "/nop-ho-so", query=DeepLinkQuery, answers={200: ProcedureRow, 404: Problem, 503: Problem}
    )
    async def deep_link(self, call: Call[None]) -> Answer:
        """A bookmark into a provincial form: the local code leads to the national procedure."""
        local = call.query.MaTTHCDP
        code = national_code(local)
        if code in self._lacking(_province_of(local)):
            raise Refusal(
                404,
                "service-not-offered",
                f"Tỉnh chưa cung cấp dịch vụ {code} trên Cổng Dịch vụ công quốc gia.",
                f"The province does not offer the service {code} on the national portal.",
            )
        return Answer(200, await self.in_force(code, call.trace))

    def _lacking(self, province: str) -> frozenset[str]:
        return self.context.gaps.details("service-unreachable", province)


def _province_of(local: str) -> str:
    """The province whose own code of a procedure this is (1.004227.000.00.00.H15); "" where it says none."""
    agency = _AGENCY.search(local)
    try:
        return province_of_agency(agency[1]).code if agency else ""
    except fixtures.UnknownCodeError:
        return ""
