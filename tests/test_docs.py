"""README and ARCHITECTURE say what is so."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from rehearsal.cli import main
from rehearsal.errors import ExitCode
from rehearsal.scenario import load
from tests.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
README, ARCHITECTURE = ROOT / "README.md", ROOT / "ARCHITECTURE.md"
OURS = {"chaos", "fixtures", "mocks", "rehearsal", "reports", "scenarios"}


def blocks(path: Path, language: str) -> list[str]:
    """The code blocks of a language."""
    return re.findall(
        rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def table(path: Path, *heads: str) -> list[list[str]]:
    """The rows of the table with these heads."""
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if cells(line) == list(heads):
            next(lines)
            rows: list[list[str]] = []
            for row in lines:
                if not row.startswith("|"):
                    return rows
                rows.append(cells(row))
            return rows
    raise AssertionError(f"{path.name} has no table | {' | '.join(heads)} |")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def commands() -> list[list[str]]:
    lines = "".join(blocks(README, "sh")).splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.startswith("rehearse ")]


def test_every_command_of_the_readme_can_be_read_and_names_a_scenario_that_there_is() -> None:
    found = commands()
    assert {name for _, name, *_ in found} == set(COMMANDS), "each command is shown once at least"
    parent = click.Context(main, **main.context_settings)
    for _, name, *arguments in found:
        context = COMMANDS[name].make_context(name, list(arguments), parent)
        if "scenario" in context.params:
            load(context.params["scenario"])


def test_every_target_of_make_in_the_readme_is_there() -> None:
    shown = {line.split()[1] for line in "".join(blocks(README, "sh")).splitlines() if line[:5] == "make "}
    rules = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert shown
    assert shown <= rules


def test_the_exit_codes_of_the_readme_are_those_there_are() -> None:
    rows = table(README, "code", "meaning")
    assert [int(code) for code, _ in rows] == [code.value for code in ExitCode]
    assert all(meaning for _, meaning in rows)


def test_the_scenario_of_the_readme_is_one(tmp_path: Path) -> None:
    (text,) = blocks(README, "toml")
    name = tomllib.loads(text)["scenario"]["name"]
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    assert load(path).scenario.name == name


def test_the_folders_of_the_architecture_are_those_there_are() -> None:
    rows = table(ARCHITECTURE, "folder", "holds", "imports of ours")
    shown = [folder.strip("`/") for folder, _, _ in rows]
    there = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert len(shown) == len(set(shown))
    assert there <= set(shown)
    assert all((ROOT / folder).is_dir() for folder in shown)


def test_the_imports_of_the_architecture_are_those_there_are() -> None:
    for folder, _, said in table(ARCHITECTURE, "folder", "holds", "imports of ours"):
        name = folder.strip("`/")
        imported = set()
        for path in (ROOT / name).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            imported |= set(re.findall(r"^\s*(?:from|import) (\w+)", text, re.MULTILINE)) & OURS - {name}
        allowed = OURS if said == "all" else set(re.findall(r"`(\w+)`", said))
        assert imported <= allowed, f"{name}/ imports {sorted(imported - allowed)}"


@pytest.mark.parametrize("path", [README, ARCHITECTURE], ids=lambda path: path.name)
def test_every_file_that_is_linked_or_named_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if not link.startswith("http")]
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py|[a-z_]+\.py)`", text)
    missing = [name for name in (*linked, *named) if not (ROOT / name).exists()]
    assert not missing, f"{path.name} names {missing}"
