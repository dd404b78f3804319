"""The reports say the same in four forms; nothing in the page comes from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from reports.evidence_file import EVIDENCE, read
from reports.readiness.building import assembled
from reports.readiness.model import CELLS, READINESS, SWEEP, Readiness
from reports.readiness.rendering import MOST_SHOWN, evidence, html, junit, markdown, write_all
from tests.reports.readiness.examples import COMMAND, PROVINCES, UNNAMED, cells, lacks, sweep

NASTY = '<script>alert("1")</script> & | `x`'


@pytest.fixture
def matrix() -> Readiness:
    return assembled(sweep(), cells(), assembled(sweep(), cells()[:2]))


def test_every_province_and_check_has_its_place(matrix: Readiness) -> None:
    page = html(matrix)
    assert page.count('<th scope="row">') == len(PROVINCES)
    for check in matrix.checks:
        assert f'id="{check.name}"' in page
        assert check.title.vi in page
        assert check.title.en in page
    assert "02671 is lacking" in page
    assert "02671 thiếu" in page
    assert "silence" in page


def test_the_page_needs_nothing_from_anywhere(matrix: Readiness) -> None:
    page = html(matrix)
    assert re.findall(r'(?:src|href)="(?!#)', page) == []
    assert "http" not in page


def test_what_systems_say_is_shown_as_text() -> None:
    page = html(assembled(sweep(), [lacks("shape", "15", "1", vi=NASTY, en=NASTY)]))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_long_list_is_cut_and_says_so() -> None:
    many = [str(number) for number in range(MOST_SHOWN + 7)]
    matrix = assembled(sweep(), [lacks("shape", "15", *many)])
    assert "(+7" in html(matrix)
    assert "and 7 more" in markdown(matrix)


def test_the_summary_names_what_is_lacking(matrix: Readiness) -> None:
    text = markdown(matrix)
    assert "02674 is lacking" in text
    assert "2 newly lacking" in text


def test_junit_has_a_case_for_each_province_of_each_check(matrix: Readiness) -> None:
    root = ET.fromstring(junit(matrix))  # noqa: S314 - our own document
    suites = {suite.get("name"): suite for suite in root}
    counted = {
        name: (suite.get("tests"), suite.get("failures"), suite.get("errors"))
        for name, suite in suites.items()
    }
    assert counted == {
        "readiness.sweep": ("2", "0", "0"),
        "readiness.colour": ("2", "0", "0"),
        "readiness.shape": ("2", "1", "0"),
        "readiness.sound": ("2", "0", "2"),
    }
    failure = suites["readiness.shape"].find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "02671 is lacking"


def test_evidence_speaks_for_obligations_unless_gaps_were_planted(matrix: Readiness) -> None:
    said = evidence(matrix)
    assert said.kind == "readiness"
    assert {check.name: check.outcome for check in said.checks} == {
        "colour": "met",
        "shape": "missed",
        "sound": "inconclusive",
    }
    assert said.checks[1].requirements == ["LC-1-6", "LC-2-2"]
    assert evidence(assembled(sweep(gaps="abc"), cells())).kind == "readiness-planted"


def test_all_files_are_written(matrix: Readiness, tmp_path: Path) -> None:
    names = [path.name for path in write_all(matrix, tmp_path)]
    assert names == ["readiness.html", "readiness.md", READINESS, "junit.xml"]
    assert msgspec.json.decode((tmp_path / READINESS).read_bytes(), type=Readiness) == matrix
    assert read(tmp_path / EVIDENCE) == evidence(matrix)


def test_a_sweep_that_was_ended_early_is_no_evidence(tmp_path: Path) -> None:
    early = assembled(sweep(ended="interrupted"), cells())
    write_all(early, tmp_path)
    assert not (tmp_path / EVIDENCE).exists()
    assert "interrupted" in (tmp_path / "readiness.md").read_text()


def forms(matrix: Readiness) -> dict[str, str]:
    return {"html": html(matrix), "markdown": markdown(matrix), "junit": junit(matrix).decode()}


FIRST_CHECK = {"html": '<dl class="tiles">', "markdown": "| Check |", "junit": 'name="readiness.colour"'}


@pytest.mark.parametrize("form", FIRST_CHECK)
def test_every_form_says_first_which_systems_are_not_named(form: str) -> None:
    told = forms(assembled(sweep(unnamed=UNNAMED), cells()))[form]
    top = told[: told.index(FIRST_CHECK[form])]
    assert [words for words in ("does not name", "radio", "palette") if words not in top] == []


@pytest.mark.parametrize("form", ["html", "markdown", "junit"])
def test_every_form_of_a_sweep_that_was_ended_early_says_how_it_goes_on(form: str) -> None:
    told = forms(assembled(sweep(ended="interrupted"), cells()))[form]
    assert COMMAND in told
    assert "2 of 3 checks are done" in told


def test_a_case_of_its_own_in_junit_says_what_the_sweep_could_not_see() -> None:
    matrix = assembled(sweep(ended="interrupted", unnamed=UNNAMED), cells())
    root = ET.fromstring(junit(matrix))  # noqa: S314 - our own document
    first = root[0]
    assert (first.get("name"), first.get("errors")) == ("readiness.sweep", "2")


def test_numbers_and_instants_are_written_for_readers() -> None:
    page = html(assembled(sweep(), cells()))
    assert "08:00 29/06/2025 (UTC+07:00)" in page
    assert "29 June 2025, 08:00 (UTC+07:00)" in page
    assert "1\u202f120" in page
    assert "1\u202f104 s" in page


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        pytest.param(None, 2, "is missing", id="nothing there"),
        pytest.param("{", 2, "damaged", id="damaged"),
        pytest.param("", 1, "✕ MISSED · KHÔNG ĐẠT: 0 of 2 provinces", id="something is lacking"),
    ],
)
def test_the_exit_code_of_the_module(tmp_path: Path, content: str | None, code: int, said: str) -> None:
    if content is not None:
        (tmp_path / SWEEP).write_text(content or msgspec.json.encode(sweep()).decode())
        lines = [msgspec.json.encode(cell) + b"\n" for cell in cells()]
        (tmp_path / CELLS).write_bytes(b"".join(lines))
    made = [sys.executable, "-m", "reports.readiness", str(tmp_path)]
    ended = subprocess.run(made, capture_output=True, text=True)
    assert ended.returncode == code
    assert said in ended.stdout + ended.stderr
