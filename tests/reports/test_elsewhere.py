"""What other systems hold because of dossiers: each rule is broken once, in each family."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import journal
from reports.checks import elsewhere as checks
from reports.checks.base import Check
from reports.evidence import Evidence
from reports.finding import Finding
from reports.frames import stored_frame
from reports.ledger import elsewhere
from reports.ledger.elsewhere import Family
from reports.plan import Due, Plan
from tests.reports.conftest import evidence_of, plain
from tests.reports.factory import Night, ns
from tests.reports.ledgers import DOSSIER, PLAN, RECORD, Row

BIRTH, LAND = "1.004222", "2.000001"
SYSTEMS = (
    "emc", "signatures", "postal", "treasury", "document-axis", "national-data-centre", "civil-status",
    "reporting", "ioc",
)  # fmt: skip
TOLD = [{"name": f"case-01--{each}", "caller": "case-01", "callee": each} for each in ("ioc", "reporting")]
POSTED_ONE_IN = 8
POSTED = next(f"H-{n}" for n in range(100) if zlib.crc32(f"postal/H-{n}".encode()) % POSTED_ONE_IN == 0)
NOT_POSTED = next(f"H-{n}" for n in range(100) if zlib.crc32(f"postal/H-{n}".encode()) % POSTED_ONE_IN)

DUES = [
    Due("registrations", "civil-status", 2, [BIRTH]),
    Due("signatures", "signatures", 9),
    Due("returns", "postal", 9, [], POSTED_ONE_IN),
]
WIDER = msgspec.convert(
    {
        **msgspec.to_builtins(PLAN),
        "systems": [
            *msgspec.to_builtins(PLAN.systems),
            *({"name": name, "kind": name} for name in SYSTEMS),
            {"name": "ministry-case-industry", "kind": "ministry-case"},
            {"name": "documents-01", "kind": "documents", "province": "01"},
        ],
        "links": [*msgspec.to_builtins(PLAN.links), *TOLD],
        "dues": msgspec.to_builtins(DUES),
    },
    Plan,
)

Reconcile = Callable[[Plan, pd.DataFrame], Family | None]


def row(system: str, kind: str, record: str, **more: Any) -> Row:
    """A record of no content, from the run."""
    empty = dict.fromkeys(("intent", "dossier", "commune", "procedure", "history", "digest", "receipt"), "")
    return {
        **empty, "province": "01", "status": 0, "amount": 0, "at": ns(1), "stamped": 0, "files": 0,
        "system": system, "kind": kind, "record": record, **more,
    }  # fmt: skip


def dossier(code: str, system: str = "case-01", **more: Any) -> Row:
    """A dossier of the run that has come to its end."""
    return {**DOSSIER, "at": ns(1), "system": system, "record": code, "dossier": code, "intent": "", **more}


def frame(rows: list[Row]) -> pd.DataFrame:
    """The rows as a run's stores are read."""
    table = pa.Table.from_pylist(
        [{name: each[name] for name in journal.STORED.names} for each in rows], journal.STORED
    )
    return stored_frame(table, RECORD)


def country() -> list[Row]:
    """Two dossiers of a province and one of a ministry, and all that is owed for them, everywhere."""
    posted = dossier(POSTED)
    other = dossier(NOT_POSTED, procedure=LAND)
    ministry = dossier("M-1", "ministry-case-industry", kind="ministry-dossier", province="", commune="")
    carried = dossier("OLD-1", at=0)
    made = [posted, other, ministry, carried]
    rows = [*made, *({**each, "system": "national-portal"} for each in made)]
    rows += [{**each, "system": "national-data-centre", "kind": "replica"} for each in made]
    rows += [row("civil-status", "registration", "00001.birth-1", dossier=POSTED, commune="00001")]
    rows += [row("civil-status", "registration", "00001.birth-2", dossier="asked-by-a-citizen")]
    rows += [row("signatures", "signature", "C/a", dossier=POSTED, commune="00001")]
    rows += [row("signatures", "signature", "C/b", dossier=NOT_POSTED, commune="01")]
    rows += [row("signatures", "signature", "C/c", commune="00001")]  # an official tries the certificate
    rows += [row("postal", "postal-order", "BC-1", dossier=POSTED)]
    rows += [row("postal", "pick-up", "BC-2", dossier=NOT_POSTED)]  # its owner ordered it
    rows += [
        row("emc", "event", f"{each['dossier']}/{status}", dossier=each["dossier"], status=int(status),
            province=each["province"])
        for each in (posted, other, ministry)
        for status in str(each["history"]).split(",")
    ]  # fmt: skip
    rows += [row("payment", "charge", "CH-1", dossier=POSTED, amount=8000, province="")]
    rows += [row("treasury", "settlement", "CH-1", dossier=POSTED, amount=8000, province="")]
    rows += [row("documents-01", "document-sent", "VB-1", history="delivered", digest="d")]
    rows += [row("documents-01", "document-sent", "VB-2", history="bounced", digest="e")]
    rows += [row("document-axis", "document", "VB-1", history="delivered", digest="d", province="")]
    rows += [row("documents-01", "document-received", "VB-1", history="delivered", digest="d")]
    rows += [row("ioc", "figures", "01", history="3,0,3,0")]
    rows += [row("reporting", "figures", "01/20250630", history="1,0,1,0", at=ns(-9))]
    rows += [row("reporting", "figures", "01/20250701", history="3,0,3,0")]
    return rows


