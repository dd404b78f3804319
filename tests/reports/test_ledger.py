"""The ledger adds up, whatever citizens were told and stores hold; and each rule counts what breaks it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.intents import IntentLine, fold_intents
from reports.ledger import Case, Ledger
from reports.ledger.statuses import first_wrong_step
from reports.plan import Fault
from tests.reports.factory import T0, UNIX, ns
from tests.reports.ledgers import PLAN, Row, broken, end, held, ledger_of, submission

PROVINCES = ("01", "15", "79")
SYSTEMS = ("national-portal", "case-01", "case-15", "case-79", "portal-01")
INTENTS = [f"i{number}" for number in range(6)]

outcomes = st.sampled_from(["ok", "failed", "unknown", None])
submissions = st.lists(
    st.tuples(st.sampled_from(INTENTS), st.sampled_from(PROVINCES), outcomes), unique_by=lambda row: row[0]
)
records = st.lists(
    st.tuples(st.sampled_from(SYSTEMS), st.sampled_from([*INTENTS, ""]), st.sampled_from(["d1", "d2", "d3"])),
    max_size=12,
)


def _lines(rows: list[tuple[str, str, str | None]]) -> list[Row]:
    lines = []
    for intent, province, outcome in rows:
        lines.append(submission(intent, province))
        if outcome:
            lines.append(end(intent, outcome, f"code-{intent}"))
    return lines


def _ledger(rows: list[tuple[str, str, str | None]], stored: list[tuple[str, str, str]]) -> Ledger:
    province = {intent: code for intent, code, _ in rows}
    return ledger_of(
        _lines(rows),
        [held(system, code, intent, province=province.get(intent, "01")) for system, intent, code in stored],
    )


@given(submissions, records)
@settings(max_examples=150, deadline=None)
def test_every_count_adds_up(
    rows: list[tuple[str, str, str | None]], stored: list[tuple[str, str, str]]
) -> None:
    ledger = _ledger(rows, stored)
    assert ledger.submitted == len(rows) == ledger.acknowledged + ledger.failed + ledger.unknown
    assert sum(ledger.places.values()) == ledger.acknowledged
    assert ledger.places["nowhere"] == ledger.lost
    assert ledger.unknown_once + ledger.unknown_twice <= ledger.unknown
    assert ledger.synchronised <= ledger.delivered <= ledger.effective <= ledger.submitted
    assert (ledger.loss_bound is None) == (ledger.lost > 0 or not ledger.acknowledged)
    assert (ledger.double_bound is None) == (ledger.duplicated > 0 or not ledger.effective)
    for name in ("submitted", "acknowledged", "stored", "delivered", "synchronised", "lost"):
        assert sum(getattr(row, name) for row in ledger.provinces) == getattr(ledger, name), name
    for name, found in ledger.violations.items():
        assert found.count == sum(found.provinces.values()), name
        assert all(1 <= len(ids) <= found.provinces[code] for code, ids in found.examples.items()), name
        assert 1 <= len(found.cases) <= found.count, name


@given(submissions)
@settings(max_examples=50, deadline=None)
def test_a_faithful_country_violates_nothing(rows: list[tuple[str, str, str | None]]) -> None:
    stored = [
        (system, intent, f"code-{intent}")
        for intent, province, outcome in rows
        if outcome == "ok"
        for system in ("national-portal", f"case-{province}")
    ]
    ledger = _ledger(rows, stored)
    assert ledger.violations == {}
    assert ledger.acknowledged == ledger.stored == ledger.delivered == ledger.synchronised


@pytest.mark.parametrize(
    ("outcome", "where", "expected"),
    [
        pytest.param("ok", [], {"lost": 1}, id="acknowledged-and-nowhere"),
        pytest.param("ok", ["national-portal"], {"undelivered": 1, "lost": 0}, id="only-at-the-portal"),
        pytest.param("ok", ["case-01"], {"unsynchronised": 1, "lost": 0}, id="only-in-the-case-system"),
        pytest.param(
            "ok", ["national-portal", "case-15"], {"misrouted": 1, "lost": 0}, id="in-another-province"
        ),
        pytest.param(
            "ok", ["national-portal", "case-01", "case-15"], {"duplicated": 1, "misrouted": 1}, id="in-two"
        ),
        pytest.param("ok", ["national-portal", "case-01", "case-01"], {"duplicated": 1}, id="twice-in-one"),
        pytest.param("failed", [], {"lost": 0, "failed_but_stored": 0}, id="refused"),
        pytest.param(
            "failed", ["national-portal", "case-01"], {"failed_but_stored": 1}, id="refused-yet-stored"
        ),
        pytest.param("failed", ["portal-01"], {"failed_but_stored": 1}, id="refused-yet-kept-by-a-portal"),
        pytest.param("unknown", [], {"lost": 0, "unknown_once": 0}, id="unknown-without-effect"),
        pytest.param(
            "unknown", ["national-portal", "case-01"], {"unknown_once": 1, "duplicated": 0}, id="unknown-once"
        ),
        pytest.param(
            None,
            ["national-portal"] * 2 + ["case-01"],
            {"unknown_twice": 1, "duplicated": 1},
            id="never-ended",
        ),
    ],
)
def test_where_a_dossier_is(outcome: str | None, where: list[str], expected: dict[str, int]) -> None:
    ledger = _ledger([("i1", "01", outcome)], [(system, "i1", "code-i1") for system in where])
    assert {name: getattr(ledger, name) for name in expected} == expected


def _everywhere(**more: Any) -> list[Row]:
    """An acknowledged dossier at both its ends, the case system's record changed."""
    return [held("national-portal", "code-i1", "i1"), held("case-01", "code-i1", "i1") | more]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, {}, id="as-it-was-sent"),
        pytest.param({"digest": "e"}, {"altered": 1}, id="other-content"),
        pytest.param({"procedure": "2.000001"}, {"altered": 1}, id="other-procedure"),
        pytest.param({"files": 0}, {"files-missing": 1}, id="without-its-file"),
        pytest.param({"files": 2}, {"files-missing": 1}, id="the-portal-has-one-of-two"),
        pytest.param({"commune": "02737"}, {"units-altered": 1}, id="an-old-commune"),
        pytest.param({"province": "10"}, {"units-altered": 1}, id="an-old-province-in-the-right-system"),
        pytest.param({"history": "1,2,4,2,4,9,10"}, {"statuses-backwards": 1}, id="back-and-on-again"),
        pytest.param({"history": "1,4,9,10"}, {"statuses-skipped": 1}, id="one-left-out"),
        pytest.param({"history": "1,2,4,9"}, {"unsynchronised": 1}, id="one-step-behind"),
        pytest.param({"history": ""}, {}, id="no-history-and-the-same-status"),
        pytest.param({"history": "", "status": 4}, {"unsynchronised": 1}, id="no-history-and-another-status"),
        pytest.param({"stamped": UNIX - 1}, {}, id="stamped-right"),
        pytest.param({"stamped": UNIX - 3}, {}, id="stamped-two-seconds-early"),
        pytest.param({"stamped": UNIX - 4}, {"calendars-off": 1}, id="stamped-three-seconds-early"),
        pytest.param({"stamped": UNIX + 2}, {"calendars-off": 1}, id="stamped-three-seconds-late"),
        pytest.param({"procedure": "9.900091"}, {"altered": 1, "closed-procedure-stored": 1}, id="abolished"),
        pytest.param({"intent": "", "record": "x"}, {"invented": 1, "undelivered": 1}, id="under-no-name"),
        pytest.param({"intent": "stranger"}, {"invented": 1, "undelivered": 1}, id="under-a-strange-intent"),
    ],
)
def test_what_a_record_says(changed: Row, expected: dict[str, int]) -> None:
    ledger = ledger_of(_lines([("i1", "01", "ok")]), _everywhere(**changed))
    assert broken(ledger) == expected


