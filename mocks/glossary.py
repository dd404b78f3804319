"""What the fields of the interfaces mean, for the OpenAPI documents: a sentence and a value that they take.

The names are those of the real interfaces, Vietnamese and abbreviated, or of our own. A name stands here only
if it means the same wherever it occurs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

import fixtures
from fixtures.people import Registry
from fixtures.reference.agencies import commune_agency

PROVINCE = "15"
_FILE = hashlib.sha256(b"").hexdigest()


class Meaning(msgspec.Struct, frozen=True):
    """What a field means, and a value that it can have; None where none would help."""

    description: str
    example: Any = None


_ALWAYS: tuple[tuple[str, Meaning], ...] = (
    ("TrangThai trangThai", Meaning("A dossier's status; the description of this document lists them.", 2)),
    (
        "NgayNop ThoiDiemXuLy ngayTiepNhan thoiGianThucHien",
        Meaning("An instant in Hanoi: yyyyMMddHHmmss.", "20250701080000"),
    ),
    ("TenTepTin", Meaning("The name of a file.", "to-khai.pdf")),
    ("ThanhPhanHoSo", Meaning("The files that belong to the dossier.")),
    ("THANHPHANHOSO", Meaning("Documents that the procedure asks for.")),
    ("KhoaGuiNhan", Meaning("The Idempotency-Key under which the applicant submitted it.")),
    ("NoiDung", Meaning("The dossier's content as the applicant sent it.")),
    ("LoaiDoiTuong", Meaning("0: a citizen, 1: an enterprise, 2: a household.", 0)),
    ("DauHieu", Meaning("The mark of a test record.")),
    ("TENTTHC NameTTHC", Meaning("The procedure's name.")),
    ("TENDONVI", Meaning("The agency's name.")),
    ("CAPDONVI", Meaning("The agency's level.")),
    ("CAPTHUCHIEN", Meaning("The level at which the procedure is settled.")),
    ("MALINHVUC", Meaning("The code of a field of administration.")),
    ("TENLINHVUC", Meaning("The name of a field of administration.")),
    ("MAPHILEPHI fee_code", Meaning("The code of a fee.")),
    ("SOTIEN amount fee", Meaning("An amount in dong.")),
    ("SONGAYXULY", Meaning("Working days until the result is due.")),
    ("NguoiXuLy", Meaning("The official who acted.")),
    ("ChucDanh", Meaning("The position of whoever acted.")),
    ("PhongBanXuLy", Meaning("The office that acted.")),
    ("NoiDungXuLy", Meaning("What was done.")),
    ("ThuTu", Meaning("1 for a dossier's first status, counting from there.", 1)),
    ("result", Meaning("Procedures.")),
    ("coQuan", Meaning("Agencies.")),
    ("linhVuc", Meaning("Fields of administration.")),
    ("hoSo", Meaning("Dossiers.")),
    ("tienDo", Meaning("Steps in the life of dossiers.")),
    ("module", Meaning("KS: a birth (khai sinh); KT: a death (khai tử).", "KS")),
    ("password", Meaning("A password; any, for a rehearsal has none.", "x")),
    ("username userName official", Meaning("The name of a system or an official; any.", "vendor")),
    ("service", Meaning("An integration call: which one.", "TraCuuHoSo")),
    ("error_code", Meaning("`0`, `00`: it was done.")),
    ("client_id", Meaning("The relying party.", "national-portal")),
    ("redirect_uri", Meaning("Where the browser goes afterwards.", "http://localhost/auth/callback")),
    ("CodeProfile", Meaning("The code of the dossier in the system that reports.")),
    ("FormsReception", Meaning("How the dossier came in.", "Trực tuyến")),
    ("Level", Meaning("4: the service is online as a whole, 3: in part.", 4)),
    ("IsFromDVCQG", Meaning("Whether the dossier was born at the national portal.")),
    ("IsDVCBC", Meaning("Whether a postal service returns the result.")),
    ("expires_in", Meaning("Seconds until it is worth nothing.")),
    ("limit", Meaning("How many at most.")),
    ("q", Meaning("Words in the procedure's name.")),
)
"""Names, with what they mean in any country."""


@cache
def glossary(seed: int) -> Mapping[str, Meaning]:
    """The meaning of fields by their names, with people of the country of this seed.

    A name in a path is there as ``segment/{name}`` too, where the segment before it says what it is.
    """
    people = Registry(seed)
    citizen, enterprise = people.citizen(0), people.enterprise(0)
    commune = fixtures.communes_of(PROVINCE)[0].code
    agency = commune_agency(commune)
    procedure = next(each for each in fixtures.open_procedures() if each.level == "commune").code
    dossier = "G22.99-20250701-0000001"
    content = {
        "procedure": procedure,
        "province": PROVINCE,
        "commune": commune,
        "agency": agency,
        "applicant": {"id": citizen.id, "name": citizen.name},
        "attachments": [],
    }
    here: tuple[tuple[str, Meaning], ...] = (
        (
            "citizen_id citizen techId nguoiYeuCau",
            Meaning("A citizen's id: twelve digits.", citizen.id),
        ),
        ("tax_code", Meaning("An enterprise's tax code: ten digits.", enterprise.tax_code)),
        ("phone", Meaning("A phone number.", citizen.phone)),
        ("province MaTinh maTinh provinces/{code}", Meaning("A province of today: two digits.", PROVINCE)),
        ("commune MaXa maXa", Meaning("A commune of today: five digits.", commune)),
        (
            "agency MaDonViTiepNhan MaDonVi MADONVI maDonVi madonvi coQuanXuLy User agencies/{code}",
            Meaning("The code of an agency.", agency),
        ),
        (
            "procedure MaTTHC maTTHC MATTHC CodeTTHC procedures/{code}",
            Meaning("The code of a procedure.", procedure),
        ),
        (
            "MaTTHCDP",
            Meaning("The code of a procedure as its old province wrote it.", f"{procedure}.000.00.00.H15"),
        ),
        ("dossier MaHoSo mahoso maHoSo soHoSoLT dossiers/{code}", Meaning("The code of a dossier.", dossier)),
        ("digest sha256 HashTepTin", Meaning("SHA-256, in hexadecimal.", _FILE)),
        ("IdTepTin", Meaning("The id of an uploaded file.", f"TT-{_FILE[:24]}")),
        ("ChuHoSo", Meaning("The applicant's name.", citizen.name)),
        (
            "content",
            Meaning(
                "The dossier: what the example has, and whatever else the form asks. `attachments` are "
                "uploaded files by `name` and `sha256`; a portal answers 422 where something is missing.",
                content,
            ),
        ),
    )
    return {name: meaning for names, meaning in (*_ALWAYS, *here) for name in names.split()}
