"""The national database of administrative procedures: the catalogue that everybody reads."""

from __future__ import annotations

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
