"""Whether a message that nobody will ever take is named."""

from __future__ import annotations

from pathlib import Path

from reports.checks.set_aside import NOTHING_SET_ASIDE
from reports.evidence import Evidence
from tests.reports.conftest import evidence_of
from tests.reports.factory import Night


def test_without_such_messages_it_is_met(evidence: Evidence) -> None:
    (found,) = NOTHING_SET_ASIDE.findings(evidence)
    assert found.outcome == "met"


def test_messages_that_were_refused_for_good_are_told_by_way_and_reason(run: Night, tmp_path: Path) -> None:
    for number in range(3):
        letter = {"system": "case-01", "kind": "dead-letter", "record": f"M-{number}"}
        run.stored.append({**run.stored[0], **letter, "history": "civil-status: no-such-unit"})
    (found,) = NOTHING_SET_ASIDE.findings(evidence_of(run.write(tmp_path / "run")))
    assert (found.outcome, found.where) == ("missed", ["case-01"])
    assert found.explanation.en == (
        "3 messages were refused for good: case-01 → civil-status: no-such-unit (× 3)."
    )


def test_without_stores_nothing_is_known(nothing: Evidence) -> None:
    (found,) = NOTHING_SET_ASIDE.findings(nothing)
    assert found.outcome == "inconclusive"
