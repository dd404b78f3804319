"""A folder that cannot be reported on gives one message: file, place, value, what would be legal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

import reports
from reports.errors import ReportError, RunFolderError
from reports.run import Run
from tests.reports.factory import Night

Damage = Callable[[Path], None]


def _edit(file: str, change: Callable[[Any], object]) -> Damage:
    def damage(folder: Path) -> None:
        content = msgspec.json.decode((folder / file).read_bytes())
        change(content)
        (folder / file).write_bytes(msgspec.json.encode(content))

    return damage


def _write(file: str, content: bytes) -> Damage:
    def damage(folder: Path) -> None:
        (folder / file).write_bytes(content)

    return damage


DAMAGES = [
    pytest.param(lambda f: (f / "plan.json").unlink(), ["plan.json is missing"], id="no-plan"),
    pytest.param(lambda f: (f / "run.json").unlink(), ["run.json is missing"], id="no-run"),
    pytest.param(
        _write("plan.json", b'{"format": 1,'), ["plan.json", "not JSON", "damaged"], id="plan-cut-off"
    ),
    pytest.param(_write("run.json", b""), ["run.json", "not JSON"], id="run-empty"),
    pytest.param(
        _edit("plan.json", lambda p: p["clock"].update(start="soon")),
        ["plan.json", "$.clock.start", "Expected `float`", '"soon"'],
        id="wrong-type",
    ),
    pytest.param(
        _edit("plan.json", lambda p: p["faults"][1].pop("end")),
        ["plan.json", "$.faults[1]", "missing required field `end`", "vneid-slow"],
        id="missing-field",
    ),
    pytest.param(
        _edit("run.json", lambda r: r.update(ended="finished")),
        ["run.json", "$.ended", '"finished"'],
        id="enum",
    ),
    pytest.param(
        _edit("run.json", lambda r: r.update(format=2)), ["run.json: format is 2", "format 1"], id="format"
    ),
    pytest.param(
        _edit("run.json", lambda r: r.update(scenario="other")),
        ["'other'", "'cutover-night'"],
        id="of-two-runs",
    ),
    pytest.param(
        _edit("run.json", lambda r: r.update(t0_monotonic_ns=0)), ["t0_monotonic_ns is 0"], id="no-clock"
    ),
    pytest.param(
        _edit("plan.json", lambda p: p["clock"].update(end=-30)), ["clock", "end -30"], id="ends-first"
    ),
    pytest.param(
        _edit("plan.json", lambda p: p["faults"][0].update(links=["lgsp-01--case-1"])),
        ["fault 'lgsp-01-cut'", "no link 'lgsp-01--case-1'", "nearest legal name is 'lgsp-01--case-01'"],
        id="unknown-link",
    ),
    pytest.param(
        _edit("plan.json", lambda p: p["faults"][0].update(end=4)),
        ["start 4", "not before end 4"],
        id="empty-window",
    ),
    pytest.param(
        _edit("plan.json", lambda p: p["faults"][0].update(colour="red;} body{")),
        ["legal is #rrggbb"],
        id="colour",
    ),
    pytest.param(
        _edit("plan.json", lambda p: p["slos"][0].update(objective=1)), ["objective is 1"], id="objective"
    ),
    pytest.param(_edit("plan.json", lambda p: p["slos"][0].update(within=0)), ["within is 0"], id="within"),
    pytest.param(
        _edit("plan.json", lambda p: p["systems"].append(p["systems"][0])),
        ["'national-portal' appears twice"],
        id="twice",
    ),
    pytest.param(
        _write("events.jsonl", b'{"at": 1, "event": "x"}\nnonsense\n{"at"'),
        ["events.jsonl: line 2"],
        id="event",
    ),
    pytest.param(
        _write("samples.0.arrows", b"nonsense"), ["samples.0.arrows", "Arrow stream"], id="no-stream"
    ),
    pytest.param(_write("stored.arrow", b"nonsense"), ["stored.arrow", "Arrow file"], id="no-table"),
]


@pytest.mark.parametrize(("damage", "words"), DAMAGES)
def test_a_damaged_folder_gives_one_clear_message(
    run: Night, tmp_path: Path, damage: Damage, words: list[str]
) -> None:
    folder = run.write(tmp_path / "run")
    damage(folder)
    with pytest.raises(ReportError) as caught:
        reports.build(folder)
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message, message


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="no such folder"):
        Run.open(tmp_path / "nowhere")


def test_keys_that_the_reports_do_not_know_are_ignored(run: Night, tmp_path: Path) -> None:
    run.plan["weather"] = run.plan["faults"][0]["mood"] = "fine"
    run.run["weather"] = "fine"
    assert Run.open(run.write(tmp_path / "run")).plan.scenario.name == "cutover-night"