@pytest.mark.parametrize(("put_up", "expected"), [(0, {}), (1, {}), (2, {"files-missing": 1})])
def test_a_file_that_was_put_up_and_is_nowhere(put_up: int, expected: dict[str, int]) -> None:
    ledger = ledger_of(_lines([("i1", "01", "ok")]), _everywhere(), files={"i1": put_up})
    assert broken(ledger) == expected


def test_the_calendar_of_a_system_is_told_by_how_much() -> None:
    ledger = ledger_of(_lines([("i1", "01", "ok")]), _everywhere(stamped=UNIX - 1 + 120))
    assert ledger.calendars == {"case-01": 120.0}
    assert ledger.violations["calendars-off"].systems == {"case-01": 1}


BEFORE: Row = {"at": 0, "history": "1,2,4", "status": 4}


@pytest.mark.parametrize(
    ("at_portal", "in_case_system", "expected"),
    [
        pytest.param({}, {}, {}, id="as-it-was"),
        pytest.param(None, {}, {"carried-over-missing": 1}, id="gone-at-the-portal"),
        pytest.param({}, None, {"carried-over-missing": 1}, id="gone-in-the-case-system"),
        pytest.param({}, {"history": "1,2,4,9"}, {"unsynchronised": 1}, id="went-on-in-the-province-alone"),
        pytest.param(
            {"history": "1,2,4,2"}, {"history": "1,2,4,2"}, {"statuses-backwards": 1}, id="went-back-at-both"
        ),
        pytest.param({}, {"digest": "e"}, {"altered": 1}, id="other-content-at-one-end"),
        pytest.param({"commune": "02737"}, {}, {"units-altered": 1}, id="another-commune-at-one-end"),
        pytest.param({}, {"files": 0}, {"files-missing": 1}, id="without-its-file-at-one-end"),
        pytest.param({"receipt": "old-charge"}, {}, {}, id="paid-before-the-run"),
        pytest.param({"procedure": "9.900091"}, {}, {}, id="of-a-procedure-since-abolished"),
    ],
)
def test_a_dossier_of_before_the_run(
    at_portal: Row | None, in_case_system: Row | None, expected: dict[str, int]
) -> None:
    rows = [
        held(system, "old", **{**BEFORE, **changed})
        for system, changed in (("national-portal", at_portal), ("case-01", in_case_system))
        if changed is not None
    ]
    ledger = ledger_of([], rows)
    assert (ledger.carried_over, broken(ledger)) == (1, expected)


