"""The civil-status system of the Ministry of Justice: births, deaths, marriages, by commune.

==========================================  ===================================  ==========================
operation                                   takes                                answers
==========================================  ===================================  ==========================
``POST /token``                             ``Credentials``                      200 ``Token``
``POST /api/NhanDKHT``                      ``Registration``, bearer token       202, then 200 ``Receipt``
``POST /api/LayKetQua``                     ``ResultsQuery``, bearer token       200 ``Results``
``GET /api/registrations/{key}``                                                 200 ``Receipt``, 404
==========================================  ===================================  ==========================

A registration is accepted at once and entered later; a province asks for the results since the last one that
it has seen. A province that is not connected is refused with 403.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from mocks.http import Answer, Call, Credential, Problem, Refusal, operation
from mocks.registers import TOKEN_LIFE, Receipt, Register, Tokens, known_citizen, receipt, unit_of

TOKEN = Credential("bearer", "POST /token")


class Credentials(msgspec.Struct, frozen=True):
    """Who wants a token."""

    username: str
    password: str = ""


class Token(msgspec.Struct, frozen=True):
    """An access token and its life in seconds."""

    access_token: str
    expires_in: float
    token_type: str = "Bearer"  # noqa: S105 - the token's type, not a secret


class Registration(msgspec.Struct, frozen=True, rename="camel"):
    """``NhanDKHT``: what is to be registered; ``loaiDangKy`` is the form that the procedure asks for."""

    ma_ho_so: str
    loai_dang_ky: str
    ma_tinh: str
    ma_xa: str
    nguoi_yeu_cau: str  # citizen id
    noi_dung: dict[str, str] = {}


class ResultsQuery(msgspec.Struct, frozen=True, rename="camel"):
    """``LayKetQua``: the results of a province after the last one that it has seen."""

    ma_tinh: str
    sau_thu_tu: Annotated[int, msgspec.Meta(ge=0)] = 0
    so_luong: Annotated[int, msgspec.Meta(ge=1, le=500)] = 100


class Result(msgspec.Struct, frozen=True, rename="camel"):
    """One entry that was made; ``thuTu`` counts them."""

    ma_ho_so: str
    so_dang_ky: str
    thu_tu: int


class Results(msgspec.Struct, frozen=True):
    """``status`` 1: there are results; 0: there are none."""

    status: int
    value: list[Result]


class CivilStatus(Register):
    """Shared electronic civil-status system (Hệ thống đăng ký, quản lý hộ tịch điện tử dùng chung)."""

    kind = "civil-status"
    title = "Civil-status system"
    takes = (0.5, 3.0)

    async def start(self) -> None:
        """Tokens are signed, so they outlive a restart."""
        self._tokens = Tokens(self)
        await super().start()

    @operation("POST", "/token", body=Credentials, answers={200: Token})
    async def token(self, call: Call[Credentials]) -> Answer:
        """Open the session of a system."""
        return Answer(200, Token(self._tokens.give(call.body.username), TOKEN_LIFE))

    @operation(
        "POST",
        "/api/NhanDKHT",
        body=Registration,
        credential=TOKEN,
        answers={200: Receipt, 202: Receipt, 403: Problem, 404: Problem, 422: Problem},
    )
    async def take(self, call: Call[Registration]) -> Answer:
        """Accept a registration, once per dossier."""
        asked = call.body
        self._connected(call, asked.ma_tinh)
        call.key = asked.ma_ho_so
        unit = unit_of(asked.ma_xa, asked.ma_tinh)
        known_citizen(self, asked.nguoi_yeu_cau)
        entry, new = await self.enter(asked.ma_ho_so, asked.loai_dang_ky, asked, unit)
        return Answer(202 if new else 200, receipt(entry))

    @operation(
        "POST",
        "/api/LayKetQua",
        body=ResultsQuery,
        credential=TOKEN,
        answers={200: Results, 403: Problem},
    )
    async def results(self, call: Call[ResultsQuery]) -> Answer:
        """The entries that were made for a province, in the order in which they were made."""
        asked = call.body
        self._connected(call, asked.ma_tinh)
        found = self.finished(asked.ma_tinh, asked.sau_thu_tu, asked.so_luong)
        return Answer(
            200, Results(int(bool(found)), [Result(each.key, each.number, each.order) for each in found])
        )

    @operation("GET", "/api/registrations/{key}", answers={200: Receipt, 404: Problem})
    async def registration(self, call: Call[None]) -> Answer:
        """Where the registration of a dossier stands."""
        call.key = call.path["key"]
        return Answer(200, receipt(self.entry(call.key)))

    def _connected(self, call: Call[Any], province: str) -> None:
        self._tokens.check(call)
        if self.context.gaps.has("civil-status-not-connected", province):
            raise Refusal(
                403,
                "not-connected",
                f"Tỉnh {province} chưa kết nối với hệ thống hộ tịch điện tử dùng chung.",
                f"Province {province} is not connected to the civil-status system.",
            )
