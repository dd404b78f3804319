"""What each province has announced at the national database of procedures."""

from __future__ import annotations

import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import Desk
from reports.readiness.model import Cell

COMPLETE = check(
    "catalogue-complete",
    "Danh mục thủ tục của tỉnh đầy đủ",
    "The province's catalogue of procedures is complete",
    "TTG96-1a-1",
    "TTG96-2a-1",
    "VP318-2-2",
    "TTG0617-I2-1",
    "LC-1-4",
    "TTG96-0-2",
    "VP318-2-1",
    "TTG0617-I1-1",
    "LC-5-3",
    "LC-1-5",
    "LC-5-1",
)
NO_DISTRICT = check(
    "no-district-procedure",
    "Không còn thủ tục cấp huyện",
    "No procedure of the districts is left",
    "LC-3-4",
    "LC-5-4",
    "TTG0617-0-1",
    "LC-1-5",
    "TTG96-1a-1",
    "VP318-2-2",
)


class Announced(msgspec.Struct, frozen=True):
    """A procedure and who settles it."""

    code: str
    level: str


class Answer(msgspec.Struct, frozen=True):
    """What a province has announced."""

    procedures: list[Announced]


class Catalogue:
    """Every procedure in force is announced, at one of the two levels that there are."""

    name = "catalogue"
    checks = (COMPLETE, NO_DISTRICT)

    def systems(self, _province: fixtures.Province) -> tuple[str, ...]:
        """The national database."""
        return ("procedures",)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """One list, held against the procedures in force."""
        complete, levels = Notes(COMPLETE, province), Notes(NO_DISTRICT, province)
        answer = await desk.ask(Answer, "procedures", f"/api/provinces/{province.code}/procedures")
        announced = {each.code: each.level for each in answer.procedures}
        for procedure in fixtures.procedures():
            if procedure.level == "abolished":
                continue
            if procedure.code in announced:
                complete.right()
                continue
            complete.lacks(
                province.code,
                f"{name_of(province)} chưa công bố thủ tục {procedure.code} {procedure.name_vi}.",
                f"{name_of(province)} has not announced procedure {procedure.code} {procedure.name_en}.",
                detail=procedure.code,
            )
        abolished = {each.code for each in fixtures.procedures() if each.level == "abolished"}
        for code, level in announced.items():
            if level in ("province", "commune") and code not in abolished:
                levels.right()
                continue
            levels.lacks(
                province.code,
                f"{name_of(province)} còn thủ tục {code} ở cấp huyện.",
                f"{name_of(province)} still has procedure {code} at the district level.",
                detail=code,
            )
        return [complete.cell(), levels.cell()]
