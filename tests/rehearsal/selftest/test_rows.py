"""What a run's report says about the defect that was planted, or about the country that had none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from rehearsal.errors import EvidenceError
from rehearsal.selftest.rows import Task, judged, without_verdict
from tests.rehearsal.selftest.examples import CLEAN, planted, row

LOST = "no-dossier-lost"


class Case(NamedTuple):
    task: Task
    findings: dict[str, Iterable[str]]
    conclusive: bool = True
    detected: bool = False
    false_alarm: bool = False
    right: bool = False


CASES = {
    "named rightly": Case(planted(), {"missed": [LOST]}, detected=True, right=True),
    "named rightly, with consequences": Case(
        planted(), {"missed": ["synchronised", LOST]}, detected=True, right=True
    ),
    "seen, but named by nobody": Case(planted(), {"missed": ["synchronised", "slo.any-answer"]}),
    "not seen at all": Case(planted(), {}),
    "named in a run that cannot be believed": Case(
        planted(), {"missed": [LOST], "broken": ["generator-lag"]}, conclusive=False
    ),
    "named by a broken validity alone": Case(planted(), {"broken": [LOST]}, conclusive=False),
    "the right check knows too little": Case(planted(), {"inconclusive": [LOST]}, conclusive=False),
    "an objective, whichever": Case(
        planted("fails-one-in-twenty"), {"missed": ["slo.read"]}, detected=True, right=True
    ),
    "a clean country": Case(CLEAN, {}, right=True),
    "a clean country, and an alarm": Case(CLEAN, {"missed": [LOST]}, false_alarm=True),
    "a clean country that cannot be believed": Case(
        CLEAN, {"missed": [LOST], "broken": ["clocks-agree"]}, conclusive=False
    ),
    "a clean country, of which too little is known": Case(CLEAN, {"inconclusive": [LOST]}, conclusive=False),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_came_of_it(case: Case, tmp_path: Path) -> None:
    found = row(tmp_path, case.task, **case.findings)
    seen = (found.conclusive, found.detected, found.false_alarm, found.as_it_should_be)
    assert seen == (case.conclusive, case.detected, case.false_alarm, case.right)


def test_a_row_tells_what_named_it_what_was_missed_besides_and_why(tmp_path: Path) -> None:
    found = row(tmp_path, planted(), missed=["synchronised", LOST])
    assert (found.defect, found.system, found.expected) == ("loses-acknowledged", "national-portal", (LOST,))
    assert (found.missed, found.named_by, found.broken) == (("synchronised", LOST), (LOST,), ())
    assert found.explanation == "no-dossier-lost is why."
    assert Path(found.folder).parent == tmp_path


def test_what_broke_the_run_is_told_first(tmp_path: Path) -> None:
    found = row(tmp_path, planted(), missed=[LOST], broken=["generator-lag"])
    assert (found.broken, found.explanation) == (("generator-lag",), "generator-lag broke.")


def test_a_run_without_a_report_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"report\.json"):
        judged(CLEAN, tmp_path, seconds=1.0, attempts=1)


def test_a_run_without_a_verdict_is_neither_detected_nor_an_alarm() -> None:
    for task in (CLEAN, planted()):
        found = without_verdict(task, "exit code 4", seconds=3.21, attempts=2)
        assert (found.outcome, found.seconds, found.attempts) == ("failed", 3.2, 2)
        assert not any((found.conclusive, found.detected, found.false_alarm, found.as_it_should_be))