def owed_once(family: str) -> Reconcile:
    return lambda plan, stored: elsewhere.owed_once(plan, stored, family)


FAMILIES: dict[str, tuple[Reconcile, str, int]] = {
    # reconciliation, kind of its records, how many are owed
    "registrations": (owed_once("registrations"), "registration", 1),
    "signatures": (owed_once("signatures"), "signature", 2),
    "returns": (owed_once("returns"), "postal-order", 1),
    "events": (elsewhere.events, "event", 15),
    "replicas": (elsewhere.replicas, "replica", 4),
    "settlements": (elsewhere.settlements, "settlement", 1),
    "documents": (elsewhere.documents, "document-received", 1),
    "figures": (elsewhere.figures, "figures", 2),
}


def broken(family: str, rows: list[Row]) -> dict[str, int]:
    found = FAMILIES[family][0](WIDER, frame(rows))
    assert found is not None
    return {rule: violation.count for rule, violation in found.violations.items()}


def first(rows: list[Row], kind: str) -> Row:
    """The first record of a kind that is about a dossier or document of the country."""
    return next(each for each in rows if each["kind"] == kind)


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_is_broken_where_everything_is_where_it_must_be(family: str) -> None:
    reconcile, _, owed = FAMILIES[family]
    found = reconcile(WIDER, frame(country()))
    assert found is not None
    assert (found.owed, found.violations) == (owed, {})


@pytest.mark.parametrize("family", FAMILIES)
def test_a_country_without_the_system_owes_nothing(family: str) -> None:
    assert FAMILIES[family][0](PLAN, frame(country())) is None


@pytest.mark.parametrize("family", FAMILIES)
def test_what_was_acknowledged_and_not_kept_is_missing(family: str) -> None:
    rows, kind = country(), FAMILIES[family][1]
    rows.remove(gone := first(rows, kind))
    found = FAMILIES[family][0](WIDER, frame(rows))
    assert found is not None
    assert {rule: violation.count for rule, violation in found.violations.items()} == {"missing": 1}
    name = gone["dossier"] or gone["record"]
    assert name in found.violations["missing"].examples[gone["province"]]


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_kept_twice_is_doubled(family: str) -> None:
    rows, kind = country(), FAMILIES[family][1]
    rows.append({**first(rows, kind)})
    assert broken(family, rows) == {"doubled": 1}


@pytest.mark.parametrize(
    ("family", "change"),
    [
        ("registrations", {"province": "79"}),
        ("registrations", {"commune": "00002"}),
        ("signatures", {"commune": "79"}),
        ("returns", {"province": "79"}),
        ("events", {"province": "79"}),
        ("replicas", {"digest": "other"}),
        ("replicas", {"status": 9}),
        ("replicas", {"history": "1,2"}),
        ("replicas", {"files": 0}),
        ("settlements", {"amount": 1}),
        ("settlements", {"dossier": NOT_POSTED}),
        ("documents", {"digest": "other"}),
        ("figures", {"history": "3,1,2,0"}),
    ],
    ids=lambda case: case if isinstance(case, str) else next(iter(case)),
)
def test_what_says_something_else_differs(family: str, change: Row) -> None:
    rows = country()
    first(rows, FAMILIES[family][1]).update(change)
    assert broken(family, rows) == {"differing": 1}


@pytest.mark.parametrize(
    ("family", "stray"),
    [
        ("registrations", row("civil-status", "registration", "x", dossier=NOT_POSTED, commune="00001")),
        ("returns", row("postal", "postal-order", "x", dossier=NOT_POSTED)),
        ("events", row("emc", "event", "x", dossier=POSTED, status=7)),
        ("replicas", row("national-data-centre", "replica", "x", dossier="x")),
        ("settlements", row("treasury", "settlement", "x")),
        ("documents", row("documents-01", "document-received", "VB-2", history="delivered")),
        ("documents", row("document-axis", "document", "VB-9", history="delivered")),
        ("figures", row("reporting", "figures", "04/20250701", history="0,0,0,0", province="04")),
    ],
    ids=lambda case: case if isinstance(case, str) else case["system"],
)
def test_what_nobody_asked_for_is_uncalled(family: str, stray: Row) -> None:
    assert broken(family, [*country(), stray]) == {"uncalled": 1}


