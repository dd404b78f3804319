"""From attempts to what a person reads, and to what the whole would take."""

from pathlib import Path

import msgspec
import pytest

from rehearsal.errors import EvidenceError
from rehearsal.scaling.attempt import Attempt, read
from rehearsal.scaling.command import search, sentences
from rehearsal.scaling.needs import needs
from rehearsal.scenario import load
from rehearsal.scenario.scaled import scaled


def attempt(scale: float, valid: bool) -> Attempt:
    limits = [] if valid else ["generator-lag"]
    cpu = {"swarm": 0.0001, "mocks": 0.0003}
    told = "" if valid else "It lagged."
    return Attempt(
        scale, "runs/x", valid, "met" if valid else "inconclusive", 760 * scale, round(6000 * scale),
        100, 100, limits, told, cpu, 0.9,
    )  # fmt: skip


def test_a_scale_multiplies_every_rate_and_nothing_else() -> None:
    night = load("closing-night")
    half = scaled(night, 0.5)
    assert [block.factor for block in half.arrivals] == [block.factor / 2 for block in night.arrivals]
    assert half.model_copy(update={"arrivals": night.arrivals}) == night


def test_the_largest_valid_scale_its_limit_and_the_needs_of_the_whole_are_told() -> None:
    said: list[str] = []
    result = search(lambda scale: attempt(scale, scale <= 0.5), 0.4, 1.0, said.append)
    assert result.highest_valid is not None
    assert result.lowest_invalid is not None
    assert result.highest_valid.scale <= 0.5 < result.lowest_invalid.scale
    text = "\n".join(sentences(result))
    assert "Highest scale that is still valid: 0.4" in text
    assert "generator-lag: It lagged." in text
    # 6000 requests/s at 0.4 ms of CPU are 2.4 cores busy, 3.4 at 70 %
    assert "(scale 1, 6000 requests/s) would take 3.4 cores (swarm 0.9, mocks 2.6), 1 swarm workers" in text
    assert len(said) == 2 * len(result.attempts)


def test_no_valid_scale_is_said_so() -> None:
    result = search(lambda scale: attempt(scale, valid=False), 0.4, 1.0, lambda _: None)
    assert result.highest_valid is None
    assert sentences(result)[-1].startswith("No scale was valid")


@pytest.mark.parametrize(
    ("cpu", "rate", "workers", "hosts"),
    [
        ({"swarm": 0.0}, 0.0, 1, 1),
        ({"swarm": 0.001}, 699.0, 1, 1),
        ({"swarm": 0.001, "mocks": 0.001}, 1401.0, 3, 3),
    ],
)
def test_needs(cpu: dict[str, float], rate: float, workers: int, hosts: int) -> None:
    found = needs(cpu, rate, 2)
    assert (found.workers, found.hosts) == (workers, hosts)


def test_a_run_is_read_from_its_reports(tmp_path: Path) -> None:
    finding = {"name": "generator-lag", "outcome": "missed", "explanation": "Late."}
    consequence = {
        "name": "slo.read",
        "outcome": "missed",
        "explanation": "",
        "because_of": ["generator-lag"],
    }
    report = {
        "outcome": "inconclusive",
        "validity": {"outcome": "inconclusive", "findings": [finding]},
        "findings": [consequence],
        "peak_requests_per_second": 900,
        "requests_through_links": 1000,
        "planned": 600,
        "offered": 500,
        "series": {"planned": [0] * 5 + [50] * 10 + [5] * 20},
    }
    (tmp_path / "report.json").write_bytes(msgspec.json.encode(report))
    usage = {"seconds": 10.0, "cpu_seconds": {"swarm": 2.0, "mocks": 8.0}}
    (tmp_path / "run.json").write_bytes(msgspec.json.encode({"usage": usage}))
    found = read(tmp_path, 0.5, cores=2)
    assert (found.valid, found.limits, found.explanation) == (False, ["generator-lag"], "Late.")
    assert found.sessions_per_second == 50
    assert found.cpu_per_request == {"swarm": 0.002, "mocks": 0.008}
    assert found.cpu_share == 0.5


def test_a_run_without_reports_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"report\.json"):
        read(tmp_path, 1.0, cores=2)
