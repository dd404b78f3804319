"""The land database: parcels, and the changes that are registered for them. Slow by declaration.

==================================================  ====================  ===========================
operation                                           takes                 answers
==================================================  ====================  ===========================
``GET /api/parcels/{commune}/{sheet}/{plot}``                             200 ``Parcel``, 404, 422
``POST /api/changes``                               ``ChangeRequest``     202, then 200 ``Receipt``
``GET /api/changes/{key}``                                                200 ``Receipt``, 404
==================================================  ====================  ===========================
"""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.registers import Receipt, Register, known_citizen, receipt, unit_of

SHEETS, PLOTS = 120, 999
"""Sheets of a commune's cadastral map, and plots of a sheet: as many as the forms of the fixtures name."""


class Parcel(msgspec.Struct, frozen=True):
    """A parcel of land; ``area_m2`` in square metres."""

    commune: str
    sheet: int
    plot: int
    area_m2: int


class ChangeRequest(msgspec.Struct, frozen=True):
    """A change of a parcel, because of a dossier."""

    dossier: str
    form: str
    province: str
    commune: str
    citizen_id: str
    sheet: Annotated[int, msgspec.Meta(ge=1, le=SHEETS)]
    plot: Annotated[int, msgspec.Meta(ge=1, le=PLOTS)]


class Land(Register):
    """National land database (Cơ sở dữ liệu quốc gia về đất đai)."""

    kind = "land"
    title = "Land database"
    takes = (1.0, 5.0)

    @operation(
        "GET",
        "/api/parcels/{commune}/{sheet}/{plot}",
        answers={200: Parcel, 404: Problem, 422: Problem},
    )
    async def parcel(self, call: Call[None]) -> Answer:
        """One parcel, by commune, sheet and plot."""
        unit = unit_of(call.path["commune"])
        sheet, plot = _number(call.path["sheet"]), _number(call.path["plot"])
        if not (1 <= sheet <= SHEETS and 1 <= plot <= PLOTS):
            raise Refusal(404, "no-such-parcel", "Không có thửa đất này.", "There is no such parcel.")
        name = f"{self.context.seed}/{unit.code}/{sheet}/{plot}"
        drawn = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "big")
        return Answer(200, Parcel(unit.code, sheet, plot, 40 + drawn % 1960))

    @operation(
        "POST",
        "/api/changes",
        body=ChangeRequest,
        answers={200: Receipt, 202: Receipt, 404: Problem, 422: Problem},
    )
    async def change(self, call: Call[ChangeRequest]) -> Answer:
        """Take a change, once per dossier."""
        asked = call.body
        call.key = asked.dossier
        unit = unit_of(asked.commune, asked.province)
        known_citizen(self, asked.citizen_id)
        entry, new = await self.enter(asked.dossier, asked.form, asked, unit)
        return Answer(202 if new else 200, receipt(entry))

    @operation("GET", "/api/changes/{key}", answers={200: Receipt, 404: Problem})
    async def result(self, call: Call[None]) -> Answer:
        """Where a change stands."""
        call.key = call.path["key"]
        return Answer(200, receipt(self.entry(call.key)))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
