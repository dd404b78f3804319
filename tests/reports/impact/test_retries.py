"""What counts as a second try of a caller, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.impact import hops, retries
from tests.reports.conftest import evidence_of
from tests.reports.factory import Night, ns

LINK = "national-portal--payment"
Again = Callable[[Night], pd.DataFrame]


@pytest.fixture
def again(run: Night, tmp_path: Path) -> Again:
    """The retries of a night whose calls are those of the test only."""
    run.calls.clear()

    def of(run: Night) -> pd.DataFrame:
        return retries(evidence_of(run.write(tmp_path / "run")))

    return of


def _call(
    run: Night, at: float, error: str = "", *, trace: int = 1, attempt: int = 1, link: str = LINK,
    operation: str = "charge", took: float = 0.1,
) -> None:  # fmt: skip
    status = 0 if error in ("connect", "timeout", "breaker-open") else 201
    run.call(link, operation, at, took, f"{trace:032x}", error=error, status=status, reaches=False)
    run.calls[-1]["attempt"] = attempt


def test_what_follows_a_passing_failure_is_a_retry(run: Night, again: Again) -> None:
    _call(run, 1.0, "connect")
    _call(run, 1.5, "http-503")
    _call(run, 2.5)
    found = again(run)
    assert found["nth"].tolist() == [2, 3]
    assert found["pause"].tolist() == pytest.approx([0.4, 0.9])
    assert found["first"].tolist() == pytest.approx([1.0, 1.0])
    assert found["work"].nunique() == 1


CASES = [
    ("what follows a success", [("", 1, "charge"), ("", 1, "charge")]),
    ("what follows a refusal for good", [("http-409", 1, "charge"), ("", 1, "charge")]),
    ("another operation", [("connect", 1, "charge"), ("", 1, "refund")]),
    ("another trace", [("connect", 1, "charge"), ("", 2, "charge")]),
    ("what the breaker kept back", [("connect", 1, "charge"), ("breaker-open", 1, "charge")]),
]


@pytest.mark.parametrize("calls", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_not_a_retry(run: Night, again: Again, calls: list[tuple[str, int, str]]) -> None:
    for number, (error, trace, operation) in enumerate(calls):
        _call(run, 1.0 + number, error, trace=trace, operation=operation)
    assert again(run).empty


def test_what_follows_a_success_is_a_new_piece_of_work(run: Night, again: Again) -> None:
    for at, error in ((1.0, "connect"), (2.0, ""), (3.0, "connect"), (4.0, "")):
        _call(run, at, error)
    found = again(run)
    assert found["nth"].tolist() == [2, 2]
    assert found["first"].tolist() == pytest.approx([1.0, 3.0])
    assert found["work"].nunique() == 2


def test_what_somebody_else_asked_for_again_is_not_the_callers_own(run: Night, again: Again) -> None:
    _call(run, 1.0, "timeout")
    _call(run, 3.0)
    asked = {
        "system": "national-portal", "operation": "pay", "caller": "citizens", "queued_us": 0,
        "service_us": 4000, "status": 200, "key": "", "trace": f"{1:032x}", "parent": "0" * 16,
    }  # fmt: skip
    run.received = [{**asked, "at": ns(at), "done": ns(at + 0.01)} for at in (0.9, 2.9)]
    assert again(run).empty


def test_tries_under_traces_of_their_own_are_known_by_their_number(run: Night, again: Again) -> None:
    link = "case-01--lgsp-01"
    for attempt, (at, error) in enumerate(((1.0, "connect"), (1.2, "connect"), (2.4, "")), start=1):
        _call(run, at, error, trace=attempt, attempt=attempt, link=link)
    _call(run, 1.1, "connect", trace=9, link="case-04--lgsp-04")
    found = again(run)
    assert found["nth"].tolist() == [2, 3]
    assert found["pause"].tolist() == pytest.approx([0.1, 1.1])
    assert found["first"].tolist() == pytest.approx([1.0, 1.0])


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_each_failure_of_a_work_that_goes_on_makes_one_retry(
    run: Night, again: Again, failures: list[int]
) -> None:
    run.calls.clear()
    for work, failed in enumerate(failures, start=1):
        for number in range(failed):
            _call(run, work + 0.15 * number, "connect", trace=work, attempt=number + 1)
        _call(run, work + 0.15 * failed, trace=work, attempt=failed + 1)
    found = again(run)
    assert len(found) == sum(failures)
    assert found["work"].nunique() == sum(1 for failed in failures if failed)


def test_a_hop_counts_its_tries_per_piece_of_work(run: Night, tmp_path: Path) -> None:
    run.calls.clear()
    for work in range(4):
        for number, error in enumerate(("connect", "connect", "")):
            _call(run, 22.5 + 0.3 * work + 0.2 * number, error, trace=work + 1, attempt=number + 1)
    _call(run, 10.0, trace=99)
    evidence = evidence_of(run.write(tmp_path / "run"))
    (hop,) = hops(evidence, evidence.windows[2])
    assert (hop.link, hop.caller, hop.callee, hop.most) == (LINK, "national-portal", "payment", 3)
    assert (hop.during.calls, hop.during.retries, hop.during.works, hop.during.per_work) == (12, 8, 4, 3.0)
    assert (hop.after.calls, hop.after.per_work) == (0, None)


def test_a_work_that_was_begun_before_still_counts_as_one(run: Night, tmp_path: Path) -> None:
    run.calls.clear()
    _call(run, 21.9, "connect", attempt=1, took=0.01)
    _call(run, 22.5, "connect", attempt=2)
    _call(run, 23.5, "", attempt=3)
    evidence = evidence_of(run.write(tmp_path / "run"))
    (hop,) = hops(evidence, evidence.windows[2])
    assert (hop.during.calls, hop.during.works, hop.during.per_work) == (2, 1, 2.0)
