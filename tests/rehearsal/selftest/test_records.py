"""A row is used again in its own unfinished series, for the very same run, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from rehearsal.errors import SetUpError
from rehearsal.selftest.records import FINISHED, Records
from rehearsal.selftest.rows import without_verdict
from tests.rehearsal.selftest.examples import CLEAN, planted, row

HASH = "a" * 64
SERIES = "these runs, this code"


def test_a_row_of_an_unfinished_series_comes_back_as_it_was(tmp_path: Path) -> None:
    records, task = Records(tmp_path / "rows", SERIES), planted()
    assert records.unfinished(task, HASH) is None
    kept = row(tmp_path, task, missed=["no-dossier-lost@case-24"])
    assert kept.where == {"no-dossier-lost": ("case-24",)}
    records.keep(task, HASH, kept)
    assert Records(tmp_path / "rows", SERIES).unfinished(task, HASH) == kept


def test_a_row_of_another_series_is_not_gone_on_with(tmp_path: Path) -> None:
    Records(tmp_path, SERIES).keep(CLEAN, HASH, row(tmp_path, CLEAN))
    assert Records(tmp_path, "other runs, or other code").unfinished(CLEAN, HASH) is None


def test_a_series_that_came_to_its_end_is_not_gone_on_with(tmp_path: Path) -> None:
    records = Records(tmp_path, SERIES)
    records.keep(CLEAN, HASH, row(tmp_path, CLEAN))
    records.finish([CLEAN, planted()])
    assert Records(tmp_path, SERIES).unfinished(CLEAN, HASH) is None
    assert Records(tmp_path, FINISHED).unfinished(CLEAN, HASH) is None


def test_the_end_of_one_series_leaves_the_rows_of_another(tmp_path: Path) -> None:
    Records(tmp_path, SERIES).keep(CLEAN, HASH, row(tmp_path, CLEAN))
    Records(tmp_path, "another").finish([CLEAN])
    assert Records(tmp_path, SERIES).unfinished(CLEAN, HASH) is not None


def test_a_conclusive_row_is_found_whatever_code_made_it_and_however_it_ended(tmp_path: Path) -> None:
    records, kept = Records(tmp_path, SERIES), row(tmp_path, CLEAN, missed=["no-dossier-lost"])
    records.keep(CLEAN, HASH, kept)
    assert Records(tmp_path, "other code").conclusive(CLEAN, HASH) == kept
    records.finish([CLEAN])
    assert Records(tmp_path, FINISHED).conclusive(CLEAN, HASH) == kept


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"scenario": "other"}, {"system": "vneid"}, {"defect": "stale-reads"}]
)
def test_another_task_of_that_name_is_another(tmp_path: Path, change: dict[str, object]) -> None:
    records, task = Records(tmp_path / "rows", SERIES), planted()
    records.keep(task, HASH, row(tmp_path, task))
    other = msgspec.structs.replace(task, **change)
    assert records.unfinished(other, HASH) is records.conclusive(other, HASH) is None


def test_another_content_of_the_scenario_is_another(tmp_path: Path) -> None:
    records = Records(tmp_path / "rows", SERIES)
    records.keep(CLEAN, HASH, row(tmp_path, CLEAN))
    assert records.unfinished(CLEAN, "b" * 64) is records.conclusive(CLEAN, "b" * 64) is None


def test_what_was_not_conclusive_is_not_taken_for_a_run_that_can_be_judged(tmp_path: Path) -> None:
    records = Records(tmp_path / "rows", SERIES)
    for again in (
        without_verdict(CLEAN, "?", seconds=1, attempts=2),
        row(tmp_path, CLEAN, broken=["generator-lag"]),
    ):
        records.keep(CLEAN, HASH, again)
        assert records.conclusive(CLEAN, HASH) is None


@pytest.mark.parametrize("left", [b"", b'{"series": "', b'{"series": "\xff"}', b"[]"])
def test_a_damaged_record_is_none(tmp_path: Path, left: bytes) -> None:
    records = Records(tmp_path, SERIES)
    records.keep(CLEAN, HASH, row(tmp_path, CLEAN))
    (file,) = tmp_path.glob("*.json")
    file.write_bytes(left)
    records.finish([CLEAN])
    assert records.unfinished(CLEAN, HASH) is records.conclusive(CLEAN, HASH) is None


def test_a_folder_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetUpError, match=r"clean-01\.json: cannot be written"):
        Records(tmp_path / "file", SERIES).keep(CLEAN, HASH, row(tmp_path, CLEAN))
