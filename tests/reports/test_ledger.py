"""The ledger adds up, whatever citizens were told and stores hold."""

from __future__ import annotations

from typing import Any

import msgspec
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import journal
from reports.intents import IntentLine, fold_intents
from reports.ledger import Ledger, reconcile
from reports.plan import Plan
from tests.reports.factory import night

PLAN = msgspec.convert(night(rate=1, start=-2.0, end=3.0).plan, Plan, strict=False)
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


def _intents(rows: list[tuple[str, str, str | None]], kind: str = "submission") -> pd.DataFrame:
    lines: list[dict[str, object]] = []
    for intent, province, outcome in rows:
        where = {"system": "national-portal", "province": province, "digest": "d", "kind": kind}
        lines.append({"event": "invoke", "intent": intent, "at": 1, **where})
        if outcome:
            lines.append(
                {"event": outcome, "intent": intent, "at": 2, "status": 201, "record": f"code-{intent}"}
            )
    return fold_intents(msgspec.convert(lines, list[IntentLine]), float)


def _stored(rows: list[dict[str, Any]]) -> pd.DataFrame:
    empty = {
        "commune": "",
        "procedure": "",
        "status": 10,
        "history": "1,10",
        "digest": "d",
        "amount": 0,
        "at": -1.0,
        "stamped": 0,
        "receipt": "",
        "files": 1,
    }
    whole = [
        {"kind": "dossier", "province": "01", "dossier": row.get("record", ""), **empty, **row}
        for row in rows
    ]
    return pd.DataFrame(whole, columns=journal.STORED.names)


def _ledger(rows: list[tuple[str, str, str | None]], held: list[tuple[str, str, str]]) -> Ledger:
    return reconcile(
        PLAN, _intents(rows), _stored([{"system": s, "intent": i, "record": r} for s, i, r in held])
    )


@given(submissions, records)
@settings(max_examples=150, deadline=None)
def test_every_count_adds_up(
    rows: list[tuple[str, str, str | None]], held: list[tuple[str, str, str]]
) -> None:
    ledger = _ledger(rows, held)
    assert ledger.submitted == len(rows) == ledger.acknowledged + ledger.failed + ledger.unknown
    assert sum(ledger.places.values()) == ledger.acknowledged
    assert ledger.places["nowhere"] == ledger.lost
    assert ledger.unknown_once + ledger.unknown_twice <= ledger.unknown
    assert ledger.synchronised <= ledger.delivered
    assert (ledger.loss_bound is None) == (ledger.lost > 0 or not ledger.acknowledged)
    for name in ("submitted", "acknowledged", "stored", "delivered", "synchronised", "lost"):
        assert sum(getattr(row, name) for row in ledger.provinces) == getattr(ledger, name), name
    for name, found in ledger.violations.items():
        assert found.count == sum(found.provinces.values()), name
        assert all(1 <= len(ids) <= found.provinces[code] for code, ids in found.examples.items()), name


@given(submissions)
@settings(max_examples=50, deadline=None)
def test_a_faithful_country_violates_nothing(rows: list[tuple[str, str, str | None]]) -> None:
    held = [
        (system, intent, f"code-{intent}")
        for intent, province, outcome in rows
        if outcome == "ok"
        for system in ("national-portal", f"case-{province}")
    ]
    ledger = _ledger(rows, held)
    assert ledger.violations == {}
    assert ledger.acknowledged == ledger.stored == ledger.delivered == ledger.synchronised


@pytest.mark.parametrize(
    ("outcome", "held", "expected"),
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
def test_one_submission(outcome: str | None, held: list[str], expected: dict[str, int]) -> None:
    ledger = _ledger([("i1", "01", outcome)], [(system, "i1", "code-i1") for system in held])
    assert {name: getattr(ledger, name) for name in expected} == expected


def test_a_record_without_intent_belongs_to_whom_its_code_was_acknowledged() -> None:
    ledger = _ledger([("i1", "01", "ok")], [("national-portal", "", "code-i1"), ("case-01", "", "code-i1")])
    assert (ledger.delivered, ledger.carried_over, ledger.violations) == (1, 0, {})


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
    lines = [{"event": event, "intent": "i", "at": at} for at, event in enumerate(["invoke", *ends])]
    assert fold_intents(msgspec.convert(lines, list[IntentLine]), float)["outcome"].tolist() == [outcome]


@pytest.mark.parametrize(
    ("outcome", "charges", "expected"),
    [
        pytest.param("ok", [("p1", "d1")], {"captured": 1, "expected": 1, "doubled": 0}, id="once"),
        pytest.param(
            "ok", [("p1", "d1"), ("p1", "d1")], {"captured": 2, "doubled": 1}, id="twice-under-one-intent"
        ),
        pytest.param(
            "ok", [("p1", "d1"), ("p2", "d1")], {"doubled": 1, "unacknowledged": 1}, id="under-two-intents"
        ),
        pytest.param("ok", [("p1", "gone")], {"orphaned": 1, "doubled": 0}, id="for-no-dossier"),
        pytest.param("ok", [], {"uncaptured": 1, "captured": 0}, id="never-taken"),
        pytest.param(
            "unknown", [("p1", "d1")], {"unacknowledged": 1, "doubled": 0}, id="the-citizen-was-not-told"
        ),
        pytest.param("unknown", [], {"uncaptured": 0, "expected": 0}, id="unknown-and-not-taken"),
    ],
)
def test_one_payment(outcome: str, charges: list[tuple[str, str]], expected: dict[str, int]) -> None:
    dossier = {"system": "national-portal", "intent": "", "record": "d1"}
    held = [
        {"system": "payment", "kind": "charge", "record": f"c{n}", "intent": intent, "dossier": of}
        for n, (intent, of) in enumerate(charges)
    ]
    ledger = reconcile(PLAN, _intents([("p1", "01", outcome)], "payment"), _stored([dossier, *held]))
    assert {name: getattr(ledger.charges, name) for name in expected} == expected
