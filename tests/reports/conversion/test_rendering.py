"""The report of a conversion says what the files show, in both languages, and nothing is fetched."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pyarrow as pa
import pytest
from pyarrow import ipc

from reports.conversion import rendering
from reports.conversion.building import Planted, build
from reports.conversion.expecting import Rule
from reports.conversion.model import Conversion
from reports.conversion.reading import rule_tables
from reports.conversion.reconciling import Reconciled
from reports.conversion.rendering import html, junit, markdown, value, write_all
from reports.text import count
from tests.reports.conversion.folders import reconciled, source, source_dossier, target, target_dossier, write

NASTY = '<script>alert("1")</script> & | `x`'
STARTED = "2025-07-01T00:00:00+07:00"


def built(folder: Path, planted: list[Planted] | None = None) -> tuple[Conversion, Reconciled]:
    done = reconciled(folder)
    rule = Rule(rule_tables(folder / "rule"))
    return build(done, rule, started=STARTED, seconds=1.0, planted=planted), done


@pytest.fixture
def bad(tmp_path: Path) -> tuple[Conversion, Reconciled]:
    """A dossier with a nasty name, and one that is lost."""
    write(
        tmp_path,
        source() | {"dossiers": [source_dossier(), source_dossier(code="D-2", owner_id="2")]},
        target() | {"dossiers": [target_dossier(owner_name=NASTY)]},
    )
    return built(tmp_path)


def test_the_page_says_everything_in_both_languages_and_fetches_nothing(
    bad: tuple[Conversion, Reconciled],
) -> None:
    page = html(bad[0])
    assert page.count('<span lang="vi">') == page.count('<span lang="en">')
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert page.index(bad[0].sentence.en) < page.index("<table")
    for check in bad[0].checks:
        assert check.name in page
        assert check.title.vi in page


def test_numbers_and_times_are_written_as_in_every_report(tmp_path: Path) -> None:
    write(tmp_path, None, target() | {"dossiers": [target_dossier(paid=9_000)]})
    page = html(built(tmp_path)[0])
    assert "00:00 01/07/2025 (UTC+07:00)" in page
    assert "1 July 2025, 00:00 (UTC+07:00)" in page
    assert f'<td class="value">{count(10_000)}</td><td class="value">{count(9_000)}</td>' in page
    assert '<th scope="row">15 AB</th>' in page


@pytest.mark.parametrize(
    ("written", "field", "shown"),
    [
        ("1500000", "amount", count(1_500_000)),
        ("-5000", "paid", count(-5_000)),
        ("6825", "attachments", count(6_825)),
        ("00010", "commune", "00010"),
        ("", "paid", "–"),
    ],
)
def test_sums_and_counts_are_numbers_and_codes_are_not(written: str, field: str, shown: str) -> None:
    assert value(written, field) == shown


def test_many_kinds_are_a_list_that_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, None, target() | {"dossiers": [target_dossier(paid=9_000)]})
    conversion, _ = built(tmp_path)
    assert html(conversion).count("<details open>") == 1
    monkeypatch.setattr(rendering, "MOST_OPEN", 0)
    assert "<details open>" not in html(conversion)


def test_what_is_wrong_is_shown_as_text(bad: tuple[Conversion, Reconciled]) -> None:
    page = html(bad[0])
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "D-2" in page


def test_every_kind_that_was_not_seen_has_its_bound(bad: tuple[Conversion, Reconciled]) -> None:
    for kind in bad[0].kinds:
        assert (kind.bound is None) == (kind.count > 0 or kind.examined == 0)
        if kind.bound is not None:
            assert kind.bound == 3 / kind.examined


def test_the_summary_and_the_junit_file_tell_what_is_missed(bad: tuple[Conversion, Reconciled]) -> None:
    assert "KHÔNG ĐẠT · MISSED" in markdown(bad[0])
    assert "dossier lost | 1 | 15: D-2" in markdown(bad[0])
    (suite,) = ET.fromstring(junit(bad[0]))  # noqa: S314 - we wrote it ourselves
    missed = [check for check in bad[0].checks if check.outcome == "missed"]
    assert suite.get("failures") == str(len(missed)) != "0"
    assert {case.get("name") for case in suite if case.find("failure") is not None} == {
        check.name for check in missed
    }
    assert suite.get("errors") == str(len(suite.findall("testcase/error"))) == "2"


def test_all_files_are_written_and_can_be_read_back(
    bad: tuple[Conversion, Reconciled], tmp_path: Path
) -> None:
    paths = write_all(bad[0], bad[1].findings, tmp_path)
    assert [path.name for path in paths] == [
        "conversion.html", "conversion.md", "conversion.json", "junit.xml", "findings.arrow"
    ]  # fmt: skip
    assert msgspec.json.decode((tmp_path / "conversion.json").read_bytes(), type=Conversion) == bad[0]
    with pa.memory_map(str(tmp_path / "findings.arrow")) as held:
        assert ipc.open_file(held).read_all().equals(bad[1].findings)


LOST = Planted("dossier-lost", "15", "D-1")
LOST_ELSEWHERE = Planted("dossier-lost", "15", "D-7")


@pytest.mark.parametrize(
    ("planted", "outcome", "numbers"),
    [
        pytest.param([LOST], "missed", (1, 1, 0), id="found"),
        pytest.param([LOST, LOST_ELSEWHERE], "inconclusive", (2, 1, 0), id="one not found"),
        pytest.param([], "inconclusive", (0, 0, 1), id="one invented"),
        pytest.param([LOST_ELSEWHERE], "inconclusive", (1, 0, 1), id="another one found"),
    ],
)
def test_a_trial_is_believed_only_where_exactly_what_was_planted_was_found(
    tmp_path: Path, planted: list[Planted], outcome: str, numbers: tuple[int, int, int]
) -> None:
    write(tmp_path, None, target() | {"dossiers": []})
    trial, _ = built(tmp_path, planted)
    (row,) = trial.trial
    assert (row.planted, row.found, row.invented) == numbers
    assert (trial.outcome, trial.exact) == (outcome, outcome == "missed")
    assert trial.kind == "conversion-planted"
    assert not any(check.requirements for check in trial.checks), "a trial speaks for no obligation"
    assert "Planted and found" in html(trial)


def test_a_clean_province_has_equal_checksums(tmp_path: Path) -> None:
    write(tmp_path)
    clean, _ = built(tmp_path)
    (province,) = clean.provinces
    assert province.equal
    assert province.parts == ["A", "B"]
    assert "≠</span>" not in html(clean)
