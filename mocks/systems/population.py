"""The national population database: answers who a citizen is."""

from __future__ import annotations

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.systems.residence import Residences


class PersonRecord(msgspec.Struct, frozen=True):
    """What the population database tells a form about a citizen."""

    citizen_id: str
    full_name: str
    birth_date: str
    sex: str
    address: str


class Population(Residences):
    """National population database (Cơ sở dữ liệu quốc gia về dân cư)."""

    kind = "population"
    title = "National population database"

    @operation("GET", "/api/citizens/{citizen_id}", answers={200: PersonRecord, 404: Problem})
    async def citizen(self, call: Call[None]) -> Answer:
        """The record of one citizen."""
        person = self.context.people.by_id(call.path["citizen_id"])
        if person is None:
            raise Refusal(404, "no-such-citizen", "Không có công dân này.", "There is no such citizen.")
        record = PersonRecord(
            citizen_id=person.id,
            full_name=person.name,
            birth_date=str(person.birth_date),
            sex=person.sex,
            address=person.address,
        )
        return Answer(200, record)
