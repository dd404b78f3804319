"""A probe that cannot be believed is made again; one that can is judged."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from rehearsal.conductor import How
from rehearsal.errors import EvidenceError
from rehearsal.explore import playing
from rehearsal.explore.playing import ProbePlayer, played
from rehearsal.explore.thinning import Schedule, schedule
from rehearsal.plan import Plan, Planned
from rehearsal.progress import Progress
from rehearsal.run_record import RunFolder
from reports.explore.model import Limits, Point
from tests.rehearsal.examples import scenario
from tests.rehearsal.explore.folders import write_probe

WITHIN = 4.0
POINT = Point(1.0, 3.0)
GONE = 8.02


@pytest.fixture(scope="module")
def whole() -> Schedule:
    evening = scenario()
    return schedule(evening, evening.faults[0], Limits(0.1, 1.0, 0.5, 6.0, 0.1, 3, WITHIN), 1)


def player(root: Path, whole: Schedule, *runs: Callable[[Path, Planned], Path]) -> ProbePlayer:
    """One whose runs go one after the other as given."""
    numbers, clock = count(), count(0, 40)
    folders = iter(runs)

    def play(planned: Planned) -> Path:
        return next(folders)(root / "probes" / str(next(numbers)), planned)

    return ProbePlayer(whole, WITHIN, root, play, say=lambda _: None, now=lambda: float(next(clock)))


def up(path: Path, planned: Planned) -> Path:
    return write_probe(path, planned, lambda at: not 5 <= at < GONE + 1)


def down(path: Path, planned: Planned) -> Path:
    return write_probe(path, planned, lambda at: at < 5)


def doubtful(path: Path, planned: Planned) -> Path:
    return write_probe(path, planned, lambda at: at < 5, breaches=["mocks-had-cpu"])


def unproved(path: Path, planned: Planned) -> Path:
    return write_probe(path, planned, lambda _: True, proved=False)


def broken(path: Path, planned: Planned) -> Path:
    raise EvidenceError("process mocks country ended in the middle of the run")


def test_a_country_that_comes_back(tmp_path: Path, whole: Schedule) -> None:
    found = player(tmp_path, whole, up).probe(POINT)
    assert (found.state, found.tries, found.folder, found.seconds) == ("recovered", 1, "probes/0", 40.0)
    assert found.after == pytest.approx(9 - GONE)


def test_a_country_that_does_not(tmp_path: Path, whole: Schedule) -> None:
    assert player(tmp_path, whole, down).probe(POINT).state == "stayed-down"


@pytest.mark.parametrize("first", [doubtful, unproved, broken])
def test_what_cannot_be_believed_is_made_once_more(
    tmp_path: Path, whole: Schedule, first: Callable[[Path, Planned], Path]
) -> None:
    found = player(tmp_path, whole, first, down).probe(POINT)
    assert (found.state, found.tries, found.folder) == ("stayed-down", 2, "probes/1")


def test_what_cannot_be_believed_twice_is_not_known_and_says_why(tmp_path: Path, whole: Schedule) -> None:
    found = player(tmp_path, whole, doubtful, doubtful).probe(POINT)
    assert (found.state, found.tries) == ("not-known", 2)
    assert "mocks-had-cpu is broken" in found.reason.en
    assert "mocks-had-cpu" in found.reason.vi


def test_healing_is_judged_from_when_the_load_was_lowered(tmp_path: Path, whole: Schedule) -> None:
    def heals(path: Path, planned: Planned) -> Path:
        return write_probe(path, planned, lambda at: at < 5 or at > 14)

    found = player(tmp_path, whole, heals).probe(Point(1.0, 3.0, 0.5))
    assert found.state == "recovered"
    assert found.after == pytest.approx(14 - 12, abs=1)
    assert player(tmp_path / "b", whole, down).probe(Point(1.0, 3.0, 0.5)).state == "stayed-down"


def test_the_capacity_is_read_from_the_time_before_the_trigger(tmp_path: Path, whole: Schedule) -> None:
    made = player(tmp_path, whole, down)
    found = made.capacity(made.probe(POINT))
    assert found is not None
    assert found.per_visit in (1.0, 2.0)


def test_a_probe_shows_how_far_it_is_while_it_waits_plays_and_is_judged(
    tmp_path: Path, whole: Schedule, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    judged: list[list[str]] = []

    async def conduct(_plan: Plan, _folder: RunFolder, _how: How, *, show: Progress) -> None:
        show.say("waiting for its end")
        show.follow("T0 -3 s of +50")

    def run(command: list[str], **_: object) -> None:
        judged.append(command[1:])

    monkeypatch.setattr(playing, "conduct", conduct)
    monkeypatch.setattr(playing, "subprocess", SimpleNamespace(run=run))
    folder = played(tmp_path, How())(whole.probe(POINT, WITHIN))
    assert judged == [["-m", "reports.explore.validity", str(folder)]]
    told = capsys.readouterr()
    assert told.out == "", "results are told by who asked for the probe"
    assert told.err.splitlines() == [
        "  waiting for its end",
        "  T0 -3 s of +50",
        "  judging whether it can be believed",
    ]
