"""Several runs put together: percentiles of all samples, and intervals that know how much runs differ."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from reports.__main__ import main
from reports.blocks import Blocks, Floats, Timeline
from reports.errors import RunFolderError
from reports.histograms import encode
from reports.intervals import LEVELS, Interval, quantiles
from reports.merging import pooled

Report = dict[str, Any]
N = 4_000


def _samples(seed: int, factor: float = 1.0) -> Floats:
    return np.asarray(np.random.default_rng(seed).lognormal(-3, 1, N) * factor)


def _report(values: Floats) -> Report:
    """What ``report.json`` says of a run whose only step took so long."""
    blocks = Blocks(np.linspace(0, 40, len(values), endpoint=False), Timeline(0, 40))
    names = ("p50_interval", "p95_interval", "p99_interval", "p999_interval")
    intervals = quantiles(values, blocks, LEVELS)
    step = {"name": "submit", **dict(zip(names, map(msgspec.to_builtins, intervals), strict=True))}
    return {
        "format": 1, "outcome": "met", "scenario": {"name": "our-night"}, "steps": [step],
        "histograms": {"submit": encode(values)},
    }  # fmt: skip


def _write(folder: Path, report: Report) -> Path:
    folder.mkdir()
    (folder / "report.json").write_bytes(msgspec.json.encode(report))
    return folder


def _width(interval: Interval) -> float:
    assert interval.low is not None, interval
    assert interval.high is not None
    return interval.high - interval.low


def test_one_run_alone_says_what_its_report_says(tmp_path: Path) -> None:
    report = _report(_samples(1))
    (step,) = pooled([_write(tmp_path / "a", report)])
    said = msgspec.convert(report["steps"][0]["p95_interval"], Interval)
    assert (step.step, step.runs, step.count) == ("submit", 1, N)
    assert step.p95.estimate == pytest.approx(said.estimate, rel=1e-3)
    assert step.p95.low == pytest.approx(said.low, rel=2e-3)
    assert step.p95.high == pytest.approx(said.high, rel=2e-3)
    assert step.p95.effective == pytest.approx(said.effective)


def test_the_pooled_percentile_is_that_of_all_samples(tmp_path: Path) -> None:
    parts = [_samples(seed) for seed in range(4)]
    (step,) = pooled([_write(tmp_path / str(place), _report(part)) for place, part in enumerate(parts)])
    assert step.count == 4 * N
    assert step.p99.estimate == pytest.approx(
        np.quantile(np.concatenate(parts), 0.99, method="higher"), rel=1e-3
    )


def test_runs_that_differ_make_the_interval_wider_than_each_of_their_own(tmp_path: Path) -> None:
    alike = [_write(tmp_path / f"a{seed}", _report(_samples(seed))) for seed in range(8)]
    apart = [_write(tmp_path / f"b{seed}", _report(_samples(seed, 1 + 0.3 * seed))) for seed in range(8)]
    (same,), (different,), (alone,) = pooled(alike), pooled(apart), pooled(alike[:1])
    assert _width(same.p50) < _width(alone.p50)
    assert _width(different.p50) > 3 * _width(alone.p50)
    assert different.p50.effective < N / 10


@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_pooled_intervals_hold_the_truth_whether_or_not_runs_differ(tmp_path: Path, spread: float) -> None:
    """Five runs whose median varies by so much (standard deviation of its logarithm).

    The truth is that of the mixture of lognormals, whose median is 1.
    """
    held, repeats = 0, 60
    for repeat in range(repeats):
        rng = np.random.default_rng(repeat)
        folders = []
        for run in range(5):
            values = rng.lognormal(rng.normal(0, spread), 1, 400)
            folders.append(_write(tmp_path / f"{repeat}-{run}", _report(values)))
        (step,) = pooled(folders)
        assert step.p50.low is not None
        assert step.p50.high is not None
        held += step.p50.low <= 1.0 <= step.p50.high
    assert held / repeats >= 0.93


def test_a_constant_time_is_kept_to_three_digits(tmp_path: Path) -> None:
    (step,) = pooled([_write(tmp_path / name, _report(np.full(400, 1.049))) for name in "ab"])
    assert step.p99.estimate == pytest.approx(1.049, rel=0.5e-3)
    assert step.p99.low is not None
    assert step.p99.low > 1.0


def test_steps_that_only_some_runs_have(tmp_path: Path) -> None:
    first, second = _report(_samples(1)), _report(_samples(2))
    second["steps"].append({**second["steps"][0], "name": "pay"})
    second["histograms"]["pay"] = second["histograms"]["submit"]
    told = pooled([_write(tmp_path / "a", first), _write(tmp_path / "b", second)])
    assert [(step.step, step.runs) for step in told] == [("pay", 1), ("submit", 2)]


def _other_scenario(report: Report) -> None:
    report["scenario"]["name"] = "their-night"


def _no_histogram(report: Report) -> None:
    report["histograms"].clear()


def _damaged(report: Report) -> None:
    report["histograms"]["submit"] = "HIST"


def _old(report: Report) -> None:
    report["format"] = 0


def _no_steps(report: Report) -> None:
    del report["steps"]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_other_scenario, "a run of 'their-night'"),
        (_no_histogram, "no histogram of 'submit'"),
        (_damaged, "histograms"),
        (_old, "format is 0; this version reads 1"),
        (_no_steps, "steps"),
    ],
)
def test_reports_that_cannot_be_put_together(
    tmp_path: Path, damage: Callable[[Report], None], words: str
) -> None:
    report = _report(_samples(2))
    damage(report)
    good, bad = _write(tmp_path / "good", _report(_samples(1))), _write(tmp_path / "bad", report)
    with pytest.raises(RunFolderError, match=words) as caught:
        pooled([good, bad])
    assert str(bad) in str(caught.value)


def test_a_run_counts_once(tmp_path: Path) -> None:
    folder = _write(tmp_path / "a", _report(_samples(1)))
    with pytest.raises(RunFolderError, match="the same run"):
        pooled([folder, tmp_path / "." / "a"])


def test_the_command_prints_a_table(tmp_path: Path) -> None:
    folders = [str(_write(tmp_path / str(seed), _report(_samples(seed)))) for seed in range(3)]
    ended = CliRunner().invoke(main, ["percentiles", *folders])
    assert ended.exit_code == 0, ended.output
    heads, row = ended.output.splitlines()
    assert heads.split() == ["step", "runs", "requests", "p50", "p95", "p99", "p99.9"]
    cells = re.split(" {2,}", row.replace("\u202f", " "))
    assert cells[:3] == ["submit", "3", "12 000"]
    assert re.fullmatch(r"[\d.]+ ms \([\d.]+–[\d.]+ ms\)", cells[3])
    assert len(cells) == 7


def test_the_command_ends_with_2_where_a_report_is_missing(tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, ["percentiles", str(tmp_path)])
    assert ended.exit_code == 2
    assert ended.stderr.splitlines() == [
        f"error: {tmp_path}: report.json is missing; `python -m reports {tmp_path}` writes it"
    ]
