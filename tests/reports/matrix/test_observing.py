"""What belongs to a cell, and what does not: requests by when they were meant, dossiers by when handed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reports.assemble import verdict
from reports.matrix.files import Cell, Cells, Observed, Seen, SeenCell
from reports.matrix.observing import gathered, observe
from tests.reports.factory import Night, ns

JOURNEYS = ["submit-dossier", "track-dossier"]
LGSP = Cell("lgsp", ["lgsp-01-cut"], 4.0, 9.0, 12.0)
VNEID = Cell("vneid", ["vneid-slow"], 12.0, 17.0, 22.0)
PAYMENT = Cell("payment", ["payment-ack-lost"], 22.0, 26.0, 36.0)
BEFORE = 12.0
"""When the second cell begins."""


def watch(run: Night, folder: Path, *cells: Cell) -> Observed:
    evidence = gathered(run.write(folder / "run"))
    cells = cells or (LGSP, VNEID, PAYMENT)
    return observe(evidence, Cells(JOURNEYS, list(cells)), verdict(evidence).validity.findings)


def of(seen: Observed, cell: str, journey: str = "submit-dossier") -> Seen:
    return next(each for each in named(seen, cell).journeys if each.journey == journey)


def named(seen: Observed, cell: str) -> SeenCell:
    return next(each for each in seen.cells if each.name == cell)


def sample_at(run: Night, at: float, journey: str = "submit-dossier", **more: Any) -> dict[str, Any]:
    """The first sample of a journey that was meant to be sent at ``at`` or later, changed as wished."""
    row = min(
        (each for each in run.samples if each["journey"] == journey and each["planned"] >= ns(at)),
        key=lambda each: int(each["planned"]),
    )
    row.update(more)
    return row


def handed_in(run: Night, start: float, end: float) -> dict[str, Any]:
    """The first dossier that was handed in within the seconds at the national portal, as the ledger keeps
    it."""
    return next(
        row
        for row in run.stored
        if row["system"] == "national-portal" and row["intent"] and ns(start) <= row["at"] < ns(end)
    )


def test_a_calm_run_can_be_believed_and_lost_nothing(run: Night, tmp_path: Path) -> None:
    seen = watch(run, tmp_path)
    assert seen.doubts == []
    assert seen.acknowledged > 200
    assert (seen.lost, seen.doubled, seen.charged_twice) == (0, 0, 0)
    assert seen.uses == [], "it had faults, so it cannot say how things are without"
    for cell in seen.cells:
        assert (cell.applied, cell.healed, cell.unmet, cell.recovered_after) == (True, True, [], 0.0)
        assert cell.met > 0
        for journey in cell.journeys:
            assert journey.requests == journey.right > 0
            assert journey.errors == {}


def test_every_request_of_a_cell_is_counted_once(run: Night, tmp_path: Path) -> None:
    seen = watch(run, tmp_path)
    total = sum(of(seen, cell.name, journey).requests for cell in seen.cells for journey in JOURNEYS)
    planned = [row for row in run.samples if row["journey"] in JOURNEYS]
    inside = [row for row in planned if ns(4.0) <= row["planned"] < ns(36.0)]
    assert total == pytest.approx(len(inside), abs=3)  # those under way at the edges


def test_dossiers_that_had_to_wait_are_late_and_only_in_the_province_that_was_cut(
    run: Night, tmp_path: Path
) -> None:
    seen = watch(run, tmp_path)
    assert of(seen, "lgsp").late > 0
    assert of(seen, "vneid").late == of(seen, "payment").late == 0


def test_what_is_lost_is_lost_in_the_cell_in_which_it_was_handed_in(run: Night, tmp_path: Path) -> None:
    gone = handed_in(run, 13.0, 16.0)["intent"]
    run.stored = [row for row in run.stored if row["intent"] != gone]
    seen = watch(run, tmp_path)
    assert (of(seen, "vneid").lost, seen.lost) == (1, 1)
    assert of(seen, "lgsp").lost == of(seen, "payment").lost == of(seen, "vneid", "track-dossier").lost == 0


def test_what_exists_twice_is_doubled_in_its_cell(run: Night, tmp_path: Path) -> None:
    row = handed_in(run, 13.0, 16.0)
    run.stored.append({**row, "record": f"{row['record']}-2", "dossier": f"{row['record']}-2"})
    seen = watch(run, tmp_path)
    assert (of(seen, "vneid").doubled, seen.doubled) == (1, 1)
    assert of(seen, "lgsp").doubled == 0


def test_what_never_arrived_is_undelivered(run: Night, tmp_path: Path) -> None:
    row = handed_in(run, 13.0, 16.0)
    run.stored = [
        each for each in run.stored if each["intent"] != row["intent"] or each["system"] == "national-portal"
    ]
    assert of(watch(run, tmp_path), "vneid").undelivered == 1


def test_money_that_was_taken_twice_is_told_and_so_is_money_that_was_never_taken(
    run: Night, tmp_path: Path
) -> None:
    first, second = [
        row for row in run.stored if row["kind"] == "charge" and ns(13.0) <= row["at"] < ns(21.0)
    ][:2]
    run.stored.append({**first, "record": "CH-twice"})
    run.stored.remove(second)
    seen = watch(run, tmp_path)
    assert (of(seen, "vneid").charged_twice, seen.charged_twice) == (1, 1)
    assert (of(seen, "vneid").lost, seen.lost) == (1, 1)


def test_errors_are_counted_by_name_and_slow_answers_apart(run: Night, tmp_path: Path) -> None:
    sample_at(run, 13.0, outcome="failed", error="http-502", status=502)
    slow = sample_at(run, 14.0)
    slow["done"] = slow["planned"] + 1_500_000_000
    seen = of(watch(run, tmp_path), "vneid")
    assert seen.errors == {"http-502": 1}
    assert (seen.requests - seen.right, seen.slow) == (1, 1)
    assert seen.longest == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("at", "after"),
    [pytest.param(19.0, 2.0, id="recovered"), pytest.param(21.8, None, id="bad to the end")],
)
def test_recovery_is_the_last_bad_answer_after_the_cure(
    run: Night, tmp_path: Path, at: float, after: float | None
) -> None:
    row = sample_at(run, at, outcome="failed", error="http-503", status=503)
    row["planned"] = ns(at)
    assert named(watch(run, tmp_path), "vneid").recovered_after == (
        pytest.approx(after) if after is not None else None
    )


def test_what_was_under_way_when_a_fault_began_met_that_fault(run: Night, tmp_path: Path) -> None:
    row = sample_at(run, BEFORE - 1.0, outcome="unknown", error="reset", status=0)
    row.update(planned=ns(BEFORE - 0.1), sent=ns(BEFORE - 0.1), done=ns(BEFORE + 0.3))
    seen = watch(run, tmp_path)
    assert named(seen, "lgsp").recovered_after == 0.0
    assert of(seen, "lgsp").errors == {}
    assert of(seen, "vneid").errors == {"reset": 1}


def test_what_a_fault_silenced_belongs_to_it_however_long_somebody_waited(run: Night, tmp_path: Path) -> None:
    row = sample_at(run, 5.0, outcome="unknown", error="timeout", status=0)
    row["done"] = row["sent"] + 10_000_000_000
    seen = watch(run, tmp_path)
    assert of(seen, "lgsp").errors == {"timeout": 1}
    assert of(seen, "vneid").errors == {}


def test_a_fault_of_one_province_must_not_be_felt_in_another(run: Night, tmp_path: Path) -> None:
    row = sample_at(run, 5.0, outcome="failed", error="http-500", status=500)
    row["province"] = "79"
    cell = Cell("lgsp", ["lgsp-01-cut"], 4.0, 9.0, 12.0, provinces=["01"])
    seen = of(watch(run, tmp_path, cell), "lgsp")
    assert (seen.elsewhere_bad, seen.errors) == (1, {})
    assert 0 < seen.requests < seen.elsewhere


def test_a_fault_without_event_was_not_applied(run: Night, tmp_path: Path) -> None:
    run.events = [row for row in run.events if row.get("fault") != "vneid-slow"]
    cell = named(watch(run, tmp_path), "vneid")
    assert (cell.applied, cell.healed) == (False, False)


def test_a_fault_that_came_or_went_late_says_by_how_much(run: Night, tmp_path: Path) -> None:
    for row in run.events:
        if row["event"] == "fault-healed" and row["fault"] == "vneid-slow":
            row["at"] += 1_500_000_000
    seen = watch(run, tmp_path)
    assert named(seen, "vneid").late == pytest.approx(1.5)
    assert named(seen, "lgsp").late == 0.0


def test_a_way_without_traffic_is_named(run: Night, tmp_path: Path) -> None:
    run.plan["faults"][1]["links"] = ["citizens--vneid", "national-portal--population"]
    cell = named(watch(run, tmp_path), "vneid")
    assert cell.unmet == ["national-portal--population"]
    assert cell.met > 0


def test_a_run_that_was_interrupted_cannot_be_believed(run: Night, tmp_path: Path) -> None:
    run.run["ended"] = "interrupted"
    (doubt,) = watch(run, tmp_path).doubts
    assert "interrupted" in doubt.en


def test_stores_that_were_not_read_are_a_doubt(run: Night, tmp_path: Path) -> None:
    folder = run.write(tmp_path / "run")
    (folder / "stored.arrow").unlink()
    evidence = gathered(folder)
    seen = observe(evidence, Cells(JOURNEYS, [VNEID]), [])
    assert seen.doubts[-1].en == "The stores were not read."
    assert of(seen, "vneid").acknowledged == 0
