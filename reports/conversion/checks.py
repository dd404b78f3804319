"""The questions that a conversion has to answer, and the obligations that each speaks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import msgspec
import pyarrow as pa

from reports.conversion.kinds import KINDS
from reports.conversion.reconciling import Reconciled
from reports.evidence_file import CommandCheck
from reports.finding import Outcome
from reports.text import Text, bound, count, listed

DISTRICT_PROCEDURES = {"province": 18, "commune": 278, "abolished": 50}
"""What became of the districts' procedures: dispatch of 17 June 2025, preamble."""
COUNTED_REQUIREMENTS = ("TTG0617-0-1",)
ALL_PROVINCES = 34
"""Fewer can show that an obligation is not met, but not that it is."""


class Question(NamedTuple):
    """``kinds`` are those that answer it with no; ``of_districts``: of what a district had alone."""

    name: str
    title: Text
    kinds: tuple[str, ...]
    examined: Callable[[Reconciled], int]
    requirements: tuple[str, ...]
    of_districts: bool = False


def _rows(*tables: str) -> Callable[[Reconciled], int]:
    return lambda done: sum(each.expected for each in done.tallies if each.table in tables)


def _kinds(table: str) -> tuple[str, ...]:
    return tuple(name for name, kind in KINDS.items() if kind.table == table)


_THERE = (
    "dossier-lost",
    "dossier-doubled",
    "dossier-invented",
    "dossier-code-changed",
    "dossier-code-shared",
    "dossier-under-two-codes",
)
_PLACED = (
    "province-wrong",
    "commune-wrong",
    "commune-undecided",
    "split-guessed",
    "unit-wrong",
    "district-unit-kept",
)
_GOING_ON = (
    *_THERE,
    *_PLACED,
    "procedure-not-converted",
    "old-rule-altered",
    "due-date-altered",
    "time-zone-shifted",
    "time-of-day-lost",
    "day-month-swapped",
)
_CONTENTS = tuple(
    name
    for name in (*_kinds("dossiers"), *_kinds("attachments"))
    if name not in (*_THERE, *_PLACED, "procedure-not-converted", "old-rule-altered")
)

QUESTIONS = [
    Question(
        "dossiers-complete",
        Text(
            "Mọi hồ sơ đều có mặt đúng một lần, với mã của nó", "Every dossier is there once, under its code"
        ),
        _THERE,
        _rows("dossiers"),
        ("VP0701-4-1", "TTG0617-III1-1", "TTG96-2b-3"),
    ),
    Question(
        "district-dossiers-go-on",
        Text(
            "Hồ sơ cấp huyện tiếp tục ở đơn vị mới, giữ nguyên hạn trả",
            "Dossiers of the districts go on at their new unit, with their due date",
        ),
        _GOING_ON,
        lambda done: done.examined.district_dossiers,
        ("TTG96-3b-3", "LC-4-1", "TTG0617-II1-1"),
        of_districts=True,
    ),
    Question(
        "placed-right",
        Text("Mọi hồ sơ ở đúng tỉnh, xã và đơn vị", "Every dossier lies in its province, commune and unit"),
        _PLACED,
        _rows("dossiers"),
        ("VP0701-4-1",),
    ),
    Question(
        "nothing-guessed",
        Text("Xã bị chia: không có gì bị đoán", "Split wards: nothing is guessed"),
        ("split-guessed", "account-guessed"),
        lambda done: done.examined.split_addresses,
        ("VP0701-4-1",),
    ),
    Question(
        "contents-kept",
        Text(
            "Nội dung, ngày, tiến trình, phí và tệp đính kèm được giữ nguyên",
            "Contents, dates, course, fees and attachments are as they were",
        ),
        _CONTENTS,
        _rows("dossiers", "attachments"),
        ("VP0701-4-1", "TTG0617-III1-1", "TTG0617-II1-1"),
    ),
    Question(
        "results-reusable",
        Text("Mọi kết quả còn hiệu lực đều dùng lại được", "Every valid result can be used again"),
        _kinds("results"),
        lambda done: done.examined.valid_results,
        ("VP0701-4-2",),
    ),
    Question(
        "procedures-converted",
        Text("Không còn thủ tục nào ở cấp huyện", "No procedure is left at the district level"),
        _kinds("procedures"),
        lambda done: done.examined.district_procedures,
        ("LC-3-4", "LC-5-4", "VP318-2-2"),
    ),
    Question(
        "accounts-right",
        Text(
            "Tài khoản có quyền của đơn vị mới; quyền cấp huyện đã hết",
            "Accounts have the rights of their new unit; those of districts are gone",
        ),
        _kinds("accounts"),
        _rows("accounts"),
        ("TTG96-2a-8", "LC-3-3", "VP0701-5-2", "TTG0617-0-2"),
    ),
    Question(
        "units-right",
        Text("Danh mục đơn vị đủ và không còn đơn vị cũ", "All units are declared, and no old one is left"),
        _kinds("units"),
        _rows("units"),
        ("TTG96-2a-2", "TTG96-2b-1", "TTG0617-0-2"),
    ),
]

