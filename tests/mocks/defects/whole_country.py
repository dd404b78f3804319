"""What gives defects beyond the way of a dossier away; see :mod:`tests.mocks.defects.national_portal`."""

from __future__ import annotations

from collections import Counter

import msgspec

from mocks.dossiers import new_held
from mocks.replication import Batch, Entry
from mocks.systems.ioc import Figures
from tests.mocks.country import Country
from tests.mocks.platform import case_dossier
from tests.mocks.registers import CITIZEN, COMMUNE, PROVINCE

KINDS = ("emc", "national-data-centre", "civil-status", "reporting")
BESIDE = ("population",)
CODES = [f"H38.99-250701-{number:04d}" for number in range(40)]


def forgets_events(country: Country) -> bool:
    for code in CODES:
        action = {
            "CodeProfile": "",
            "CodeTTHC": "1.001193",
            "NameTTHC": "",
            "Status": 1,
            "FormsReception": "",
            "Level": 4,
            "IsFromDVCQG": False,
            "MaHoSo": code,
            "IsDVCBC": False,
            "User": "H38",
        }
        assert country.post("emc", "/api/SendAction", action).json()["error_code"] == "00"
    return len(country.stored("emc")) < len(CODES)


def skips_changes(country: Country) -> bool:
    first = [new_held(case_dossier(code), 0.0) for code in CODES]
    then = [msgspec.structs.replace(held, steps=[1, 2]) for held in first]
    entries = [Entry(number, held.code, held) for number, held in enumerate([*first, *then], 1)]
    for part in (entries[: len(first)], entries[len(first) :]):
        answer = country.post("national-data-centre", "/api/replicate", Batch(part[-1].number, part))
        assert answer.json()["applied"] == part[-1].number
    return {each.status for each in country.stored("national-data-centre")} != {2}


def registers_twice(country: Country) -> bool:
    token = country.post("civil-status", "/token", {"username": "case-15"}).json()["access_token"]
    for code in CODES:
        asked = {
            "maHoSo": code,
            "loaiDangKy": "birth",
            "maTinh": PROVINCE,
            "maXa": COMMUNE,
            "nguoiYeuCau": CITIZEN.id,
        }
        answer = country.post("civil-status", "/api/NhanDKHT", asked, {"Authorization": f"Bearer {token}"})
        assert answer.status_code == 202, answer.text
    registered = Counter(each.dossier for each in country.stored("civil-status"))
    assert set(registered) == set(CODES)
    return max(registered.values()) == 2


def keeps_first_report(country: Country) -> bool:
    for at, finished in enumerate((1, 2), start=1_751_342_400):
        figures = Figures(PROVINCE, at * 10**9, 40, 40 - finished, finished, 0)
        assert country.post("reporting", "/api/reports", figures).status_code == 200
    (shown,) = country.stored("reporting")
    assert shown.history in ("40,39,1,0", "40,38,2,0")
    return shown.history == "40,39,1,0"
