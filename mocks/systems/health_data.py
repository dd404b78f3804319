"""The national health database: health certificates of drivers.

==========================================  ==============  ===========================
operation                                   takes           answers
==========================================  ==============  ===========================
``GET /api/health-certificates/{citizen}``                  200 ``Certificate``, 404
==========================================  ==============  ===========================
"""

from __future__ import annotations

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.system import System

WITHOUT = 20
"""One citizen in so many has no certificate of this year, by number."""


class Certificate(msgspec.Struct, frozen=True):
    """A driver's health certificate; ``issued`` is a day of the year of the cutover, ISO 8601."""

    citizen_id: str
    fit: bool
    issued: str


class HealthData(System):
    """National health database (Cơ sở dữ liệu quốc gia về y tế)."""

    kind = "health-data"
    title = "National health database"

    @operation("GET", "/api/health-certificates/{citizen}", answers={200: Certificate, 404: Problem})
    async def certificate(self, call: Call[None]) -> Answer:
        """The health certificate of one citizen."""
        person = self.context.people.by_id(call.path["citizen"])
        if person is None or person.number % WITHOUT == WITHOUT - 1:
            raise Refusal(
                404,
                "no-certificate",
                "Chưa có giấy khám sức khỏe.",
                "There is no health certificate of this person.",
            )
        return Answer(200, Certificate(person.id, fit=True, issued=f"2025-{person.number % 6 + 1:02d}-15"))
