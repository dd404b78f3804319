"""What is wrong with a row is said by its kind, and only that."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

import pytest

from reports.conversion.judging import (
    JUDGES,
    judge_account,
    judge_dossier,
    judge_name,
    judge_procedure,
    judge_result,
    judge_unit,
)
from reports.conversion.kinds import KINDS

DISTRICTS = frozenset({"H38.99.001"})
DOSSIER: dict[str, Any] = {
    "code": "D-1",
    "level": "commune",
    "unit": "H38.99.00010",
    "commune": "00010",
    "placed": "ward",
    "procedure": "9.2",
    "old_rule": False,
    "owner_id": "015705000001",
    "owner_name": "Đặng Thị Ánh",
    "received": 1_750_000_000,
    "due": 1_751_000_000,
    "status": 4,
    "history": "1,2,4",
    "amount": 10_000,
    "paid": 10_000,
    "was_unit": "H38.99.001",
    "was_level": "district",
    "was_procedure": "9.1",
}
JUNE_5, JUNE_20, MAY_6 = (
    int(datetime.fromisoformat(f"2025-{day}T09:30:00+07:00").timestamp())
    for day in ("06-05", "06-20", "05-06")
)
HALF_PAST_NINE = 9 * 3600 + 1800
HELD = {"commune": "", "placed": "held", "unit": "H38.99"}


@pytest.mark.parametrize(
    ("must", "has", "kinds"),
    [
        pytest.param({}, {}, [], id="nothing"),
        pytest.param({}, {"unit": "H38.99.001"}, ["district-unit-kept"], id="district"),
        pytest.param({}, {"unit": "H38.99.00011"}, ["unit-wrong"], id="unit"),
        pytest.param({}, {"level": "province"}, ["unit-wrong"], id="level"),
        pytest.param({}, {"commune": "00011", "unit": "H38.99.00011"}, ["commune-wrong"], id="commune"),
        pytest.param({}, HELD, ["commune-undecided"], id="undecided"),
        pytest.param(HELD, {"commune": "00010"}, ["split-guessed"], id="guessed"),
        pytest.param(HELD, {**HELD, "placed": "ward"}, ["split-guessed"], id="guessed silently"),
        pytest.param({}, {"procedure": "9.1"}, ["procedure-not-converted"], id="old procedure"),
        pytest.param({}, {"procedure": "9.7"}, ["procedure-altered"], id="procedure"),
        pytest.param({"old_rule": True}, {"old_rule": False}, ["old-rule-altered"], id="old rule"),
        pytest.param({}, {"due": 1_751_086_400}, ["due-date-altered"], id="due"),
        pytest.param({}, {"received": 1_750_000_060}, ["received-altered"], id="received"),
        pytest.param(
            {},
            {"received": 1_749_974_800, "due": 1_750_974_800},
            ["time-zone-shifted"],
            id="seven hours",
        ),
        pytest.param(
            {},
            {"received": 1_750_000_000 + 15 * 3600, "due": 1_751_000_000 + 15 * 3600},
            ["due-date-altered", "received-altered"],
            id="no zone lies so far",
        ),
        pytest.param({}, {"due": 1_751_000_000 - 7 * 3600}, ["time-zone-shifted"], id="due in UTC"),
        pytest.param(
            {},
            {"received": 1_749_974_800, "due": 1_751_000_000 + 7 * 3600},
            ["due-date-altered", "received-altered"],
            id="no zone lies on both sides",
        ),
        pytest.param(
            {"received": JUNE_5, "due": JUNE_20},
            {"received": JUNE_5 - HALF_PAST_NINE, "due": JUNE_20 - HALF_PAST_NINE},
            ["time-of-day-lost"],
            id="dates without time",
        ),
        pytest.param(
            {"received": JUNE_5, "due": JUNE_20},
            {"received": JUNE_5 - HALF_PAST_NINE, "due": JUNE_20 - 60},
            ["due-date-altered", "received-altered"],
            id="one date without time, the other altered",
        ),
        pytest.param(
            {"received": JUNE_5, "due": JUNE_20},
            {"received": MAY_6},
            ["day-month-swapped"],
            id="no month 20",
        ),
        pytest.param(
            {"received": JUNE_20, "due": JUNE_5}, {"due": MAY_6}, ["day-month-swapped"], id="due swapped"
        ),
        pytest.param({"due": JUNE_20}, {"due": MAY_6}, ["due-date-altered"], id="not swapped"),
        pytest.param({}, {"status": 1, "history": "1"}, ["status-reset"], id="reset"),
        pytest.param({}, {"status": 9, "history": "1,2,4,9"}, ["status-altered"], id="status"),
        pytest.param({}, {"history": "2,4"}, ["history-truncated"], id="truncated"),
        pytest.param({}, {"history": ""}, ["history-truncated"], id="no history"),
        pytest.param({}, {"history": "2,1,4"}, ["history-altered"], id="order"),
        pytest.param({}, {"owner_id": "1"}, ["owner-changed"], id="owner"),
        pytest.param({}, {"owner_id": "15705000001"}, ["leading-zeros-lost"], id="id as a number"),
        pytest.param({}, {"owner_id": ""}, ["owner-changed"], id="no id"),
        pytest.param({"owner_id": "000"}, {"owner_id": ""}, ["owner-changed"], id="nothing is no number"),
        pytest.param({}, {"commune": "10"}, ["leading-zeros-lost"], id="commune as a number"),
        pytest.param({}, {"amount": 10, "paid": 10}, ["amount-scaled"], id="thousands"),
        pytest.param({}, {"paid": 10_000_000}, ["amount-scaled"], id="thousands too many"),
        pytest.param({}, {"amount": 10, "paid": 0}, ["amount-altered", "payment-lost"], id="thousands, paid"),
        pytest.param({}, {"amount": 0}, ["amount-altered"], id="amount"),
        pytest.param({}, {"paid": 0}, ["payment-lost"], id="paid"),
        pytest.param({}, {"paid": 20_000}, ["amount-altered"], id="paid more"),
        pytest.param(
            {}, {"owner_id": "1", "paid": 0, "unit": "x"}, ["unit-wrong", "owner-changed", "payment-lost"],
            id="several",
        ),
    ],
)  # fmt: skip
def test_a_dossier(must: dict[str, Any], has: dict[str, Any], kinds: list[str]) -> None:
    wanted = {**DOSSIER, **must}
    assert [kind for kind, _ in judge_dossier(wanted, {**wanted, **has}, DISTRICTS)] == kinds


NAME = "Đặng Thị Ánh"


@pytest.mark.parametrize(
    ("has", "kind"),
    [
        ("Dang Thi Anh", "diacritics-lost"),
        ("Đặng Thi Anh", "diacritics-lost"),
        (unicodedata.normalize("NFD", NAME), "name-decomposed"),
        (NAME.encode().decode("latin-1"), "mojibake"),
        (NAME.encode().decode("cp1252", "replace"), "mojibake"),
        ("??ng Th? ?nh", "mojibake"),
        ("Đặng Thị Anh Em", "name-altered"),
        (NAME.encode().decode("cp1258", "replace"), "mojibake"),
        (NAME.encode().decode("cp1252", "replace").encode().decode("cp1252", "replace"), "mojibake"),
        ("Đặng Thị", "name-truncated"),
        ("Đặng Thị \ufffd", "name-truncated"),
        ("", "name-altered"),
        ("\ufffd", "name-altered"),
        ("Thị Ánh", "name-altered"),
    ],
)
def test_a_name(has: str, kind: str) -> None:
    assert judge_name(NAME, has) == kind


ACTIVE = {"name": "An", "unit": "u", "roles": "handle", "state": "active"}
CLOSED = {"name": "An", "unit": "", "roles": "", "state": "closed"}


@pytest.mark.parametrize(
    ("must", "has", "kinds"),
    [
        (CLOSED, {"state": "active"}, ["account-district-rights"]),
        (CLOSED, {"roles": "handle"}, ["account-district-rights"]),
        (CLOSED, {"state": "held"}, ["account-altered"]),
        ({**CLOSED, "state": "held"}, {"unit": "u"}, ["account-guessed"]),
        (ACTIVE, {"state": "closed"}, ["account-rights-lost"]),
        (ACTIVE, {"roles": ""}, ["account-rights-lost"]),
        (ACTIVE, {"unit": "w"}, ["account-unit-wrong"]),
        (ACTIVE, {"roles": "sign"}, ["account-altered"]),
        (ACTIVE, {"name": "Bình"}, ["account-altered"]),
    ],
)
def test_an_account(must: dict[str, Any], has: dict[str, Any], kinds: list[str]) -> None:
    assert [kind for kind, _ in judge_account(must, {**must, **has})] == kinds


@pytest.mark.parametrize(
    ("must", "has", "kinds"),
    [
        ({"level": "commune", "open": True}, {"level": "district"}, ["procedure-at-district"]),
        ({"level": "commune", "open": True}, {"level": "province"}, ["procedure-level-wrong"]),
        ({"level": "commune", "open": True}, {"open": False}, ["procedure-closed"]),
        ({"level": "abolished", "open": False}, {"open": True}, ["abolished-procedure-open"]),
    ],
)
def test_a_procedure(must: dict[str, Any], has: dict[str, Any], kinds: list[str]) -> None:
    assert [kind for kind, _ in judge_procedure(must, {**must, **has})] == kinds


RESULT = {"reusable": True, "sha256": "a", "dossier": "D", "owner_id": "1", "issued": 5}


@pytest.mark.parametrize(
    ("has", "kinds"),
    [
        ({"reusable": False}, ["result-not-reusable"]),
        ({"sha256": "b", "issued": 6}, ["result-altered"]),
        ({"reusable": False, "owner_id": "2"}, ["result-not-reusable", "result-altered"]),
    ],
)
def test_a_result(has: dict[str, Any], kinds: list[str]) -> None:
    assert [kind for kind, _ in judge_result(RESULT, {**RESULT, **has})] == kinds
    assert [kind for kind, _ in judge_result({**RESULT, "reusable": False}, RESULT)] == ["result-revived"]


def test_a_unit() -> None:
    unit = {"name": "Xã X", "level": "commune", "place": "00010"}
    assert [kind for kind, _ in judge_unit(unit, {**unit, "name": "Xã Y"})] == ["unit-renamed"]
    assert [kind for kind, _ in judge_unit(unit, {**unit, "place": "00011"})] == ["unit-altered"]


def test_every_kind_has_its_words_in_both_languages() -> None:
    assert all(kind.title.vi and kind.title.en for kind in KINDS.values())
    assert len({kind.title.en for kind in KINDS.values()}) == len(KINDS)
    assert set(JUDGES) < {kind.table for kind in KINDS.values()}
