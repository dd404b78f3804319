"""What a person, and what a script, is told in the end."""

from __future__ import annotations

import json
from pathlib import Path

from rehearsal.selftest.matrix import figures, markdown, summary, told
from rehearsal.selftest.rows import without_verdict
from tests.rehearsal.selftest.examples import CLEAN, planted, row

LOST = "no-dossier-lost"


def test_the_figures_count_each_row_once(tmp_path: Path) -> None:
    rows = [
        row(tmp_path, planted(), missed=[LOST, "synchronised"]),
        row(tmp_path, planted("stale-reads"), missed=["synchronised"]),
        without_verdict(planted("slow-leak"), "exit code 4", seconds=1, attempts=2),
        row(tmp_path, CLEAN),
        row(tmp_path, CLEAN, missed=[LOST]),
    ]
    content = json.loads(figures(rows).to_json())
    counted = {name: content[name] for name in ("planted", "detected", "clean", "false_alarms", "unknown")}
    assert counted == {"planted": 3, "detected": 1, "clean": 2, "false_alarms": 1, "unknown": 1}
    assert [each["detected"] for each in content["rows"]] == [True, False, False, False, False]
    assert [each["false_alarm"] for each in content["rows"]] == [False, False, False, False, True]
    first = content["rows"][0]
    assert (first["defect"], first["system"], first["seed"]) == ("loses-acknowledged", "national-portal", 1)
    assert (first["expected"], first["missed"]) == ([LOST], [LOST, "synchronised"])
    assert {"scenario", "outcome", "folder", "seconds"} <= set(first)


def test_it_is_as_it_should_be_only_where_every_row_is(tmp_path: Path) -> None:
    seen, met = row(tmp_path, planted(), missed=[LOST]), row(tmp_path, CLEAN)
    assert figures([seen, met]).as_it_should_be
    for bad in (
        row(tmp_path, planted("stale-reads"), missed=[LOST]),
        row(tmp_path, CLEAN, missed=[LOST]),
        row(tmp_path, CLEAN, broken=["clocks-agree"]),
    ):
        assert not figures([seen, met, bad]).as_it_should_be
    assert not figures([]).as_it_should_be, "nothing was shown"


def test_each_row_is_one_line(tmp_path: Path) -> None:
    assert told(row(tmp_path, planted(), missed=["synchronised", LOST])) == (
        "loses-acknowledged in national-portal: detected by no-dossier-lost (besides: synchronised); "
        "selftest, 20 s"
    )
    assert "NOT DETECTED by no-dossier-lost (besides: drift)" in told(
        row(tmp_path, planted(), missed=["drift"])
    )
    assert told(row(tmp_path, CLEAN)) == "clean-01 (seed 1001): met; selftest, 20 s"
    assert "FALSE ALARM of no-dossier-lost: no-dossier-lost is why." in told(
        row(tmp_path, CLEAN, missed=[LOST])
    )
    assert "NO VERDICT (generator-lag): generator-lag broke." in told(
        row(tmp_path, CLEAN, broken=["generator-lag"])
    )
    failed = without_verdict(CLEAN, "exit code 4", seconds=1, attempts=2)
    assert "NO VERDICT: exit code 4; selftest, 1 s, at the 2nd try" in told(failed)


def test_the_summary_repeats_what_is_not_as_it_should_be(tmp_path: Path) -> None:
    rows = [
        row(tmp_path, planted(), missed=[LOST]),
        row(tmp_path, planted("stale-reads")),
        row(tmp_path, CLEAN),
    ]
    lines = summary(figures(rows))
    assert len(lines) == 2
    assert lines[0].startswith("stale-reads in national-portal: NOT DETECTED")
    assert lines[1].startswith("1 of 2 planted defects were detected")
    assert "0 false alarms in 1 clean runs" in lines[1]


def test_the_matrix_marks_what_named_what_followed_and_what_was_silent(tmp_path: Path) -> None:
    rows = [
        row(tmp_path, planted(), missed=[LOST, "slo.read"]),
        row(tmp_path, planted("fails-one-in-twenty"), missed=["slo.read", "slo.pay"]),
        row(tmp_path, planted("stale-reads"), missed=[LOST]),
        row(tmp_path, CLEAN),
    ]
    text = markdown(figures(rows))
    lines = text.splitlines()
    assert "| loses-acknowledged | national-portal | ● | ○ |  |" in lines
    assert "| fails-one-in-twenty | national-portal |  | ● |  |" in lines
    assert "| stale-reads | national-portal | ○ |  | ✗ |" in lines
    assert "1. `no-dossier-lost`" in lines
    assert "2. `slo`" in lines
    assert "3. `read-after-acknowledgement`" in lines
    assert any(line.startswith("| clean-01 | selftest | 1001 | met |") for line in lines)
    assert "An acknowledged dossier is nowhere." in text
    assert "Hồ sơ đã xác nhận không có ở đâu cả." in text
    widths = [line.count("|") for line in lines if line.startswith("| ")]
    assert set(widths) == {6, 7}, "every line of a table has as many cells as its head"
