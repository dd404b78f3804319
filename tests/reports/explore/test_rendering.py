"""The page, the summary and the sentences of an exploration."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from click.testing import CliRunner

from reports.errors import RunFolderError
from reports.explore.__main__ import main
from reports.explore.model import Bracket, Exploration
from reports.explore.rendering import html, markdown, read
from reports.explore.words import headline, sentences, span
from tests.reports.explore.examples import BEYOND_HEALING, FOUND, NONE_FOUND, NOT_KNOWN, UNSETTLED

ALL = {
    "found": FOUND,
    "none found": NONE_FOUND,
    "not known": NOT_KNOWN,
    "beyond healing": BEYOND_HEALING,
    "unsettled": UNSETTLED,
}


@pytest.mark.parametrize("found", ALL.values(), ids=ALL.keys())
def test_every_page_is_whole_offline_and_in_two_languages(found: Exploration) -> None:
    page = html(found)
    assert "http" not in re.sub(r"http://www\.w3\.org/\S+", "", page)
    assert headline(found).vi in page.replace("&#39;", "'")
    assert page.count('<span lang="vi">') == page.count('<span lang="en">')
    assert "<b>." not in page  # what a probe says is text
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ET.fromstring(svg)  # noqa: S314  we have just drawn it


@pytest.mark.parametrize("found", ALL.values(), ids=ALL.keys())
def test_every_sentence_is_said_in_both_languages(found: Exploration) -> None:
    for text in (headline(found), *sentences(found)):
        assert text.vi
        assert text.en
        assert text.vi != text.en


def test_a_found_boundary_is_told_with_its_numbers() -> None:
    assert headline(FOUND).en == (
        "At a load of 30 sessions/s (100\u202f%), a “Request lost” of 1.20 s is enough: "
        "service does not come back although the cause is gone."
    )
    told = " ".join(text.en for text in sentences(FOUND))
    assert "Vulnerable from 6.6 sessions/s (22\u202f%): at 6 sessions/s (20\u202f%) it comes back" in told
    assert "heals where the load is lowered to 12 sessions/s (40\u202f%); at 13.2 sessions/s" in told
    assert "The narrowest system is population: by its declared capacity it carries 33.3 sessions/s" in told


def test_what_no_load_heals_is_told_so() -> None:
    told = " ".join(text.en for text in sentences(BEYOND_HEALING))
    assert "does not heal even at the lowest load that was tried, 3.75 sessions/s" in told
    assert "restart it" in told


def test_none_found_says_up_to_where() -> None:
    assert headline(NONE_FOUND).en == (
        "None found up to a load of 30 sessions/s (100\u202f%) and a trigger of 10.00 s."
    )
    assert "METASTABLE" not in html(NONE_FOUND)
    assert "NONE FOUND" in html(NONE_FOUND)


def test_an_unfinished_search_says_so() -> None:
    told = " ".join(text.en for text in sentences(UNSETTLED))
    assert "not complete" in told
    assert "contradict each other, the milder one down and the harder one up: 2." in told
    assert "Even at the lowest load" in told


def test_a_map_has_a_mark_for_every_probe_that_was_not_lowered() -> None:
    page = html(FOUND)
    wide = re.findall(r"<svg.*?</svg>", page, re.DOTALL)[0]
    assert wide.count("<use") >= len(FOUND.probes) - 1
    assert len(re.findall(r"<svg", page)) == 4


def test_the_summary_has_both_languages_and_the_boundary() -> None:
    text = markdown(FOUND)
    assert text.startswith(f"# ✕ {headline(FOUND).en}")
    assert headline(FOUND).vi in text
    assert "| 15 sessions/s (50\u202f%) | 2.7 | 2.6–2.8 |" in text
    assert "| load |" not in markdown(NONE_FOUND)


@pytest.mark.parametrize(
    ("bracket", "text"),
    [
        (Bracket(1.1, 1.2), "1.1–1.2"),
        (Bracket(None, 0.3), "≤ 0.3"),
        (Bracket(2.0, None), "> 2"),
        (Bracket(None, None), "–"),
    ],
)
def test_brackets(bracket: Bracket, text: str) -> None:
    assert span(bracket) == text


def test_the_command_writes_both_beside_the_json(tmp_path: Path) -> None:
    (tmp_path / "explore.json").write_bytes(msgspec.json.encode(FOUND))
    assert read(tmp_path) == FOUND
    done = CliRunner().invoke(main, [str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert {path.name for path in tmp_path.iterdir()} == {"explore.json", "explore.html", "explore.md"}


def test_a_folder_without_an_exploration_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, [str(tmp_path)])
    assert done.exit_code == 2
    assert "explore.json is missing" in done.output
    (tmp_path / "explore.json").write_text('{"format": 1}')
    with pytest.raises(RunFolderError, match=r"explore\.json"):
        read(tmp_path)
