"""A run of the night is ``rehearse run`` in a process of its own; its folder is the one that it made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from rehearsal.errors import ExitCode
from rehearsal.nightly import running
from rehearsal.nightly.running import Runs
from rehearsal.selftest.rows import Task

TASK = Task("smoke", "smoke", 1)


class FakeChild:
    """A process that ends at once, after it has made a run folder or not."""

    def __init__(self, status: int, makes: Path | None) -> None:
        self.status = status
        self.commands: list[Sequence[str]] = []
        self._makes = makes

    async def start(self, _name: str, command: Sequence[str], _log: Path) -> FakeChild:
        self.commands.append(command)
        if self._makes is not None:
            (self._makes / "stores").mkdir(parents=True)
        return self

    async def wait(self) -> int:
        return self.status

    async def stop(self) -> None:
        return

    def last_words(self) -> str:
        return "; the end of its log:\n  boom"


@pytest.mark.parametrize("status", [ExitCode.MET, ExitCode.MISSED, ExitCode.INCONCLUSIVE])
async def test_a_verdict_is_the_folder_that_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    (tmp_path / "smoke" / "20260101-000000").mkdir(parents=True)
    new = tmp_path / "smoke" / "20260102-000000"
    child = FakeChild(status, new)
    monkeypatch.setattr(running, "Child", child)
    gone: list[bool] = []
    made = await Runs(tmp_path, tmp_path / "logs", 2, None)(TASK, lambda: gone.append(True))
    assert made.folder == new
    assert not (new / "stores").exists(), "they are large, and stored.arrow says the same"
    assert gone == [True]
    assert child.commands[0][:5] == ["rehearsal", "run", "smoke", "--runs", str(tmp_path)]


@pytest.mark.parametrize("status", [ExitCode.MET, ExitCode.NO_ENVIRONMENT])
async def test_no_new_folder_or_another_ending_is_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    new = tmp_path / "smoke" / "20260102-000000" if status == ExitCode.NO_ENVIRONMENT else None
    monkeypatch.setattr(running, "Child", FakeChild(status, new))
    made = await Runs(tmp_path, tmp_path / "logs", 2, "127.0.0.1:8474")(TASK, lambda: None)
    assert made.folder is None
    assert f"exit code {int(status)}" in made.reason
    assert "boom" in made.reason
