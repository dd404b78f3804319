"""The README quotes what was measured, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bench import results, table
from bench.results import Figures, keep, kept
from bench.table import BLOCKS, README, main, written

LEDGER: Figures = {
    "entries": 10_000_000, "intents": 2_500_000, "records": 5_000_000, "seconds": 40.6, "peak_rss_mb": 3584,
    "found_what_was_planted": True,
}  # fmt: skip
CONVERSION: Figures = {
    "make": {"dossiers": 1_000_000, "planted": 1100, "kinds": 55},
    "reconcile": {"seconds": 17.2, "peak_rss_mb": 655, "found_what_was_planted": False},
}
EXPLORE: Figures = {
    "scenario": "metastable",
    "columns": [
        {"sessions_per_second": 5.8, "bisection": {"recovers": 3.21, "stays_down": 3.41, "boundary": 3.308}},
        {
            "sessions_per_second": 12.0,
            "bisection": {"recovers": 1.14, "stays_down": 1.2, "boundary": 1.17},
            "sweep": {"recovers": 1.15, "stays_down": 1.21, "boundary": 1.18},
        },
    ],
}
BEST = {
    "scale": 0.6,
    "outcome": "met",
    "sessions_per_second": 473.1,
    "requests_per_second": 4109,
    "cpu_share": 0.57,
}
SCALE: Figures = {
    "highest_valid": BEST,
    "lowest_invalid": {"scale": 0.63, "limits": ["swarm-punctual"]},
    "for_whole": {"cores": {"swarm": 1.4, "mocks": 3.0}, "workers": 2, "hosts": 3, "cores_per_host": 2},
}


def said(bench: str, figures: Figures) -> str:
    return " ".join(BLOCKS[bench].said(figures).split())


def test_the_readme_says_of_every_bench_what_was_measured() -> None:
    text = README.read_text(encoding="utf-8")
    assert "generators" in kept()
    for bench, figures in kept().items():
        assert BLOCKS[bench].said(figures) in text, "python -m bench.table write"
    assert written(text, kept()) == text


@pytest.mark.parametrize(
    ("bench", "figures", "expected"),
    [
        pytest.param(
            "ledger",
            LEDGER,
            "The ledger of 10,000,000 entries (2,500,000 intents, 5,000,000 stored records) is reconciled "
            "from its files in 41 s with 3.5 GB on one core, and exactly those are found "
            "(`python -m bench.ledger --core 1`).",
            id="ledger",
        ),
        pytest.param(
            "conversion",
            CONVERSION,
            "1,000,000 dossiers with 1,100 planted faults of 55 kinds are reconciled in 17 s with 0.64 GB on "
            "one core, and not exactly those are found (`python -m bench.conversion --core 1`).",
            id="conversion that went wrong",
        ),
        pytest.param(
            "explore",
            EXPLORE,
            "`rehearse explore metastable` finds what brings the country down for good: at 5.8 sessions/s a "
            "fault of 3.308 s (3.21 to 3.41 s), at 12 sessions/s a fault of 1.17 s (1.14 to 1.2 s; a fine "
            "sweep says 1.18 s) (`python -m bench.explore --sweep`).",
            id="explore",
        ),
        pytest.param(
            "scale",
            SCALE,
            "`rehearse scale national-peak --from 0.4`: valid, and met, up to scale 0.6 (473 sessions/s, "
            "4,109 requests/s through the links, 57% of the processors). Above, at 0.63, the limit was "
            "swarm-punctual. The whole of it would take 4.4 such cores: 2 swarm workers on 3 hosts of 2 "
            "cores.",
            id="scale",
        ),
        pytest.param(
            "scale",
            {"highest_valid": BEST | {"scale": 1.0}, "lowest_invalid": None, "for_whole": None},
            "`rehearse scale national-peak --from 0.4`: valid, and met, up to scale 1 (473 sessions/s, 4,109 "
            "requests/s through the links, 57% of the processors).",
            id="scale without a limit",
        ),
        pytest.param(
            "scale",
            {"highest_valid": None, "lowest_invalid": None, "for_whole": None},
            "`rehearse scale national-peak --from 0.4`: no scale was valid.",
            id="no scale",
        ),
        pytest.param(
            "calibrate",
            {"at_least": True, "requests_per_second": 8000.0},
            "`rehearse calibrate`: one worker offers at least 8,000 requests/s honestly.",
            id="calibrate",
        ),
    ],
)
def test_what_is_said_of_a_bench(bench: str, figures: Figures, expected: str) -> None:
    assert said(bench, figures) == expected


def test_a_generator_that_was_not_there_has_no_ratio() -> None:
    figures = kept()["generators"] | {"swarm_vs_k6": None, "swarm_vs_wrk": 0.4}
    assert (
        BLOCKS["generators"]
        .said(figures)
        .endswith(f"Ratios of the median round: {figures['swarm_vs_fasthttp']} × `FastHttpUser`, 0.4 × wrk.")
    )


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    text = "before\n<!-- measured: ledger -->\nold\nlines\n<!-- end -->\nafter <!-- end -->\n"
    new = written(text, {"ledger": LEDGER})
    before, said_now, after = new.partition(BLOCKS["ledger"].said(LEDGER))
    assert (before, after) == (
        "before\n<!-- measured: ledger -->\n",
        "\n<!-- end -->\nafter <!-- end -->\n",
    )
    assert said_now
    assert written(new, {"ledger": LEDGER}) == new
    two = text + text.replace("ledger", "calibrate")
    figures = {"at_least": False, "requests_per_second": 9.0}
    assert written(two, {"ledger": LEDGER, "calibrate": figures}).count("old") == 0


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A README and results of its own."""
    kept_in = tmp_path / "bench" / "results.json"
    kept_in.parent.mkdir()
    kept_in.write_text("{}")
    monkeypatch.setattr(table, "README", tmp_path / "README.md")
    monkeypatch.setattr(table, "RESULTS", kept_in)
    monkeypatch.setattr(table, "keep", lambda bench, figures: keep(bench, figures, kept_in))
    monkeypatch.setattr(table, "kept", lambda: kept(kept_in))
    return tmp_path