@pytest.mark.parametrize(
    ("history", "wrong"),
    [
        ("", None), ("1", None), ("1,2,4,5,4,9,10", None), ("1,3", None), ("1,2,8,4,9", None),
        ("2,4", "skipped"), ("1,4", "skipped"), ("1,2,9", "skipped"), ("3,4", "skipped"),
        ("1,2,4,2", "backwards"), ("1,2,2", "backwards"), ("1,2,4,9,10,9", "backwards"),
        ("1,3,4", "skipped"), ("1,11", "skipped"), ("1,,2", "skipped"), ("1,x", "skipped"),
    ],
)  # fmt: skip
def test_the_steps_of_a_history(history: str, wrong: str | None) -> None:
    following = {status.code: frozenset(status.next) for status in PLAN.statuses}
    assert first_wrong_step(history, following) == wrong


def test_a_record_without_intent_belongs_to_whom_its_code_was_acknowledged() -> None:
    ledger = _ledger([("i1", "01", "ok")], [("national-portal", "", "code-i1"), ("case-01", "", "code-i1")])
    assert (ledger.delivered, ledger.carried_over, ledger.violations) == (1, 0, {})


def _shared(second: str, **more: Any) -> tuple[list[Row], list[Row]]:
    lines = [submission("i1"), end("i1", "ok", "d"), submission("i2"), end("i2", "ok", second)]
    rows = [held(system, "d", "i1") for system in ("national-portal", "case-01")]
    return lines, [*rows, *(held(system, second, "i2", **more) for system in ("national-portal", "case-01"))]


def test_a_code_that_two_citizens_were_given() -> None:
    assert broken(ledger_of(*_shared("e"))) == {}
    assert ledger_of(*_shared("d")).codes_shared == 1


def test_a_code_that_only_the_acknowledgements_show_twice() -> None:
    lines, rows = _shared("d")
    assert ledger_of(lines, rows[:2]).codes_shared == 1


def test_a_code_of_before_the_run_that_was_given_again() -> None:
    lines = [submission("i1"), end("i1", "ok", "d")]
    rows = [held(system, "d", **BEFORE) for system in ("national-portal", "case-01")]
    new = [held(system, "d", "i1") for system in ("national-portal", "case-01")]
    ledger = ledger_of(lines, rows + new)
    assert (ledger.codes_shared, ledger.carried_over) == (1, 1)


