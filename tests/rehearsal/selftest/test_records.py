"""A row is used again for the same defect, scenario, seed and content, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from rehearsal.errors import SetUpError
from rehearsal.selftest.records import Records
from rehearsal.selftest.rows import without_verdict
from tests.rehearsal.selftest.examples import CLEAN, planted, row

HASH = "a" * 64


def test_a_row_comes_back_as_it_was(tmp_path: Path) -> None:
    records, task = Records(tmp_path / "rows"), planted()
    assert records.find(task, HASH) is None
    kept = row(tmp_path, task, missed=["no-dossier-lost"])
    records.keep(task, HASH, kept)
    assert Records(tmp_path / "rows").find(task, HASH) == kept


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"scenario": "other"}, {"system": "vneid"}, {"defect": "stale-reads"}]
)
def test_another_task_of_that_name_is_another(tmp_path: Path, change: dict[str, object]) -> None:
    records, task = Records(tmp_path / "rows"), planted()
    records.keep(task, HASH, row(tmp_path, task))
    assert records.find(msgspec.structs.replace(task, **change), HASH) is None


def test_another_content_of_the_scenario_is_another(tmp_path: Path) -> None:
    records = Records(tmp_path / "rows")
    records.keep(CLEAN, HASH, row(tmp_path, CLEAN))
    assert records.find(CLEAN, "b" * 64) is None


def test_what_was_not_conclusive_is_made_again(tmp_path: Path) -> None:
    records = Records(tmp_path / "rows")
    for again in (
        without_verdict(CLEAN, "?", seconds=1, attempts=2),
        row(tmp_path, CLEAN, broken=["generator-lag"]),
    ):
        records.keep(CLEAN, HASH, again)
        assert records.find(CLEAN, HASH) is None


def test_a_damaged_record_is_none(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.keep(CLEAN, HASH, row(tmp_path, CLEAN))
    (file,) = tmp_path.glob("*.json")
    file.write_bytes(file.read_bytes()[:100])
    assert records.find(CLEAN, HASH) is None


def test_a_folder_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetUpError, match=r"clean-01\.json: cannot be written"):
        Records(tmp_path / "file").keep(CLEAN, HASH, row(tmp_path, CLEAN))
