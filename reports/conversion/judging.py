"""What is wrong with one row that differs from what must be there: pure functions, one for each table.

A row is a mapping from column to value, instants in Unix seconds. Each judge gives pairs of a kind
(:mod:`reports.conversion.kinds`) and the column that shows it; a row can be wrong in several ways.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]
Wrong = Iterator[tuple[str, str]]

HOUR = 3600
MOST_HOURS = 14
"""No time zone is further from UTC."""


def judge_dossier(must: Row, has: Row, districts: frozenset[str]) -> Wrong:
    """``districts``: agency codes of districts."""
    yield from _place(must, has, districts)
    if has["procedure"] != must["procedure"]:
        kept = has["procedure"] == must["was_procedure"]
        yield ("procedure-not-converted" if kept else "procedure-altered"), "procedure"
    if has["old_rule"] != must["old_rule"]:
        yield "old-rule-altered", "old_rule"
    yield from _dates(must, has)
    yield from _course(must, has)
    yield from _owner(must, has)
    if has["amount"] != must["amount"]:
        yield "amount-altered", "amount"
    if has["paid"] != must["paid"]:
        yield ("payment-lost" if has["paid"] < must["paid"] else "amount-altered"), "paid"


def _place(must: Row, has: Row, districts: frozenset[str]) -> Wrong:
    if has["unit"] != must["unit"] and has["unit"] in districts:
        yield "district-unit-kept", "unit"
    elif must["placed"] == "held" and (has["commune"] or has["placed"] != "held"):
        yield "split-guessed", "commune"
    elif must["commune"] and not has["commune"]:
        yield "commune-undecided", "commune"
    elif has["commune"] != must["commune"]:
        yield "commune-wrong", "commune"
    else:
        wrong = next((field for field in ("unit", "level", "placed") if has[field] != must[field]), "")
        if wrong:
            yield "unit-wrong", wrong


def _dates(must: Row, has: Row) -> Wrong:
    received, due = has["received"] - must["received"], has["due"] - must["due"]
    if received and received == due and not received % HOUR and abs(received) <= MOST_HOURS * HOUR:
        yield "time-zone-shifted", "received"
        return
    if due:
        yield "due-date-altered", "due"
    if received:
        yield "received-altered", "received"


def _course(must: Row, has: Row) -> Wrong:
    if has["status"] != must["status"]:
        reset = has["status"] == 1 and has["history"] in ("", "1")
        yield ("status-reset" if reset else "status-altered"), "status"
    elif has["history"] != must["history"]:
        yield (
            ("history-truncated" if _part(has["history"], must["history"]) else "history-altered"),
            "history",
        )


def _part(short: str, long: str) -> bool:
    """Whether some steps are left out, and the rest is in order."""
    steps = iter(long.split(","))
    return len(short) < len(long) and all(each in steps for each in short.split(",") if each)


def _owner(must: Row, has: Row) -> Wrong:
    if has["owner_id"] != must["owner_id"]:
        yield "owner-changed", "owner_id"
    if has["owner_name"] != must["owner_name"]:
        yield judge_name(must["owner_name"], has["owner_name"]), "owner_name"


def judge_name(must: str, has: str) -> str:
    """The kind of difference between two names that differ."""
    if unicodedata.normalize("NFC", has) == unicodedata.normalize("NFC", must):
        return "name-decomposed"
    if _folded(has) == _folded(must):
        return "diacritics-lost"
    if has in _misread(must):
        return "mojibake"
    return "name-altered"


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(each for each in apart if not unicodedata.combining(each))


def _misread(text: str) -> set[str]:
    """UTF-8 read as one of the encodings that a Western machine takes it for, or with its signs lost."""
    held = text.encode()
    lost = "".join(each if each.isascii() else "?" for each in text)
    return {held.decode("latin-1"), *(held.decode("cp1252", how) for how in ("replace", "ignore")), lost}


def judge_attachment(_must: Row, _has: Row) -> Wrong:
    """The key is right, so it is the content."""
    yield "attachment-altered", "sha256"


def judge_result(must: Row, has: Row) -> Wrong:
    """A result is what it was, and as open to reuse as it may be."""
    if has["reusable"] != must["reusable"]:
        yield ("result-not-reusable" if must["reusable"] else "result-revived"), "reusable"
    for field in ("sha256", "dossier", "owner_id", "issued"):
        if has[field] != must[field]:
            yield "result-altered", field
            return


def judge_unit(must: Row, has: Row) -> Wrong:
    """A unit bears its name and stands where it must."""
    if has["name"] != must["name"]:
        yield "unit-renamed", "name"
    for field in ("level", "place"):
        if has[field] != must[field]:
            yield "unit-altered", field


def judge_account(must: Row, has: Row) -> Wrong:
    """An account has the rights that its unit has, and no others."""
    alive = has["state"] == "active" or bool(has["roles"]) or bool(has["unit"])
    if must["state"] == "closed" and alive:
        yield "account-district-rights", "roles"
    elif must["state"] == "held" and alive:
        yield "account-guessed", "unit"
    elif must["state"] == "active" and (has["state"] != "active" or not has["roles"]):
        yield "account-rights-lost", "state" if has["state"] != "active" else "roles"
    elif has["unit"] != must["unit"]:
        yield "account-unit-wrong", "unit"
    elif has["roles"] != must["roles"] or has["state"] != must["state"]:
        yield "account-altered", "roles" if has["roles"] != must["roles"] else "state"
    if has["name"] != must["name"]:
        yield "account-altered", "name"


def judge_procedure(must: Row, has: Row) -> Wrong:
    """A procedure stands at its new level, and is open or closed as it must be."""
    if has["level"] != must["level"]:
        yield ("procedure-at-district" if has["level"] == "district" else "procedure-level-wrong"), "level"
    elif has["open"] != must["open"]:
        yield ("abolished-procedure-open" if has["open"] else "procedure-closed"), "open"


JUDGES: dict[str, Callable[[Row, Row], Wrong]] = {
    "attachments": judge_attachment,
    "results": judge_result,
    "units": judge_unit,
    "accounts": judge_account,
    "procedures": judge_procedure,
}
"""By table; a dossier's judge needs to know the districts' codes as well."""
