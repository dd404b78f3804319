"""``rehearse explore``: its options, its exit codes, and what it leaves."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from rehearsal.cli import guarded
from rehearsal.explore import command as module
from rehearsal.explore.command import command
from rehearsal.explore.thinning import Schedule
from reports.explore.model import Capacity, Exploration, Point, Probe
from reports.text import Text
from tests.rehearsal.bad_scenarios import GOOD
from tests.rehearsal.explore.countries import Country


@pytest.fixture
def country(monkeypatch: pytest.MonkeyPatch) -> Country:
    """What all probes look at; nothing real is played."""
    simulated = Country(1.2)

    class ProbePlayer:
        def __init__(self, schedule: Schedule, *_: object, **__: object) -> None:
            self.rate = schedule.sessions_per_second

        def probe(self, point: Point) -> Probe:
            return Probe(point, simulated(point), Text("vì", "because"), None, "", 1, 1.0)

        def capacity(self, _probe: Probe) -> Capacity | None:
            return None

    monkeypatch.setattr(module, "ProbePlayer", ProbePlayer)
    monkeypatch.setattr(module, "render", lambda _: None)
    return simulated


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "evening.toml"
    path.write_text(GOOD)
    return path


def explore(file: Path, *options: str, fault: str = "vneid-slow") -> int:
    chosen = ["--fault", fault] if fault else []
    return guarded(command, [str(file), "--runs", str(file.parent / "runs"), *chosen, *options])


def found(file: Path) -> Exploration:
    path = file.parent / "runs" / "explore" / "evening" / "explore.json"
    return msgspec.json.decode(path.read_bytes(), type=Exploration)


def test_a_boundary_that_is_found_is_exit_code_1(
    file: Path, country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explore(file) == 1
    out = capsys.readouterr().out
    assert "is enough: service does not come back although the cause is gone" in out
    assert "restart it" in out
    assert found(file).outcome == "found"


def test_none_found_is_exit_code_0(file: Path, country: Country, capsys: pytest.CaptureFixture[str]) -> None:
    country.at_full_load = 1e6
    assert explore(file) == 0
    assert "None found up to a load of 21.4 sessions/s (100\u202f%) and a trigger of 10.00 s." in (
        capsys.readouterr().out
    )


def test_what_cannot_be_known_is_exit_code_3(file: Path, country: Country) -> None:
    country.dark = lambda _: True
    assert explore(file) == 3


def test_limits_may_be_given_in_sessions_per_second(file: Path, country: Country) -> None:
    options = ["--from-load", "4/s", "--to-load", "40/s", "--to-trigger", "20s", "--recover-within", "3s"]
    assert explore(file, *options) == 1
    limits = found(file).limits
    assert (limits.least_load, limits.most_load) == (0.187, 1.87)
    assert (limits.longest, limits.shortest, limits.recover_within) == (20.0, 0.625, 3.0)
    assert country.asked[0] == Point(1.87, 20.0)


def test_what_was_probed_is_not_probed_again_unless_afresh(file: Path, country: Country) -> None:
    explore(file)
    first = len(country.asked)
    explore(file)
    assert len(country.asked) == first
    explore(file, "--fresh")
    assert len(country.asked) == 2 * first


@pytest.mark.parametrize(
    ("options", "fault", "words"),
    [
        ([], "", "--fault: name the trigger, one of vneid-slow, north-cut"),
        ([], "vneid-slwo", 'did you mean "vneid-slow"?'),
        (["--to-load", "much"], "vneid-slow", "legal is a share of the scenario's highest rate"),
        (["--to-load", "-1"], "vneid-slow", "legal is a share"),
        (["--to-trigger", "long"], "vneid-slow", 'legal is a duration such as "800ms"'),
        (["--from-trigger", "20s"], "vneid-slow", "--from-trigger 20 s: must be shorter than the longest"),
        (["--from-load", "2"], "vneid-slow", "--from-load 2: must be lower than the highest"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_is_legal(
    file: Path,
    country: Country,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    fault: str,
    words: str,
) -> None:
    assert explore(file, *options, fault=fault) == 2
    assert words in capsys.readouterr().err
    assert country.asked == []


def test_a_scenario_without_faults_has_no_trigger(
    tmp_path: Path, country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    head, _, rest = GOOD.partition("[[faults]]")
    file = tmp_path / "evening.toml"
    file.write_text(head + rest[rest.index("[systems.vneid]") :])
    assert explore(file, fault="") == 2
    assert "has no [[faults]]" in capsys.readouterr().err


def test_the_shipped_scenarios_differ_in_the_portals_retries_alone() -> None:
    from rehearsal.plan import make_plan
    from rehearsal.scenario import load

    hasty, prepared = (make_plan(load(name), 1).plan for name in ("metastable", "metastable-prepared"))
    changed = {
        each.name: (each.defects, other.defects)
        for each, other in zip(hasty.systems, prepared.systems, strict=True)
        if each != other
    }
    assert changed == {"national-portal": (("unbounded-retries",), ())}
    assert hasty.faults == prepared.faults
    assert hasty.arrivals == prepared.arrivals
