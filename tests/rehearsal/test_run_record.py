"""The run folder: made fresh, always readable, the newest under ``latest``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rehearsal.errors import SetUpError
from rehearsal.run_record import RunFolder, make_folder
from tests.rehearsal.conftest import events

STARTED = datetime(2026, 7, 1, 0, 0, 1, tzinfo=UTC)
LATER = datetime(2026, 7, 1, 0, 0, 2, tzinfo=UTC)


def test_a_folder_is_named_after_scenario_and_start_and_is_the_latest(tmp_path: Path) -> None:
    first = make_folder(tmp_path / "runs", "smoke", STARTED)
    assert first == tmp_path / "runs" / "smoke" / "20260701-000001"
    assert (first / "logs").is_dir()
    latest = tmp_path / "runs" / "latest"
    assert latest.resolve() == first.resolve()
    second = make_folder(tmp_path / "runs", "closing-night", LATER)
    assert latest.resolve() == second.resolve()
    assert latest.readlink() == Path("closing-night/20260701-000002"), "the runs can be moved as a whole"


def test_two_runs_of_the_same_second_have_folders_of_their_own(tmp_path: Path) -> None:
    names = [make_folder(tmp_path, "smoke", STARTED).name for _ in range(3)]
    assert names == ["20260701-000001", "20260701-000001-2", "20260701-000001-3"]


def test_a_place_where_nothing_can_be_made_is_a_set_up_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file stands here")
    with pytest.raises(SetUpError, match=r"runs/smoke/20260701-000001: .*Not a directory.*--runs"):
        make_folder(tmp_path / "runs", "smoke", STARTED)


def read(folder: RunFolder) -> dict[str, object]:
    record: dict[str, object] = json.loads((folder.path / "run.json").read_bytes())
    return record


def test_a_fresh_record_says_that_it_runs_and_on_what(folder: RunFolder) -> None:
    record = read(folder)
    assert (record["format"], record["ended"], record["scenario"]) == (1, "running", "evening")
    assert isinstance(record["machine"], dict)
    assert record["machine"]["cpus"] > 0
    assert isinstance(record["versions"], dict)
    assert {"locust", "pandas", "toxiproxy-python"} <= record["versions"].keys()


def test_a_record_is_written_whole_or_not_at_all(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read(folder)

    def crash(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    folder.record.t0_monotonic_ns = 5
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", crash)
        with pytest.raises(OSError, match="No space"):
            folder.save()
    assert read(folder) == before
    folder.save()
    assert read(folder)["t0_monotonic_ns"] == 5
    assert not list(folder.path.glob("*.new"))


@pytest.mark.parametrize(
    ("ended", "noted"), [("completed", []), ("interrupted", []), ("aborted", [("failed", "because")])]
)
def test_the_record_says_how_a_run_ended(folder: RunFolder, ended: str, noted: list[tuple[str, str]]) -> None:
    folder.end(ended, "because")  # type: ignore[arg-type]  # one of the literals
    assert (read(folder)["ended"], read(folder)["reason"]) == (ended, "because")
    assert [(event["event"], event["reason"]) for event in events(folder)] == noted


def test_events_carry_their_instant_in_order(folder: RunFolder) -> None:
    folder.event("phase", phase="set-up")
    folder.event("phase", phase="load")
    first, second = events(folder)
    assert (first["phase"], second["phase"]) == ("set-up", "load")
    assert first["at"] <= second["at"]


def test_targets_name_where_the_links_begin(folder: RunFolder) -> None:
    folder.targets({"citizens--vneid": "127.0.0.1:10001"})
    assert json.loads((folder.path / "targets.json").read_bytes()) == {
        "links": {"citizens--vneid": "127.0.0.1:10001"}
    }
