"""Whose name a certificate bears: one that is valid and in another name does not count."""

from __future__ import annotations

import asyncio
import unicodedata
from typing import Any, cast

import pytest

import fixtures
from rehearsal.readiness.checks.base import units_of
from rehearsal.readiness.checks.signatures import Certificate, Certificates, bears_name
from rehearsal.readiness.desk import Desk

HANOI = fixtures.province("01")
BA_DINH = next(each for each in fixtures.communes_of("01") if each.name_vi == "Phường Ba Đình")


class Service:
    """Answers with these certificates, in the place of a desk."""

    def __init__(self, certificates: list[Certificate]) -> None:
        self._certificates = certificates

    async def ask(self, _shape: object, system: str, path: str) -> list[Certificate]:
        assert (system, path) == ("signatures", "/api/provinces/01/certificates")
        return self._certificates


def seen(**changes: Any) -> list[str]:
    """The units that lack one where that of Ba Đình is so, and all others have theirs."""
    others = [Certificate(each.code, "valid") for each in units_of(HANOI) if each != BA_DINH]
    theirs = Certificate(**{"unit": BA_DINH.code, "state": "valid", **changes})
    desk = cast("Desk", Service([*others, theirs]))
    (cell,) = asyncio.run(Certificates().examine(HANOI, desk))
    assert cell.examined == len(units_of(HANOI))
    return [each.unit for each in cell.shortfalls]


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Phường Ba Đình",
        "Ủy ban nhân dân Phường Ba Đình",
        "UBND phường  Ba Đình",
        unicodedata.normalize("NFD", "UBND phường Ba Đình"),
    ],
)
def test_a_valid_certificate_in_its_own_name_counts(subject: str) -> None:
    assert seen(subject=subject) == []


@pytest.mark.parametrize(
    "subject",
    [
        "UBND quận Ba Đình",
        "UBND phường Ba Đình (trước sắp xếp)",
        "UBND phường Ba Đình Mới",
        "UBND thị phường Ba Đìn",
        "Nguyễn Văn A",
    ],
)
def test_a_valid_certificate_in_another_name_does_not(subject: str) -> None:
    assert seen(subject=subject) == [BA_DINH.code]


def test_a_certificate_of_the_right_name_has_to_be_valid() -> None:
    assert seen(subject="UBND phường Ba Đình", state="revoked") == [BA_DINH.code]


def test_every_unit_bears_its_own_name_and_nobody_elses_in_its_province() -> None:
    for unit in units_of(HANOI):
        name = unit.full_name_vi if isinstance(unit, fixtures.Province) else unit.name_vi
        bearing = [each.code for each in units_of(HANOI) if bears_name(f"UBND {name}", each)]
        assert bearing == [unit.code]