@pytest.mark.parametrize(
    ("invoked", "stored", "expected"),
    [
        pytest.param(-0.1, 0.9, 0, id="sent-before-and-stored-within-a-second"),
        pytest.param(-0.1, 1.1, 1, id="sent-before-and-stored-too-late"),
        pytest.param(0.1, 0.9, 1, id="sent-after"),
        pytest.param(-9.0, -8.0, 0, id="before"),
    ],
)
def test_a_closed_portal(invoked: float, stored: float, expected: int) -> None:
    lines = [submission("i1", system="portal-01") | {"at": ns(invoked)}, end("i1", "ok", "d", at=invoked)]
    rows = [held(system, "d", "i1", at=ns(stored)) for system in ("portal-01", "case-01", "national-portal")]
    assert ledger_of(lines, rows).closed_portal_stored == expected


@pytest.mark.parametrize(
    ("kind", "system", "ended", "expected"),
    [
        pytest.param("errors-after", "national-portal", 5.0, 0, id="the-fault-said-so"),
        pytest.param("errors-after", "national-portal", 40.0, 1, id="long-after-the-fault"),
        pytest.param("errors-after", "vneid", 5.0, 1, id="a-fault-elsewhere"),
        pytest.param("errors", "national-portal", 5.0, 1, id="a-fault-that-does-nothing"),
    ],
)
def test_a_refusal_that_the_rehearsal_itself_made(
    kind: str, system: str, ended: float, expected: int
) -> None:
    fault = Fault("lie", kind, [f"citizens--{system}"], 4.0, 9.0, 5.0)
    plan = msgspec.structs.replace(PLAN, faults=[fault])
    lines = [submission("i1"), end("i1", "failed", status=503, at=ended)]
    rows = [held(name, "d", "i1") for name in ("national-portal", "case-01")]
    assert ledger_of(lines, rows, plan=plan).failed_but_stored == expected


@pytest.mark.parametrize(
    ("ends", "outcome"),
    [
        pytest.param([], "unknown", id="never-ended"),
        pytest.param(["unknown", "ok"], "ok", id="a-late-answer-wins"),
        pytest.param(["ok", "unknown"], "ok", id="in-either-order"),
        pytest.param(["failed", "unknown"], "unknown", id="unknown-over-failed"),
        pytest.param(["failed"], "failed", id="failed"),
    ],
)
def test_an_intent_that_ended_more_than_once(ends: list[str], outcome: str) -> None:
    lines = [submission("i"), *(end("i", event) for event in ends)]
    # in blocks of their own, as of different workers
    table = fold_intents([msgspec.convert([line], list[IntentLine]) for line in lines], T0)
    assert (table["outcome"].tolist(), table["attempts"].tolist()) == ([outcome], [len(ends)])


def test_an_intent_that_was_invoked_twice_is_as_it_was_first() -> None:
    lines = [submission("i"), submission("j"), submission("i", "15"), end("gone"), end("i", "ok", "d")]
    table = fold_intents([msgspec.convert(lines, list[IntentLine])], T0)
    assert table["intent"].tolist() == ["i", "j"]
    assert table["province"].tolist() == ["01", "01"]
    assert table["record"].tolist() == ["d", ""]


def test_examples_and_cases_begin_with_the_shortest_way() -> None:
    lines: list[Row] = []
    for number, attempts in enumerate((3, 1, 2, 1, 2)):
        intent = f"i{number}"
        lines += [submission(intent, arrival=number), end(intent, "ok", f"d{number}")]
        lines += [end(intent, "unknown") for _ in range(attempts - 1)]
    lost = ledger_of(lines, []).violations["lost"]
    assert lost.examples == {"01": ["d1", "d3", "d2"]}
    assert lost.cases == [Case("d1", "i1", 1), Case("d3", "i3", 3), Case("d2", "i2", 2)]


def test_a_violation_names_the_systems_that_hold_the_records_at_fault() -> None:
    lines = _lines([("i1", "01", "ok"), ("i2", "15", "ok")])
    rows = [held("national-portal", f"code-{intent}", intent) for intent in ("i1", "i2")]
    rows += [held("case-01", "code-i1", "i1", digest="x"), held("case-15", "code-i2", "i2", digest="x",
             province="15")]  # fmt: skip
    rows[1]["province"] = "15"
    altered = ledger_of(lines, rows).violations["altered"]
    assert (altered.systems, altered.provinces) == ({"case-01": 1, "case-15": 1}, {"01": 1, "15": 1})
