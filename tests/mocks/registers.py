"""A province with registers around it: dossiers enter at its case system as from a portal."""

from __future__ import annotations

from typing import Any

import fixtures
from fixtures.people import Registry
from mocks.messages import CaseDossier, Envelope
from tests.mocks.country import SEED, Country

PROVINCE, CASE = "15", "case-15"
CORE = ("national-portal", "vneid", "population", "procedures", "payment", "lgsp-15", CASE)
COMMUNE = fixtures.communes_of(PROVINCE)[0].code
PEOPLE = Registry(SEED)
CITIZEN = PEOPLE.citizen(1, PROVINCE)
NATIONAL = "G22.99-20250701-{:07d}"
A_WHILE = 30.0
"""Virtual seconds in which a dossier runs through all desks, and registers finish their work."""


def procedure(**wanted: str) -> str:
    """The code of the first procedure in force with these properties."""
    return next(
        each.code
        for each in fixtures.procedures()
        if each.level != "abolished" and all(getattr(each, name) == value for name, value in wanted.items())
    )


def content(code: str, number: int = 1, commune: str = COMMUNE) -> dict[str, Any]:
    """What citizen 1 of the province submits for a procedure."""
    made = PEOPLE.dossier(number, province=PROVINCE, commune=commune, procedure=code, applicant=CITIZEN)
    return made.content()


def dossier(code: str, number: int = 1, commune: str = COMMUNE) -> CaseDossier:
    """A dossier as a portal hands it over."""
    made = content(code, number, commune)
    return CaseDossier(
        MaHoSo=NATIONAL.format(number),
        MaTTHC=code,
        ChuHoSo=CITIZEN.name,
        LoaiDoiTuong=0,
        MaTinh=PROVINCE,
        MaXa=commune,
        MaDonViTiepNhan=made["agency"],
        NgayNop="20250701080000",
        ThanhPhanHoSo=[],
        NoiDung=made,
        KhoaGuiNhan=f"intent-{number}",
    )


def forward(country: Country, *dossiers: CaseDossier, to: str = CASE) -> list[str]:
    """Let them arrive at a case system, which tells them upward; their codes."""
    envelope = Envelope("", "NoiHoSo", "G22.99", dossiers=list(dossiers))
    answer = country.post(to, "/integration", envelope, {"X-Caller": "portal-10"})
    assert answer.status_code == 200, answer.text
    return [row["MaHoSo"] for row in answer.json()["hoSo"]]


def official(country: Country, case: str = CASE) -> dict[str, str]:
    """The headers of an official who has signed in."""
    answer = country.post(case, "/api/officials/sign-in", {"official": "can-bo-1"})
    return {"Authorization": f"Bearer {answer.json()['token']}", "X-Caller": "officials"}


def history(country: Country, code: str, at: str = CASE) -> str:
    """The statuses of a dossier, as its system stores them."""
    return next(each.history for each in country.stored(at) if each.record == code)
