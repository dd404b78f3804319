"""What the interconnected birth and death services are asked and answer, in the real names."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Module = Literal["KS", "KT"]
"""Khai sinh (birth) or khai tử (death)."""
PartState = Literal["sent", "acknowledged", "refused"]
"""A part that is under way, that its register has taken, or that it will never take."""


class Login(msgspec.Struct, frozen=True, rename="camel"):
    """Who wants a token."""

    user_name: str
    password: str = ""


class Session(msgspec.Struct, frozen=True, rename="camel"):
    """A token, and the one that renews it."""

    token: str
    refresh_token: str


class Interconnected(msgspec.Struct, frozen=True, rename="camel"):
    """An interconnected dossier; ``data``: the form as JSON text, ``tech_id``: the applicant's citizen id."""

    ma_ho_so: str
    ma_tthc: Annotated[str, msgspec.Meta(pattern=r"^[0-9]\.[0-9]{6}$")] = msgspec.field(name="maTTHC")
    module: Module
    ma_tinh: str
    ma_xa: str
    ma_don_vi: str
    ngay_tiep_nhan: str
    tech_id: str
    data: str = "{}"


class ListQuery(msgspec.Struct, frozen=True):
    """Whose dossiers, and how many at once."""

    maTinh: str  # noqa: N815 - the name in the query of the real interface
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class ListRow(msgspec.Struct, frozen=True, rename="camel"):
    """One dossier of the list."""

    id: str
    ma_don_vi: str
    ma_tthc: str = msgspec.field(name="maTTHC")
    module: Module
    ma_ho_so: str
    ngay_tiep_nhan: str
    tech_id: str


class Waiting(msgspec.Struct, frozen=True):
    """Dossiers that the province has not acknowledged."""

    data: list[ListRow]


class Detail(msgspec.Struct, frozen=True, rename="camel"):
    """One dossier, whole; ``file_dinh_kem`` are attached files in Base64, none in a rehearsal."""

    id: str
    ma_ho_so: str
    data: str
    file_dinh_kem: list[str]
    da_nhan: bool
    trang_thai: int


class Taken(msgspec.Struct, frozen=True, rename="camel"):
    """The province has a dossier."""

    ma_ho_so: str
    da_nhan: bool = True


class StatusOf(msgspec.Struct, frozen=True, rename="camel"):
    """The status that a province gave a dossier; ``so_ho_so_lt`` is its code here."""

    ma_tthc: str = msgspec.field(name="maTTHC")
    so_ho_so_lt: str = msgspec.field(name="soHoSoLT")
    co_quan_xu_ly: str
    ma_ho_so: str
    trang_thai: Annotated[int, msgspec.Meta(ge=1, le=10)]
    thoi_gian_thuc_hien: str
    thu_tu: int = 1  # how many statuses it has had: a late repetition turns nothing back


class Part(msgspec.Struct, frozen=True):
    """One register's part."""

    register: str
    state: PartState


class Parts(msgspec.Struct, frozen=True):
    """How far the parts of a dossier are."""

    code: str
    parts: list[Part]