def run(*arguments: str, given: str = "") -> Any:
    return CliRunner().invoke(main, arguments, input=given)


def test_what_a_bench_prints_is_kept_and_written(places: Path) -> None:
    readme = places / "README.md"
    readme.write_text("<!-- measured: ledger -->\n<!-- end -->\n")
    assert run("keep", "ledger", given=json.dumps(LEDGER)).exit_code == 0
    assert run("keep", "ledger", given=json.dumps(LEDGER | {"seconds": 30.0})).exit_code == 0
    assert kept(places / "bench" / "results.json") == {"ledger": LEDGER | {"seconds": 30.0}}
    assert run("write").exit_code == 0
    assert "reconciled from its files in 30 s" in " ".join(readme.read_text().split())


@pytest.mark.parametrize(
    ("arguments", "given", "readme", "told"),
    [
        pytest.param(["keep", "ledger"], "", "", "standard input: no JSON object", id="nothing"),
        pytest.param(["keep", "ledger"], "[1]", "", "standard input: no JSON object", id="no object"),
        pytest.param(
            ["keep", "ledger"],
            '{"x": 1}',
            "",
            "not what python -m bench.ledger --core 1 prints",
            id="another",
        ),
        pytest.param(["keep", "ledgers"], "{}", "", "'ledgers' is not one of", id="no such bench"),
        pytest.param(
            ["write"], "", "<!-- measured: x -->\n<!-- end -->\n", "legal are generators", id="no such block"
        ),
        pytest.param(
            ["write"], "", "<!-- measured: ledger -->\n<!-- end -->\n", "nothing is kept of it", id="not kept"
        ),
    ],
)
def test_what_cannot_be_kept_or_written_is_refused(
    places: Path, arguments: list[str], given: str, readme: str, told: str
) -> None:
    (places / "README.md").write_text(readme)
    found = run(*arguments, given=given)
    assert found.exit_code == 2
    assert told in " ".join(found.output.split())
    assert kept(results.RESULTS)
    assert (places / "README.md").read_text() == readme
