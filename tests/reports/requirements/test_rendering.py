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
from tests.reports.requirements.examples import DEMANDS, NIGHT, SIGNED, A, B, Findings, called, run

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
    assert code == 3, "too little evidence is never a pass"
    assert {each.name for each in (tmp_path / FOLDER).iterdir()} == NAMES
    assert "Of 4 obligations 0 are proved, 0 have failed, 0 were run without a conclusion, 3 have not" in said
    assert "2 systems: mock 1, not-rehearsable 1" in said
    assert f"to run for what is open: rehearse run {NIGHT} (2), rehearse run second (1), rehearse" in said


def test_the_file_for_machines_counts_and_lists(tmp_path: Path) -> None:
    run(tmp_path, {"a": ("met", [A]), "b": ("missed", [B])})
    file = tmp_path / "also.json"
    code, said = made(tmp_path, "--json", str(file))
    assert code == 1
    content = json.loads(file.read_bytes())
    assert content["counts"] == {
        "proved": 1,
        "failed": 1,
        "inconclusive": 0,
        "not_yet_run": 1,
        "not_rehearsable": 1,
    }
    assert {row["obligation"]["id"]: row["state"] for row in content["rows"]}[B] == "failed"
    assert f"failed: {B} in {NIGHT}: b" in said


@pytest.mark.parametrize(
    ("findings", "broken", "code"),
    [
        pytest.param({"a": ("met", [A]), "b": ("met", [B])}, "", 0, id="all proved or to be signed"),
        pytest.param({"a": ("met", [A]), "b": ("inconclusive", [B])}, "", 3, id="one not clear"),
        pytest.param({"a": ("met", [A]), "b": ("met", [B])}, "Late.", 3, id="not believed"),
        pytest.param({"a": ("missed", [A]), "b": ("inconclusive", [B])}, "", 1, id="one failed"),
    ],
)
def test_how_it_ends(tmp_path: Path, findings: Findings, broken: str, code: int) -> None:
    stated = [each for each in DEMANDS.obligations if each.id in (A, B, SIGNED)]
    run(tmp_path, findings, broken=broken)
    assert made(tmp_path, demands=msgspec.structs.replace(DEMANDS, obligations=stated))[0] == code


def test_a_run_without_a_conclusion_is_told_everywhere(tmp_path: Path) -> None:
    findings: Findings = {"a": ("met", [A]), "b": ("met", [B]), "c": ("met", [SIGNED])}
    run(tmp_path, findings, states=[A, B, SIGNED], broken="The load was late.")
    code, said = made(tmp_path)
    assert code == 3
    assert f"inconclusive: {NIGHT}, at 20250630-220000: The load was late. ({A}, {B})" in said
    content = json.loads((tmp_path / FOLDER / "requirements.json").read_bytes())
    assert content["counts"]["inconclusive"] == 2
    row = next(each for each in content["rows"] if each["obligation"]["id"] == A)
    assert row["state"] == "inconclusive"
    assert row["reason"]["en"] == f"{NIGHT}, at 20250630-220000: The load was late."
    summary = (tmp_path / FOLDER / "requirements.md").read_text(encoding="utf-8").splitlines()
    [line] = [each for each in summary if f"| {A} |" in each]
    assert line.startswith("| ? inconclusive |")
    assert f"report.html), at 20250630-220000: The load was late. Run by: `rehearse run {NIGHT}`" in line
    page = (tmp_path / FOLDER / "requirements.html").read_text(encoding="utf-8")
    assert page.count('<span class="badge inconclusive">') == 2
    for sheet in ("sign-off.md", "sign-off.html"):
        text = (tmp_path / FOLDER / sheet).read_text(encoding="utf-8")
        assert f"{A}, {B}" in text, "no signature stands for them"
        assert f"{NIGHT}, at 20250630-220000: " in text, "who signs has to know"
        assert "The load was late." in text


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
    assert f'<span lang="vi">Làm &lt;{A}&gt;</span><span lang="en">Do &lt;{A}&gt;</span>' in page
    assert '<span lang="vi">trước ngày 25/6/2025</span>' in page
    assert '<span lang="vi">Chỉ thị</span>' in page
    assert "Late <b>." not in page  # what a run says is text
    assert all(f'id="{each.id}"' in page for each in DEMANDS.obligations)
    assert all(f">{each.id}</th>" in page for each in DEMANDS.systems)


@pytest.mark.parametrize("name", ["requirements.html", "sign-off.html"])
def test_on_a_narrow_screen_rows_become_cards_and_no_state_is_hidden(tmp_path: Path, name: str) -> None:
    run(tmp_path, {"a": ("met", [A])})
    made(tmp_path)
    page = (tmp_path / FOLDER / name).read_text(encoding="utf-8")
    tables = [each.split() for each in re.findall(r'<table class="([^"]+)"', page)]
    assert tables
    assert all({"stack", "counts"} & set(classes) for classes in tables)
    states = page.count('<td class="state">')
    assert states == (len(DEMANDS.obligations) if name.startswith("requirements") else 0)


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
    assert f"Làm &lt;{SIGNED}&gt;" in page
    assert f"Do &lt;{SIGNED}&gt;" in page


def test_what_is_damaged_is_named(tmp_path: Path) -> None:
    code, said = made(tmp_path / "a", demands=msgspec.structs.replace(DEMANDS, format=7))
    assert code == 2
    assert "format is 7" in said
    (tmp_path / "page" / FOLDER / "requirements.html").mkdir(parents=True)
    (tmp_path / "page" / FOLDER / FILE).write_bytes(msgspec.json.encode(DEMANDS))
    assert CliRunner().invoke(main, [str(tmp_path / "page")]).exit_code == 2
    assert {each.name for each in (tmp_path / "page" / FOLDER).iterdir()} == {FILE, "requirements.html"}
    code, said = made(tmp_path / "b", "--json", str(tmp_path / "none" / "x.json"))
    assert code == 2
    assert "none/x.json: cannot be written" in said