def test_a_refused_dossier_is_owed_neither_a_registration_nor_a_signature() -> None:
    rows = [dossier(POSTED, history="1,3", status=3)]
    for family in ("registrations", "signatures", "returns"):
        found = FAMILIES[family][0](WIDER, frame(rows))
        assert found is not None
        assert (found.owed, found.violations) == (0, {})


@given(gone=st.sets(st.integers(0, 14)))
def test_each_event_that_is_gone_is_counted(gone: set[int]) -> None:
    rows = country()
    events = [each for each in rows if each["kind"] == "event"]
    left = [each for each in rows if each["kind"] != "event" or events.index(each) not in gone]
    assert broken("events", left) == ({"missing": len(gone)} if gone else {})


# -- the checks ------------------------------------------------------------------------------------


def judged(run: Night, tmp_path: Path, check: Check, rows: list[Row]) -> list[Finding]:
    run.plan["systems"] += [{"name": name, "kind": name, "province": ""} for name in SYSTEMS]
    run.plan["dues"] = msgspec.to_builtins(DUES)
    run.stored = rows
    return check.findings(evidence_of(run.write(tmp_path / "run")))


def test_a_kept_family_is_met(run: Night, tmp_path: Path) -> None:
    found = judged(run, tmp_path, checks.SIGNATURES, country())
    assert [each.outcome for each in found] == ["met"]
    assert "All 2 signatures" in plain(found[0].explanation.en)


def test_a_lost_signature_is_missed_and_named(run: Night, tmp_path: Path) -> None:
    rows = country()
    rows.remove(first(rows, "signature"))
    (found,) = judged(run, tmp_path, checks.SIGNATURES, rows)
    assert found.outcome == "missed"
    assert found.where == ["signatures"]
    assert POSTED in found.explanation.en


def test_missing_records_are_late_and_not_lost_before_all_is_at_rest(run: Night, tmp_path: Path) -> None:
    rows = country()
    rows.remove(first(rows, "signature"))
    run.run.update(drained=False, backlog={"case-01": 1})
    (found,) = judged(run, tmp_path, checks.SIGNATURES, rows)
    assert found.outcome == "inconclusive"


def test_old_figures_are_late_and_not_wrong_before_all_is_at_rest(run: Night, tmp_path: Path) -> None:
    rows = country()
    first(rows, "figures")["history"] = "3,1,2,0"
    run.plan["links"] += TOLD
    (found,) = judged(run, tmp_path, checks.FIGURES, rows)
    assert (found.outcome, found.where) == ("missed", ["ioc"])
    run.run.update(drained=False, backlog={"case-01": 1})
    (found,) = checks.FIGURES.findings(evidence_of(run.write(tmp_path / "earlier")))
    assert found.outcome == "inconclusive"


@pytest.mark.parametrize(
    ("history", "status", "shown"),
    [("1,2", 2, "3,1,2,0"), ("1,3", 3, "3,0,2,1"), ("1,2,4,9", 9, "3,0,3,0"), ("1,2,4,8", 8, "3,0,2,1")],
)
def test_figures_follow_from_the_newest_statuses(history: str, status: int, shown: str) -> None:
    rows = [each for each in country() if each["kind"] != "figures"]
    first(rows, "dossier").update(history=history, status=status)
    rows += [row(system, "figures", "01", history=shown) for system in ("ioc", "reporting")]
    assert broken("figures", rows) == {}


def test_a_monitoring_system_that_shows_nothing_is_inconclusive(run: Night, tmp_path: Path) -> None:
    rows = [each for each in country() if each["kind"] not in ("event", "figures")]
    run.plan["links"] += TOLD
    (found,) = judged(run, tmp_path, checks.EVENTS, rows)
    assert found.outcome == "inconclusive"
    (found,) = checks.FIGURES.findings(evidence_of(run.write(tmp_path / "again")))
    assert found.outcome == "inconclusive"
    assert "let none be read" in found.explanation.en


def test_a_run_that_gave_no_cause_for_a_record_has_no_finding(run: Night, tmp_path: Path) -> None:
    assert judged(run, tmp_path, checks.RETURNS, [dossier(NOT_POSTED)]) == []


def test_the_way_of_a_dossier_alone_has_no_finding(evidence: Evidence) -> None:
    every = (checks.REGISTRATIONS, checks.SIGNATURES, checks.RETURNS, checks.EVENTS, checks.SETTLEMENTS,
             checks.DOCUMENTS, checks.FIGURES, checks.REPLICAS)  # fmt: skip
    assert [found for check in every for found in check.findings(evidence)] == []
