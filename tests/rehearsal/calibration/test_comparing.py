"""Samples and truth are paired by their span, and what the generator added is found to the nanosecond."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mocks.capacity import ServiceTime
from rehearsal.calibration.comparing import QUANTILES, accuracies, compare
from rehearsal.errors import EvidenceError
from reports.journal import PULSE, RECEIVED, SAMPLES
from reports.journal_writer import StreamWriter

MS = 1_000_000
SERVICE = ServiceTime("exponential", 0.010)


def write(folder: Path, count: int, added: int, *, unanswered: int = 0) -> None:
    """``count`` requests, one per ms, served for 1, 2, 3, ... ms, sent 3 ms late, seen ``added`` ns too long.

    The stub's journal is in the order of its answers, which is another than that of the samples.
    """
    with StreamWriter(folder / "samples.0.arrows", SAMPLES) as samples:
        for n in range(count):
            planned, status = n * MS, 0 if n < unanswered else 200
            sent = planned + 3 * MS
            done = sent + (n + 1) * MS + added
            instants = (planned, sent, done, status)
            samples.append(n, "get", "get", "01", "link", 1, *instants, "ok", "", 1, 1, "t", f"s{n}")
    with StreamWriter(folder / "received.stub.1.arrows", RECEIVED) as received:
        for n in reversed(range(unanswered, count)):
            at = (n + 3) * MS + 1000
            row = ("stub", "GET", "citizens", at, at + (n + 1) * MS, 0, (n + 1) * 1000, 200, "", "t", f"s{n}")
            received.append(*row)


def test_the_bias_is_what_the_generator_added(tmp_path: Path) -> None:
    write(tmp_path, 1000, added=250_000)
    compared = compare(tmp_path)
    assert compared.sent == len(compared.measured) == 1000
    assert compared.lag == pytest.approx(0.003)
    assert compared.measured - compared.true == pytest.approx(0.000250)
    assert compared.tardiness == pytest.approx(0.0)
    table = accuracies(compared, SERVICE)
    assert [each.quantile for each in table] == list(QUANTILES)
    for each in table:
        assert each.bias == pytest.approx(0.000250)
        assert (
            each.true
            == each.drawn
            == pytest.approx(float(np.quantile(np.arange(1, 1001), each.quantile)) / 1e3)
        )
        assert each.error == each.measured - each.analytic


def test_the_warm_up_does_not_count_and_what_was_not_answered_neither(tmp_path: Path) -> None:
    write(tmp_path, 100, added=0, unanswered=70)
    assert len(compare(tmp_path).true) == 30
    after = compare(tmp_path, warm_up=0.090)
    assert (len(after.true), len(after.lag), after.sent) == (10, 10, 100)


def test_the_share_without_a_processor_is_told(tmp_path: Path) -> None:
    write(tmp_path, 10, added=0)
    assert compare(tmp_path).starved == 0.0, "no pulse, no claim"
    with StreamWriter(tmp_path / "pulse.worker-0.arrows", PULSE) as pulse:
        for n in range(20):
            pulse.append("worker-0", n * 50 * MS, 0, 0, 0, n * 10 * MS, 0, 0)
    assert compare(tmp_path).starved == pytest.approx(0.2)


@pytest.mark.parametrize("count", [0, 5], ids=["no journals", "nobody answered"])
def test_a_trial_without_an_answer_is_no_evidence(tmp_path: Path, count: int) -> None:
    if count:
        write(tmp_path, count, added=0, unanswered=count)
    with pytest.raises(EvidenceError, match="no request of the trial was answered"):
        compare(tmp_path)
