"""What is planted in the ledger that is timed is found, each kind as often as it was planted, and no more."""

from __future__ import annotations

from pathlib import Path

import msgspec
from click.testing import CliRunner

from bench.ledger import reconciled
from bench.ledger_folder import PLANTED, main


def test_what_is_planted_is_found_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    result = CliRunner().invoke(main, [str(folder), "--entries", "20000"], catch_exceptions=False)
    planted: dict[str, int] = msgspec.json.decode(result.output)
    assert set(PLANTED) <= set(planted)
    assert reconciled(folder)["violations"] == planted
