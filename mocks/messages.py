"""The messages that systems exchange, with the field names of the real interfaces where those are public.

Integration calls all go to ``POST /integration`` in one envelope (``service`` names the call); a dossier
travels from the national portal to a province as ``NoiHoSo``, and its progress travels back as
``CapNhatTienDoHoSoMC``. Names in other places are our own.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

INTEGRATION = "/integration"
ADAPTER_LOGIN = "/adapter/login"
TEST_MARKER = "HO-SO-THU-NGHIEM"
"""Every message about a dossier says that it is a test record."""

ServiceName = Literal[
    "LayThuTuc",
    "LayDanhSachTTHC",
    "LayDanhMucCoQuan",
    "LayDanhMucLinhVuc",
    "NoiHoSo",
    "DongBoHoSoMC",
    "CapNhatTienDoHoSoMC",
    "TraCuuHoSo",
]


class AdapterLogin(msgspec.Struct, frozen=True):
    """Who wants to use an integration adapter."""

    username: str
    password: str = ""


class AdapterSession(msgspec.Struct, frozen=True):
    """The session to be named in every envelope."""

    session: str
    error_code: str = "0"


class Attached(msgspec.Struct, frozen=True):
    """One attached file of a dossier: where it is kept and the SHA-256 of its bytes."""

    TenTepTin: str
    IdTepTin: str
    HashTepTin: str


class CaseDossier(msgspec.Struct, frozen=True):
    """``NoiHoSo`` and ``DongBoHoSoMC``: one dossier, whole.

    ``LoaiDoiTuong`` is 0 for a citizen, 1 for an enterprise, 2 for a household. ``NoiDung`` is the content as
    the applicant sent it, so that every system can compute the same digest.
    """

    MaHoSo: str
    MaTTHC: str
    ChuHoSo: str
    LoaiDoiTuong: int
    MaTinh: str
    MaXa: str
    MaDonViTiepNhan: str
    NgayNop: str
    ThanhPhanHoSo: list[Attached]
    NoiDung: dict[str, Any]
    KhoaGuiNhan: str  # the idempotency key under which the applicant submitted it
    TrangThai: int = 1
    DauHieu: str = TEST_MARKER


class Progress(msgspec.Struct, frozen=True):
    """``CapNhatTienDoHoSoMC``: one step in the life of one dossier; times are yyyyMMddHHmmss."""

    MaHoSo: str
    TrangThai: int
    NguoiXuLy: str
    ChucDanh: str
    ThoiDiemXuLy: str
    PhongBanXuLy: str
    NoiDungXuLy: str
    ThuTu: int  # 1 for a dossier's first status: lets the receiver take each step once, and in order


class Envelope(msgspec.Struct, frozen=True, omit_defaults=True):
    """One integration call.

    ``service`` says what is read besides: ``LayThuTuc`` ``maTTHC``, ``TraCuuHoSo`` ``mahoso``, ``NoiHoSo``
    and ``DongBoHoSoMC`` ``data``, ``CapNhatTienDoHoSoMC`` ``tienDo``; the three lists read nothing.
    """

    session: str
    service: ServiceName
    madonvi: str = ""
    maTTHC: str = ""
    mahoso: str = ""
    isUpdating: str = "False"
    dossiers: list[CaseDossier] = msgspec.field(default_factory=list, name="data")
    progress: list[Progress] = msgspec.field(default_factory=list, name="tienDo")


class ProcedureRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One procedure as the national database gives it."""

    MATTHC: str
    TENTTHC: str
    MALINHVUC: str
    CAPTHUCHIEN: str
    MAPHILEPHI: str = ""
    SOTIEN: int = 0
    THANHPHANHOSO: list[str] = []
    SONGAYXULY: int = 0


class UnitRow(msgspec.Struct, frozen=True):
    """One agency: its code, its name and its level."""

    MADONVI: str
    TENDONVI: str
    CAPDONVI: str


class FieldRow(msgspec.Struct, frozen=True):
    """One field of administration."""

    MALINHVUC: str
    TENLINHVUC: str


class DossierRow(msgspec.Struct, frozen=True):
    """One dossier as ``TraCuuHoSo`` gives it."""

    MaHoSo: str
    TrangThai: int


class IntegrationReply(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an integration call answers; ``error_code`` "00" is success."""

    error_code: str = "00"
    message: str = ""
    procedures: list[ProcedureRow] = msgspec.field(default_factory=list, name="result")
    units: list[UnitRow] = msgspec.field(default_factory=list, name="coQuan")
    fields: list[FieldRow] = msgspec.field(default_factory=list, name="linhVuc")
    dossiers: list[DossierRow] = msgspec.field(default_factory=list, name="hoSo")


class UploadReceipt(msgspec.Struct, frozen=True):
    """An uploaded file: its id, and the SHA-256 of the bytes that arrived."""

    IdTepTin: str
    HashTepTin: str


class Submission(msgspec.Struct, frozen=True):
    """What an applicant submits: the content of the dossier, which names the files uploaded for it."""

    content: dict[str, Any]


class NamedFile(msgspec.Struct, frozen=True):
    """A file that a dossier's content names."""

    name: str
    sha256: str


class Essentials(msgspec.Struct, frozen=True):
    """What a portal reads of a dossier's content; the rest it only keeps."""

    procedure: str
    province: str
    commune: str
    agency: str
    attachments: list[NamedFile]


class DossierReceipt(msgspec.Struct, frozen=True):
    """The acknowledgement of a submission: from now on the dossier must not be lost."""

    code: str
    status: int
    fee: int = 0
    fee_code: str = ""


class DossierView(msgspec.Struct, frozen=True):
    """Where a dossier stands; ``steps`` are its statuses so far."""

    code: str
    procedure: str
    province: str
    status: int
    steps: list[int]
    paid: bool = False


class PaymentOrder(msgspec.Struct, frozen=True):
    """What is to be paid, for which dossier, under which fee code; the amount is in dong."""

    MaHoSo: str
    MaTTHC: str
    MaDonVi: str
    MaPhiLePhi: str
    SoTien: int
    MaTraCuuTT: str
    HoTenNguoiNop: str = ""


class PaymentRequest(msgspec.Struct, frozen=True):
    """A payment order that the portal has signed, for the payer's browser to carry to ``checkout``."""

    token: str
    checkout: str


class Authorization(msgspec.Struct, frozen=True):
    """A payer's consent to one order."""

    order: str
    authorization: str


class Charge(msgspec.Struct, frozen=True):
    """The portal's request to take the money that the payer has consented to."""

    order: str
    authorization: str
    dossier: str


class ChargeReceipt(msgspec.Struct, frozen=True):
    """Money taken: the id of the charge, its order, dossier and amount in dong."""

    charge: str
    order: str
    dossier: str
    amount: int


class PaymentState(msgspec.Struct, frozen=True):
    """Where the payment of a dossier stands; ``receipt`` is the id of the charge once it is paid."""

    state: Literal["none", "pending", "paid"]
    receipt: str = ""
