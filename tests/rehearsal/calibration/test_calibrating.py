"""The whole calibration against trials that were not played: a generator whose limit is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.calibration import calibrating
from rehearsal.calibration.comparing import Accuracy
from rehearsal.calibration.record import Calibration
from rehearsal.calibration.staircase import Stair
from rehearsal.errors import EvidenceError
from rehearsal.trials.trial import Trial

ACCURACY = [Accuracy(0.5, 0.003, 0.003, 0.003, 0.003)]


async def calibrated(
    folder: Path, monkeypatch: pytest.MonkeyPatch, limit: float, **broken: float
) -> tuple[Calibration, list[str]]:
    """Against a generator that is honest up to ``limit``; a stair above it shows ``broken``."""
    said: list[str] = []

    async def conduct(trial: Trial, folder: Path) -> Path:
        return folder

    async def accuracy(folder: Path, say: object) -> list[Accuracy]:
        return ACCURACY

    def seen(folder: Path, trial: Trial) -> Stair:
        honest = trial.rate <= limit
        told = {} if honest else broken
        return Stair(trial.rate, 100, 100, 0.001 if honest else 0.050, 0.023, 0.023, **told)

    monkeypatch.setattr(calibrating, "conduct", conduct)
    monkeypatch.setattr(calibrating, "_accuracy", accuracy)
    monkeypatch.setattr(calibrating, "seen", seen)
    return await calibrating.calibrate(folder, 2.0, say=said.append), said


async def test_the_limit_is_found_and_what_broke_above_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, said = await calibrated(tmp_path, monkeypatch, limit=4500)
    assert 4500 / 1.15 < result.requests_per_second <= 4500
    assert result.limit == "requests were sent late: p99 50 ms (limit 20 ms)"
    assert not result.at_least
    assert result.accuracy == ACCURACY
    assert [f"{stair.rate:6,.0f}" for stair in result.stairs] == [line[:6] for line in said]


async def test_a_stub_that_gave_way_first_makes_it_a_lower_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, _ = await calibrated(tmp_path, monkeypatch, limit=4500, tardiness_p99=0.1)
    assert result.at_least
    assert result.limit.startswith(
        "the stub lacked the CPU (it answered late: p99 100 ms); requests were sent"
    )


async def test_a_busy_machine_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result, said = await calibrated(tmp_path, monkeypatch, limit=4500, starved=0.4)
    assert "had no processor for 40% of the time" in result.limit
    assert any(line.endswith("without a processor for 40% of the time") for line in said)


async def test_a_generator_without_a_limit_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, _ = await calibrated(tmp_path, monkeypatch, limit=1e9)
    assert (result.requests_per_second, result.at_least, result.limit) == (64_000, True, "nothing was tried")


async def test_a_machine_on_which_nothing_is_honest_is_no_calibration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EvidenceError, match="honest at no rate on this machine"):
        await calibrated(tmp_path, monkeypatch, limit=0)