SIDES = ("source", "target")
NOT_STATED = Text(
    "Không thể đối chiếu: handover.json phải có ở cả nguồn và đích.",
    "Could not be examined: handover.json must be there in the source and in the target.",
)
HANDOVER = Question(
    "handover-tallies",
    Text("Số liệu bàn giao khớp với tệp", "The counts handed over tally with the files"),
    ("counts-off",),
    # what one side says of itself cannot tally with the other
    lambda done: done.examined.handovers if done.examined.handover_sides == len(SIDES) else 0,
    ("VP0701-4-1",),
)


def checks(done: Reconciled, procedures: pa.Table) -> Iterator[CommandCheck]:
    """Every question with its answer. ``procedures``: the rule's table of the districts' procedures."""
    found = Counter(done.findings["kind"].to_pylist())
    for question in QUESTIONS:
        yield _answer(question, done, found)
    told = _answer(HANDOVER, done, found)
    yield told if told.examined else msgspec.structs.replace(told, finding=NOT_STATED)
    yield _counted(Counter(procedures["level"].to_pylist()))


def _answer(question: Question, done: Reconciled, found: Mapping[str, int]) -> CommandCheck:
    examined = question.examined(done)
    found = done.of_districts if question.of_districts else found
    wrong = {kind: found[kind] for kind in question.kinds if found.get(kind)}
    speaks = wrong or len({each.province for each in done.tallies}) == ALL_PROVINCES
    return CommandCheck(
        name=question.name,
        title=question.title,
        outcome="missed" if wrong else "met" if examined else "inconclusive",
        requirements=list(question.requirements) if speaks else [],
        finding=_told(wrong, examined),
        examined=examined,
    )


def _told(wrong: Mapping[str, int], examined: int) -> Text:
    if wrong:
        vi = listed((f"{KINDS[kind].title.vi}: {count(number)}" for kind, number in wrong.items()), 12)
        en = listed((f"{KINDS[kind].title.en}: {count(number)}" for kind, number in wrong.items()), 12)
        return Text(f"{count(examined)} đã xem; {vi}.", f"{count(examined)} examined; {en}.")
    if not examined:
        return Text("Không có gì để xem.", "There was nothing to examine.")
    below = bound(3 / examined)
    return Text(
        f"{count(examined)} đã xem, không có sai lệch (tỷ lệ dưới {below}, tin cậy 95 %).",
        f"{count(examined)} examined, nothing is wrong (rate below {below} at 95 %).",
    )


def _counted(levels: Mapping[str, int]) -> CommandCheck:
    """Whether the rule itself has as many procedures of each kind as there are."""
    right = dict(levels) == DISTRICT_PROCEDURES
    outcome: Outcome = "met" if right else "missed" if levels else "inconclusive"
    said = {level: levels.get(level, 0) for level in DISTRICT_PROCEDURES}
    total = sum(levels.values())
    return CommandCheck(
        name="district-procedures-counted",
        title=Text(
            "346 thủ tục cấp huyện = 18 + 278 + 50", "346 procedures of the districts = 18 + 278 + 50"
        ),
        outcome=outcome,
        requirements=list(COUNTED_REQUIREMENTS),
        finding=Text(
            f"Quy tắc có {total}: {said['province']} về tỉnh, {said['commune']} về xã, "
            f"{said['abolished']} bãi bỏ.",
            f"The rule has {total}: {said['province']} to provinces, {said['commune']} to communes, "
            f"{said['abolished']} abolished.",
        ),
        examined=total,
    )
