"""What samples show about the content of answers: each check finds what it is there for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.checks import answers, stopping
from reports.checks.base import Check
from reports.finding import Finding
from tests.reports.conftest import evidence_of
from tests.reports.factory import Night, ns
from tests.reports.instruments import Instruments

PORTAL, OLD = "citizens--national-portal", "citizens--portal-15"


def answer(
    run: Night, step: str, at: float, *, link: str = PORTAL, status: int = 200, error: str = "",
    of: tuple[int, str] | None = None,
) -> tuple[int, str]:  # fmt: skip
    """One answer to a visitor; gives the visitor, who may ask again."""
    visitor = of or run.arrive(at, "submit-dossier", "15")
    run.request(
        visitor, step, link, at, 0.02, status=status, outcome="failed" if error else "ok", error=error
    )
    return visitor


def signed_in(run: Night, *, then: int = 200, error: str = "") -> None:
    visitor = answer(run, "callback", -3, status=303)
    answer(run, "form", 3, status=then, error=error, of=visitor)


def nothing(_run: Night) -> None:
    """An ordinary night."""


def then(step: str, at: float = 2.0, **how: Any) -> Callable[[Night], Any]:
    """One more answer in the night."""
    return lambda run: answer(run, step, at, **how)


def a_stranger(run: Night) -> None:
    signed_in(run)
    answer(run, "form", 4, status=401, error="http-401")


DENIED: dict[str, Any] = {"status": 404, "error": "http-404"}
SENT_ON: dict[str, Any] = {"link": OLD, "status": 308}
REFUSED: dict[str, Any] = {"link": OLD, "status": 410}

CASES: dict[tuple[Check, str], tuple[Callable[[Night], Any], str, str]] = {
    # what happens, the outcome of the check ("" where it says nothing), words of its explanation
    (answers.SESSIONS, "nobody signs in"): (nothing, "", ""),
    (answers.SESSIONS, "kept over T0"): (signed_in, "met", "None of 1 sessions"),
    (answers.SESSIONS, "forgotten"): (
        lambda run: signed_in(run, then=401, error="http-401"),
        "missed",
        "1 of 1 sessions",
    ),
    (answers.SESSIONS, "who never signed in lost no session"): (a_stranger, "met", "None of 1 sessions"),
    (answers.DEEP_LINKS, "nobody is sent on"): (nothing, "", ""),
    (answers.DEEP_LINKS, "kept"): (then("old-portal", **SENT_ON), "met", "All 1"),
    (answers.DEEP_LINKS, "bent"): (
        then("old-portal", error="wrong-deep-link", **SENT_ON),
        "missed",
        "1 redirects lost the page that was asked for. Steps: old-portal. Systems: portal-15 (1).",
    ),
    (answers.NOT_FOUND, "found"): (then("form"), "met", "None of"),
    (answers.NOT_FOUND, "denied"): (then("form", **DENIED), "missed", '1 requests were answered "does not'),
    (answers.NOT_FOUND, "what was handed in is the ledger's"): (then("track", **DENIED), "met", "None of"),
    (answers.NOT_FOUND, "refused by intent"): (
        then("refused-closed-procedure", status=404),
        "met",
        "None of",
    ),
    (answers.UNTIL_T0, "served"): (then("home", -2, link=OLD), "met", "were served"),
    (answers.UNTIL_T0, "closed early"): (
        then("home", -2, error="wrong-closed-early", **SENT_ON),
        "missed",
        "1 requests before T0",
    ),
    (answers.EXPLAINED, "nobody is refused"): (nothing, "", ""),
    (answers.EXPLAINED, "explained"): (then("refused-at-closed-portal", **REFUSED), "met", "All 1"),
    (answers.EXPLAINED, "without words"): (
        then("refused-at-closed-portal", error="wrong-refusal-text", **REFUSED),
        "missed",
        "1 of 1 refusals",
    ),
    (answers.OWN_DATA, "own"): (then("form"), "met", "All 1"),
    (answers.OWN_DATA, "somebody else's"): (
        then("form", error="wrong-person"),
        "missed",
        "1 answers showed somebody else's data",
    ),
    (answers.RIGHT, "right"): (nothing, "met", "were what their statuses promised"),
    (answers.RIGHT, "an error page with status 200"): (
        then("search", error="wrong-json"),
        "missed",
        "1 answers had a wrong content: wrong-json × 1",
    ),
    (answers.RIGHT, "what another check names is not told twice"): (
        then("form", error="wrong-person"),
        "met",
        "were what",
    ),
}


def findings(run: Night, folder: Path, check: Check) -> list[Finding]:
    return check.findings(evidence_of(run.write(folder)))


@pytest.mark.parametrize(
    ("check", "happens", "outcome", "words"),
    [(check, *case) for (check, _), case in CASES.items()],
    ids=[f"{check.name}: {name}" for check, name in CASES],
)
def test_each_check_of_answers(
    run: Night, tmp_path: Path, check: Check, happens: Callable[[Night], Any], outcome: str, words: str
) -> None:
    happens(run)
    found = findings(run, tmp_path, check)
    assert [finding.outcome for finding in found] == ([outcome] if outcome else [])
    for finding in found:
        assert words in finding.explanation.en
        assert finding.explanation.vi


def says_not_found(run: Night, start: float, end: float) -> None:
    """The rehearsal itself lets the portal say so, for a while."""
    fault = {**run.plan["faults"][1], "name": "no", "kind": "says-not-found", "links": [PORTAL]}
    run.plan["faults"].append({**fault, "start": start, "end": end, "place": "system"})
    run.events.append({"at": ns(start), "event": "fault-applied", "fault": "no", "links": [PORTAL]})
    run.events.append(
        {"at": ns(end), "event": "fault-healed", "fault": "no", "links": [PORTAL], "proved": [PORTAL]}
    )


@pytest.mark.parametrize(("at", "outcome"), [(29.0, "met"), (33.0, "missed")])
def test_what_a_fault_said_is_not_the_countrys_word(
    run: Night, tmp_path: Path, at: float, outcome: str
) -> None:
    says_not_found(run, 28, 31)
    answer(run, "form", at, status=404, error="http-404")
    assert [finding.outcome for finding in findings(run, tmp_path, answers.NOT_FOUND)] == [outcome]


def stop(run: Night, at: float, condition: str = "ledger") -> None:
    """The run as it would be if a stop condition had ended it at that second."""
    run.run.update(ended="stopped", reason="dossier 7 is gone", stopped_at=ns(at))
    run.plan["stop"] = {"ledger_breach": True, "error_budget": None, "bad_answers_allowed": 0}
    run.events.append(
        {"at": ns(at), "event": "stopped", "condition": condition, "reason": "dossier 7 is gone"}
    )
    late = {row["arrival"] for row in run.arrivals if row["planned"] >= round(at * 1e9)}
    run.samples = [row for row in run.samples if row["arrival"] not in late]
    gone = {row["intent"] for row in run.intents if row.get("arrival") in late}
    run.intents = [row for row in run.intents if row["intent"] not in gone]
    run.stored = [row for row in run.stored if row["intent"] not in gone]


def without_the_late(told: Instruments) -> None:
    told.visits = [row for row in told.visits if row["at"] < ns(20.0)]


def test_a_run_that_was_stopped_is_missed_and_what_came_before_is_judged(
    run: Night, judge: Callable[..., Any]
) -> None:
    stop(run, 20.0)
    run.tampered.append(without_the_late)
    verdict = judge(run)
    unmet = {f.name for f in verdict.validity.findings if f.outcome != "met"}
    assert unmet == set()
    assert verdict.outcome == "missed"
    assert [f.name for f in verdict.findings if f.outcome == "missed"] == ["not-stopped"]
    told = next(f for f in verdict.findings if f.name == "not-stopped").explanation.en
    assert told == "Stopped at T0+20 s: the ledger was breached (dossier 7 is gone)."
    assert verdict.making.end == pytest.approx(20.0)


def test_a_plan_without_conditions_says_nothing_of_them(run: Night, tmp_path: Path) -> None:
    assert findings(run, tmp_path, stopping.NOT_STOPPED) == []


def test_a_condition_that_was_not_met_is_told(run: Night, tmp_path: Path) -> None:
    run.plan["stop"] = {"ledger_breach": True}
    assert [f.outcome for f in findings(run, tmp_path, stopping.NOT_STOPPED)] == ["met"]
