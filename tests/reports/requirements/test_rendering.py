"""The page, the summary, the file for machines, and the sheet for signatures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest
from click.testing import CliRunner

from reports.requirements.__main__ import main
from reports.requirements.model import DEMANDS as FILE
from reports.requirements.model import FOLDER, Demands
from tests.reports.requirements.examples import DEMANDS, NIGHT, SIGNED, A, B, called, run

NAMES = {
    "demands.json",
    "requirements.html",
    "requirements.json",
    "requirements.md",
    "sign-off.html",
    "sign-off.md",
}


def made(runs: Path, *options: str, demands: Demands = DEMANDS) -> tuple[int, str]:
    folder = runs / FOLDER
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(msgspec.json.encode(demands))
    done = CliRunner().invoke(main, [str(runs), *options])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def test_all_files_are_written_and_nothing_half_done_is_left(tmp_path: Path) -> None:
    code, said = made(tmp_path)
    assert code == 0
    assert {each.name for each in (tmp_path / FOLDER).iterdir()} == NAMES
    assert "Of 4 obligations 0 are proved, 0 have failed, 3 have not been run yet, and 1" in said
    assert "2 systems: mock 1, not-rehearsable 1" in said


def test_the_file_for_machines_counts_and_lists(tmp_path: Path) -> None:
    run(tmp_path, {"a": ("met", [A]), "b": ("missed", [B])})
    file = tmp_path / "also.json"
    code, said = made(tmp_path, "--json", str(file))
    assert code == 1
    content = json.loads(file.read_bytes())
    assert content["counts"] == {"proved": 1, "failed": 1, "not_yet_run": 1, "not_rehearsable": 1}
    assert {row["obligation"]["id"]: row["state"] for row in content["rows"]}[B] == "failed"
    assert f"failed: {B} in {NIGHT}: b" in said


@pytest.mark.parametrize("page", ["requirements/requirements.html", "elsewhere/own page.html"])
def test_links_lead_from_wherever_the_page_stands_to_the_reports(tmp_path: Path, page: str) -> None:
    runs = tmp_path / "runs"
    report = run(runs, {"a": ("met", [A])}, started="with blank") / "report.html"
    sweep = called(runs, {"a": ("met", [A])}) / "readiness.html"
    file = runs / page
    file.parent.mkdir(exist_ok=True)
    if page.startswith(FOLDER):
        file.parent.rmdir()
    made(runs, "--html", str(file))
    links = {unquote(each) for each in re.findall(r'href="([^"#]+)"', file.read_text(encoding="utf-8"))}
    assert {(file.parent / each).resolve() for each in links} == {report.resolve(), sweep.resolve()}


def test_the_page_is_whole_offline_and_in_two_languages(tmp_path: Path) -> None:
    run(tmp_path, {"a": ("missed", [A])}, broken="Late <b>.")
    called(tmp_path, {"a": ("met", [A])})
    made(tmp_path)
    page = (tmp_path / FOLDER / "requirements.html").read_text(encoding="utf-8")
    assert "http" not in page
    assert page.count('<span lang="vi">') == page.count('<span lang="en">')
    assert f"Do &lt;{A}&gt;" in page
    assert "Late <b>." not in page  # what a run says is text
    assert all(f'id="{each.id}"' in page for each in DEMANDS.obligations)
    assert all(f">{each.id}</th>" in page for each in DEMANDS.systems)


def test_the_summary_has_a_line_for_everything_and_breaks_no_table(tmp_path: Path) -> None:
    run(tmp_path, {"a": ("met", [A])}, states=[A])
    made(tmp_path)
    lines = (tmp_path / FOLDER / "requirements.md").read_text(encoding="utf-8").splitlines()
    of = {id_: [line for line in lines if f"| {id_} |" in line] for id_ in (A, B, SIGNED)}
    assert f"[{NIGHT}](../{NIGHT}/20250630-220000/report.html)" in of[A][0]
    assert f"`rehearse run {NIGHT}`" in of[B][0]
    assert "Signed by: The chairman" in of[SIGNED][0]
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for found in of.values() for line in found)


def test_the_sheet_has_a_line_for_each_signature_and_for_nothing_else(tmp_path: Path) -> None:
    made(tmp_path)
    sheet = (tmp_path / FOLDER / "sign-off.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| ((?:VP|LC|SYS)-\d+)", sheet, re.MULTILINE) == [SIGNED, "SYS-02"]
    page = (tmp_path / FOLDER / "sign-off.html").read_text(encoding="utf-8")
    assert page.count('class="blank"') == 2
    assert "Chủ tịch" in page
    assert "The director" in page


def test_what_is_damaged_is_named(tmp_path: Path) -> None:
    code, said = made(tmp_path / "a", demands=msgspec.structs.replace(DEMANDS, format=7))
    assert code == 2
    assert "format is 7" in said
    code, said = made(tmp_path / "b", "--json", str(tmp_path / "none" / "x.json"))
    assert code == 2
    assert "none/x.json: cannot be written" in said
