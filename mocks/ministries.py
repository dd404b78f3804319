"""The ministries whose portals and case systems take part, and the dossiers that they settle."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from mocks.http import Refusal, Text
from mocks.messages import CaseDossier, Submission


class Ministry(msgspec.Struct, frozen=True):
    """A ministry; ``agency`` is the code of its unit."""

    name: str
    agency: str
    title: Text


MINISTRIES: Mapping[str, Ministry] = MappingProxyType(
    {
        each.name: each
        for each in (
            Ministry(
                "agriculture",
                "G22.71",
                Text("Bộ Nông nghiệp và Môi trường", "Ministry of Agriculture and Environment"),
            ),
            Ministry("industry", "G22.72", Text("Bộ Công Thương", "Ministry of Industry and Trade")),
        )
    }
)
"""By the last part of their systems' names. The codes are synthetic, below the Government Office's."""


def ministry_of(system: str) -> Ministry:
    """The ministry of a system such as ``ministry-case-industry``. Raises ``KeyError`` for any other."""
    return MINISTRIES[system.rpartition("-")[2]]


def agency_of(system: str) -> str:
    """The code of the unit whose system this is. Raises ``KeyError``."""
    return ministry_of(system).agency


class MinistryDossier(msgspec.Struct, frozen=True):
    """What of a submission the portals read: the procedure."""

    procedure: str


def procedure_of(submitted: Submission) -> str:
    """The procedure that a submission is for; refuses with 422 where it names none."""
    try:
        return msgspec.convert(submitted.content, MinistryDossier).procedure
    except msgspec.ValidationError as error:
        raise Refusal(
            422, "incomplete", f"Hồ sơ chưa đầy đủ: {error}", f"The dossier is incomplete: {error}"
        ) from error


def ministry_dossier(
    ministry: Ministry, code: str, procedure: str, owner: str, at: str, content: dict[str, Any], key: str
) -> CaseDossier:
    """A dossier for a ministry; ``owner`` is the name of the applicant, ``at`` yyyyMMddHHmmss."""
    return CaseDossier(
        MaHoSo=code,
        MaTTHC=procedure,
        ChuHoSo=owner,
        LoaiDoiTuong=0,
        MaTinh="",
        MaXa="",
        MaDonViTiepNhan=ministry.agency,
        NgayNop=at,
        ThanhPhanHoSo=[],
        NoiDung=content,
        KhoaGuiNhan=key,
    )
