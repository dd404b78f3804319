"""The national database of administrative procedures: the catalogue that everybody reads.

=======================================  ================================================================
``POST /integration``                    LayThuTuc, LayDanhSachTTHC, LayDanhMucCoQuan, LayDanhMucLinhVuc
``GET /api/provinces/{code}/procedures``  what a province has announced: each procedure and its level
=======================================  ================================================================
"""

from __future__ import annotations

import msgspec

import fixtures
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.messages import INTEGRATION, Envelope, FieldRow, IntegrationReply, ProcedureRow, UnitRow
from mocks.system import System


def procedure_row(procedure: fixtures.Procedure) -> ProcedureRow:
    """A procedure of the fixtures under the field names of the national database."""
    return ProcedureRow(
        MATTHC=procedure.code,
        TENTTHC=procedure.name_vi,
        MALINHVUC=procedure.field,
        CAPTHUCHIEN=procedure.level,
        MAPHILEPHI=procedure.fee or "",
        SOTIEN=procedure.amount,
        THANHPHANHOSO=list(procedure.documents),
        SONGAYXULY=procedure.processing_days,
    )


def known_province(code: str) -> str:
    """The code of one of the 34 provinces; refuses any other with 404."""
    try:
        return fixtures.province(code).code
    except fixtures.UnknownCodeError as error:
        raise Refusal(
            404, "no-such-province", f"Không có tỉnh {code}.", f"There is no province {code!r}."
        ) from error


class Announced(msgspec.Struct, frozen=True):
    """A procedure as a province has announced it; ``level``: province, commune, or the former district."""

    code: str
    level: str


class ProvinceProcedures(msgspec.Struct, frozen=True):
    """What one province has announced."""

    province: str
    procedures: list[Announced]


class Procedures(System):
    """National database of administrative procedures (Cơ sở dữ liệu quốc gia về thủ tục hành chính)."""

    kind = "procedures"
    title = "National database of administrative procedures"

    async def start(self) -> None:
        """Lay out the catalogue; procedures that ended with the district level are not in it."""
        self._rows = {
            each.code: procedure_row(each) for each in fixtures.procedures() if each.level != "abolished"
        }
        fields = dict.fromkeys(row.MALINHVUC for row in self._rows.values())
        self._fields = [FieldRow(name, name) for name in fields]
        self._units = [UnitRow(p.agency_code, p.name_vi, "province") for p in fixtures.provinces()]

    @operation(
        "POST", INTEGRATION, body=Envelope, answers={200: IntegrationReply, 404: Problem, 422: Problem}
    )
    async def integrate(self, call: Call[Envelope]) -> Answer:
        """LayThuTuc, LayDanhSachTTHC, LayDanhMucCoQuan or LayDanhMucLinhVuc."""
        match call.body.service:
            case "LayThuTuc":
                row = self._rows.get(call.body.maTTHC)
                if row is None:
                    raise Refusal(
                        404,
                        "no-such-procedure",
                        "Không có thủ tục này.",
                        f"No procedure {call.body.maTTHC!r}.",
                    )
                return Answer(200, IntegrationReply(procedures=[row]))
            case "LayDanhSachTTHC":
                return Answer(200, IntegrationReply(procedures=list(self._rows.values())))
            case "LayDanhMucCoQuan":
                return Answer(200, IntegrationReply(units=self._units))
            case "LayDanhMucLinhVuc":
                return Answer(200, IntegrationReply(fields=self._fields))
            case other:
                raise Refusal(
                    422, "not-here", f"Không hỗ trợ {other}.", f"This database does not offer {other}."
                )

    @operation("GET", "/api/provinces/{code}/procedures", answers={200: ProvinceProcedures, 404: Problem})
    async def of_province(self, call: Call[None]) -> Answer:
        """What a province has announced; a district procedure that is left there still bears its level."""
        code = known_province(call.path["code"])
        missing = self.context.gaps.details("catalogue-incomplete", code)
        left = self.context.gaps.details("district-procedure-left", code)
        announced = [
            Announced(row.MATTHC, "district" if row.MATTHC in left else row.CAPTHUCHIEN)
            for row in self._rows.values()
            if row.MATTHC not in missing
        ]
        return Answer(200, ProvinceProcedures(code, announced))
