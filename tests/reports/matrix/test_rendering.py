"""The page says everything in both languages, in words and symbols; nothing in it comes from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from reports.matrix.building import assembled
from reports.matrix.expectation import LEVELS
from reports.matrix.model import Matrix
from reports.matrix.rendering import html, markdown, parameters, worst_seen, write_all
from reports.matrix.words import (
    LEVEL_MEANINGS,
    LEVEL_SYMBOLS,
    LEVEL_WORDS,
    ROLES,
    STATE_SYMBOLS,
    STATES,
)
from reports.text import Text
from tests.reports.matrix.examples import fault, observed, planned, planned_cell, quiet, seen, seen_cell

NASTY = '<script>alert("1")</script> & | `x`'


@pytest.fixture
def matrix() -> Matrix:
    """One cell of every state, and two dependencies."""
    lgsp = fault("slow", "national-portal--lgsp", "forwarding")
    cells = [
        planned_cell("identity-cut"),
        planned_cell("identity-slow", fault("slow")),
        planned_cell("forwarding-slow", lgsp),
        planned_cell("forwarding-later", lgsp, runs=[]),
    ]
    run = observed(
        seen_cell("identity-cut", seen("submit-dossier", right=30, errors={"http-502": 10})),
        seen_cell("identity-slow", seen("look-up-dossier", right=39, errors={"http-404": 1})),
        seen_cell("forwarding-slow", seen("submit-dossier", late=3), met=0),
    )
    return assembled(planned(*cells), {"quiet": quiet(), "run-1": run})


class Page(HTMLParser):
    """What a browser would see: text by language, and all addresses."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self._cell = False
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.rows[-1][-1] += data


def test_the_page_begins_with_the_verdict_in_one_sentence(matrix: Matrix) -> None:
    page = html(matrix)
    assert matrix.outcome == "missed"
    assert page.index(matrix.sentence.en) < page.index("<table")
    assert matrix.sentence.vi in page


def test_what_was_not_as_expected_comes_before_the_matrix_with_what_was_expected_and_a_link(
    matrix: Matrix,
) -> None:
    page = html(matrix)
    card = page[page.index('id="identity-slow"') : page.index("</li>", page.index('id="identity-slow"'))]
    assert page.index("Cells not as expected") < page.index("Cells not seen clearly") < page.index("<table")
    assert "expected at worst" in card
    assert LEVEL_WORDS["wrong"].en in card
    assert "http-404 × 1" in card
    assert 'href="run-1/report.html"' in card
    assert 'id="identity-cut"' not in page


def test_every_cell_has_a_row_with_a_word_for_every_journey(matrix: Matrix) -> None:
    page = Page(html(matrix))
    for cell in matrix.cells:
        title = cell.faults[0].title.en
        row = next(
            row
            for row in page.rows
            if title in row[0] and STATES[cell.state].en in row[-1] and len(row) == len(matrix.journeys) + 2
        )
        for journey, told in zip(cell.journeys, row[1:-1], strict=True):
            level = journey.seen or journey.expected
            assert LEVEL_WORDS[level].en in told
            assert LEVEL_WORDS[level].vi in told


def test_colour_is_never_the_only_sign() -> None:
    for symbols in (LEVEL_SYMBOLS, STATE_SYMBOLS):
        assert len(set(symbols.values())) == len(symbols)
    for words in (LEVEL_WORDS, LEVEL_MEANINGS, STATES, ROLES):
        assert all(each.vi and each.en for each in words.values())
        assert len({each.en for each in words.values()}) == len(words)
    assert set(LEVEL_WORDS) == set(LEVEL_SYMBOLS) == set(LEVELS)


def test_the_page_fetches_nothing_and_links_only_to_itself_and_its_runs(matrix: Matrix) -> None:
    page = html(matrix)
    assert set(Page(page).addresses) == {"#identity", "#forwarding", "run-1/report.html"}
    assert not re.search(r"url\(|@import|<link|<img", page)


def test_what_comes_from_outside_stays_text(matrix: Matrix) -> None:
    nasty = msgspec.structs.replace(matrix, title=Text(NASTY, NASTY), scenario=NASTY)
    assert "<script>alert" not in html(nasty)


def test_the_worst_of_a_dependency_is_over_all_of_its_cells(matrix: Matrix) -> None:
    identity, forwarding = matrix.groups
    assert worst_seen(identity, "submit-dossier") == ("refused", True)
    assert worst_seen(identity, "look-up-dossier") == ("wrong", False)
    assert worst_seen(forwarding, "submit-dossier") == ("queued", True)
    assert worst_seen(forwarding, "no-such-journey") == (None, True)


def test_the_summary_names_what_is_wrong_what_is_dim_and_what_is_missing(matrix: Matrix) -> None:
    text = markdown(matrix)
    assert matrix.sentence.en in text
    assert "**identity-slow**: not as expected" in text
    assert "**forwarding-slow**: censored" in text
    assert "Not run: forwarding-later." in text
    assert "identity-cut" not in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 2 + len(matrix.groups)
    assert len({line.count("|") for line in table}) == 1


def test_the_file_for_machines_is_the_matrix(matrix: Matrix, tmp_path: Path) -> None:
    paths = write_all(matrix, tmp_path)
    assert [path.name for path in paths] == ["matrix.html", "matrix.md", "matrix.json"]
    assert msgspec.json.decode(paths[-1].read_bytes(), type=Matrix) == matrix


def test_a_matrix_of_pairs_names_both_dependencies_of_each_cell() -> None:
    two = planned_cell("two", fault(), fault("slow", "national-portal--lgsp", "forwarding"))
    found = assembled(planned(two, pairs=True), {"quiet": quiet(), "run-1": observed(seen_cell("two"))})
    row = next(row for row in Page(html(found)).rows if "Fault cut" in row[0])
    assert "identity" in row[0]
    assert "forwarding" in row[0]


def test_parameters_are_written_short() -> None:
    assert parameters({"latency": "1200ms", "round_trip": "2s"}) == "latency 1200ms, round trip 2s"
    assert parameters({}) == ""
