"""What is wrong with one row that differs from what must be there: pure functions, one for each table.

A row is a mapping from column to value, instants in Unix seconds. Each judge gives pairs of a kind
(:mod:`reports.conversion.kinds`) and the column that shows it; a row can be wrong in several ways.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

Row = Mapping[str, Any]
Wrong = Iterator[tuple[str, str]]

HOUR, DAY = 3600, 86_400
MOST_HOURS = 14
"""No time zone is further from UTC."""
HANOI = timezone(timedelta(hours=7))
MIDNIGHT = 7 * HOUR
"""What Vietnam is ahead of UTC."""
MONTHS = 12
THOUSAND = 1_000
WRONG_ENCODINGS = ("latin-1", "cp1252", "cp1258")
"""Those of Western and of Vietnamese Windows."""


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
    yield from _money(must, has)


def _place(must: Row, has: Row, districts: frozenset[str]) -> Wrong:
    if has["unit"] != must["unit"] and has["unit"] in districts:
        yield "district-unit-kept", "unit"
    elif must["placed"] == "held" and (has["commune"] or has["placed"] != "held"):
        yield "split-guessed", "commune"
    elif must["commune"] and not has["commune"]:
        yield "commune-undecided", "commune"
    elif _zeros_lost(must["commune"], has["commune"]):
        yield "leading-zeros-lost", "commune"
    elif has["commune"] != must["commune"]:
        yield "commune-wrong", "commune"
    else:
        wrong = next((field for field in ("unit", "level", "placed") if has[field] != must[field]), "")
        if wrong:
            yield "unit-wrong", wrong


def _dates(must: Row, has: Row) -> Wrong:
    """What happens to all instants alike has one name; else each instant is named for itself."""
    altered = [field for field in ("received", "due") if has[field] != must[field]]
    shifts = {has[field] - must[field] for field in altered}
    if len(shifts) == 1 and all(not by % HOUR and abs(by) <= MOST_HOURS * HOUR for by in shifts):
        yield "time-zone-shifted", altered[0]
        return
    for kind, happened in (("time-of-day-lost", _midnight), ("day-month-swapped", _swapped)):
        if altered and all(has[field] == happened(must[field]) for field in altered):
            yield kind, altered[0]
            return
    for field in reversed(altered):
        yield ("due-date-altered" if field == "due" else "received-altered"), field


def _midnight(instant: int) -> int:
    """The beginning of the instant's day in Vietnam."""
    begins: int = instant - (instant + MIDNIGHT) % DAY
    return begins


def _swapped(instant: int) -> int | None:
    """The instant with its day read as its month; None where there is no such month."""
    there = datetime.fromtimestamp(instant, UTC).astimezone(HANOI)
    if there.day > MONTHS:
        return None
    return int(there.replace(day=there.month, month=there.day).timestamp())


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


def _money(must: Row, has: Row) -> Wrong:
    altered = [field for field in ("amount", "paid") if has[field] != must[field]]
    if altered and all(_scaled(must[field], has[field]) for field in altered):
        yield "amount-scaled", altered[0]
        return
    for field in altered:
        lost = field == "paid" and has["paid"] < must["paid"]
        yield ("payment-lost" if lost else "amount-altered"), field


def _scaled(must: int, has: int) -> bool:
    """Whether a separator of thousands was taken for a decimal point, or the other way round."""
    return has != 0 and (has == must * THOUSAND or has * THOUSAND == must)


def _zeros_lost(must: str, has: str) -> bool:
    """Whether a code was taken for a number."""
    return has != must and has != "" and has == must.lstrip("0")


def _owner(must: Row, has: Row) -> Wrong:
    if has["owner_id"] != must["owner_id"]:
        lost = _zeros_lost(must["owner_id"], has["owner_id"])
        yield ("leading-zeros-lost" if lost else "owner-changed"), "owner_id"
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
    if (rest := has.rstrip("\ufffd ")) and must.startswith(rest):
        return "name-truncated"
    return "name-altered"


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(each for each in apart if not unicodedata.combining(each))


def _misread(text: str) -> set[str]:
    """UTF-8 read as an encoding that a machine takes it for, once or twice, or with its signs lost."""
    held = text.encode()
    lost = "".join(each if each.isascii() else "?" for each in text)
    once = {held.decode(name, how) for name in WRONG_ENCODINGS for how in ("replace", "ignore")}
    twice = {each.encode().decode(name, "replace") for each in once for name in WRONG_ENCODINGS}
    return {*once, *twice, lost}


def judge_attachment(must: Row, has: Row) -> Wrong:
    """An attachment has its content."""
    if has["sha256"] != must["sha256"]:
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
