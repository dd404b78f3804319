"""From probe to probe: kept, gone on with, ended by the budget or by the user."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from rehearsal.errors import EvidenceError, Interrupted, SetUpError
from rehearsal.explore.exploring import Record, explore, opened
from rehearsal.explore.thinning import Schedule, schedule
from reports.explore.model import Capacity, Exploration, Limits, Point, Probe
from reports.text import Text
from tests.rehearsal.examples import scenario
from tests.rehearsal.explore.countries import LIMITS, Country


@dataclass
class Probing:
    """Makes probes of a simulated country; raises what it is told to at a certain one."""

    country: Country
    interrupted_at: int = 0
    made: list[Point] = field(default_factory=list)

    def probe(self, point: Point) -> Probe:
        self.made.append(point)
        if len(self.made) == self.interrupted_at:
            raise Interrupted("interrupted; all links are healed")
        return Probe(point, self.country(point), Text("vì thế", "because"), None, "probes/x", 1, 30.0)

    def capacity(self, probe: Probe) -> Capacity | None:
        return Capacity("population", 1.1, probe.point.load)


@pytest.fixture(scope="module")
def whole() -> Schedule:
    evening = scenario()
    return schedule(evening, evening.faults[0], LIMITS, 1)


def record(folder: Path, whole: Schedule, *, limits: Limits = LIMITS, fresh: bool = False) -> Record:
    return opened(folder, whole, limits, fresh=fresh)


def run(kept: Record, probing: Probing, budget: int = 60, heal: bool = True) -> tuple[Exploration, list[str]]:
    said: list[str] = []
    return explore(kept, probing, budget=budget, heal=heal, say=said.append), said


def test_a_whole_exploration(tmp_path: Path, whole: Schedule) -> None:
    probing = Probing(Country(1.2, heals=0.4))
    found, said = run(record(tmp_path, whole), probing)
    assert (found.outcome, found.complete) == ("found", True)
    assert [column.load for column in found.boundary][-1] == 1.0
    assert found.boundary[-1].triggers.estimate == pytest.approx(1.2, rel=0.1)
    assert found.healing is not None
    assert found.healing.loads.estimate == pytest.approx(0.4, rel=0.1)
    assert found.capacity == Capacity("population", 1.1, 1.0)
    assert found.collapse is None  # its folder is not there
    assert len(found.probes) == len(probing.made)
    assert found.seconds == 30.0 * len(probing.made)
    assert said[0].startswith("probe 1 of at most ")
    assert "(21.4 sessions/s), vneid-slow for 10 s" in said[0]
    assert "min left" in said[1]


def test_everything_is_on_disk_after_every_probe(tmp_path: Path, whole: Schedule) -> None:
    with pytest.raises(Interrupted):
        run(record(tmp_path, whole), Probing(Country(1.2), interrupted_at=6))
    kept = msgspec.json.decode((tmp_path / "explore.json").read_bytes(), type=Exploration)
    assert len(kept.probes) == 5
    assert not kept.complete
    assert kept.outcome == "found"
    assert kept.capacity is not None


def test_the_same_exploration_goes_on_where_it_ended(tmp_path: Path, whole: Schedule) -> None:
    with pytest.raises(Interrupted):
        run(record(tmp_path, whole), Probing(Country(1.2), interrupted_at=6))
    probing = Probing(Country(1.2))
    went_on, said = run(record(tmp_path, whole), probing)
    alone, _ = run(record(tmp_path / "b", whole), Probing(Country(1.2)))
    assert went_on == alone
    assert len(probing.made) == len(alone.probes) - 5
    assert said[0].startswith("probe 6 of")


def test_what_was_not_believed_is_tried_again(tmp_path: Path, whole: Schedule) -> None:
    dark = Point(1.0, 10.0)
    run(record(tmp_path, whole), Probing(Country(1.2, dark=lambda point: point == dark)), budget=3)
    kept = record(tmp_path, whole)
    assert dark not in kept.probes
    assert kept.probes


def test_fresh_forgets_and_so_does_another_scenario(tmp_path: Path, whole: Schedule) -> None:
    run(record(tmp_path, whole), Probing(Country(1.2)), budget=4)
    assert len(record(tmp_path, whole).probes) == 4
    assert record(tmp_path, whole, fresh=True).probes == {}
    evening = scenario(("seed = 7", "seed = 8"))
    other = schedule(evening, evening.faults[0], LIMITS, 1)
    assert record(tmp_path, other).probes == {}


def test_finer_limits_go_on_with_the_same_probes(tmp_path: Path, whole: Schedule) -> None:
    run(record(tmp_path, whole), Probing(Country(1.2)))
    finer = msgspec.structs.replace(LIMITS, precision=0.05)
    probing = Probing(Country(1.2))
    found, _ = run(record(tmp_path, whole, limits=finer), probing)
    assert probing.made
    assert len(probing.made) < len(found.probes) / 2
    assert found.boundary[-1].triggers.settled


def test_the_budget_ends_it_with_what_is_known(tmp_path: Path, whole: Schedule) -> None:
    probing = Probing(Country(1.2))
    found, said = run(record(tmp_path, whole), probing, budget=7)
    assert len(probing.made) == 7
    assert (found.outcome, found.complete) == ("found", False)
    assert "spent" in said[-1]


def test_a_file_that_is_no_exploration_is_an_error_that_says_what_helps(
    tmp_path: Path, whole: Schedule
) -> None:
    (tmp_path / "explore.json").write_text('{"format": 1}')
    with pytest.raises(EvidenceError, match=r"explore\.json.*--fresh"):
        record(tmp_path, whole)
    assert record(tmp_path, whole, fresh=True).probes == {}


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path, whole: Schedule) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(SetUpError, match=r"taken/here.*--runs"):
        record(tmp_path / "taken" / "here", whole)
