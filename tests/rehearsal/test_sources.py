"""The hash of the project's own code: everything that decides what a run does, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal import sources
from rehearsal.sources import PACKAGES, digest, series

CODE = {
    "mocks/system.py": "a",
    "reports/templates/page.html.j2": "b",
    "fixtures/data/units.csv": "c",
    "scenarios/journeys/sign_in.py": "d",
    "requirements.lock": "e",
}


def tree(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def test_the_same_files_elsewhere_are_the_same_code(tmp_path: Path) -> None:
    assert digest(root=tree(tmp_path / "here", CODE)) == digest(root=tree(tmp_path / "there", CODE))


@pytest.mark.parametrize("name", CODE)
def test_each_file_counts(tmp_path: Path, name: str) -> None:
    whole = digest(root=tree(tmp_path / "whole", CODE))
    changed = digest(root=tree(tmp_path / "changed", {**CODE, name: "x"}))
    gone = digest(root=tree(tmp_path / "gone", {each: CODE[each] for each in CODE if each != name}))
    assert len({whole, changed, gone}) == 3


def test_what_moves_from_one_file_to_the_next_counts(tmp_path: Path) -> None:
    one = digest(root=tree(tmp_path / "one", {"mocks/a.py": "xy", "mocks/b.py": "z"}))
    other = digest(root=tree(tmp_path / "other", {"mocks/a.py": "x", "mocks/b.py": "yz"}))
    assert one != other


@pytest.mark.parametrize(
    "name",
    [
        "mocks/__pycache__/system.cpython-311.pyc",
        "mocks/.system.py.swp",
        "scenarios/smoke.toml",
        "tests/test_mocks.py",
        "README.md",
    ],
)
def test_what_decides_nothing_does_not_count(tmp_path: Path, name: str) -> None:
    whole = digest(root=tree(tmp_path / "whole", CODE))
    assert digest(root=tree(tmp_path / "more", {**CODE, name: "x"})) == whole


def test_every_package_of_the_project_is_one_of_them() -> None:
    found = {path.parent.name for path in sources.ROOT.glob("*/__init__.py")}
    assert set(PACKAGES) == found - {"tests", "bench"}
    assert (sources.ROOT / sources.LOCK).is_file()


def test_a_series_is_its_runs_in_any_order_and_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "digest", lambda: "this code")
    of = series(["smoke", "closing-night"])
    assert series(["closing-night", "smoke"]) == of
    assert series(["smoke"]) != of
    assert series(["smoke-closing", "night"]) != series(["smoke", "closing-night"])
    monkeypatch.setattr(sources, "digest", lambda: "other code")
    assert series(["smoke", "closing-night"]) != of
