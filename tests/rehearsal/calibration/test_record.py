"""A calibration is kept for the machine that it was made on, and for no other."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from rehearsal.calibration.record import Fingerprint, default_path, load, save
from rehearsal.errors import UsageError
from tests.rehearsal.calibration.examples import calibration


def test_it_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new" / "calibration.json"
    save(calibration(), path)
    assert load(path) == calibration()
    assert [each.name for each in path.parent.iterdir()] == ["calibration.json"]


def test_none_was_made(tmp_path: Path) -> None:
    assert load(tmp_path / "calibration.json") is None


@pytest.mark.parametrize("field", Fingerprint.__struct_fields__)
def test_that_of_another_machine_is_none(tmp_path: Path, field: str) -> None:
    path, here = tmp_path / "calibration.json", Fingerprint.here()
    other = 1000 if field == "cpus" else "another"
    elsewhere = msgspec.structs.replace(here, **{field: other})
    save(msgspec.structs.replace(calibration(), machine=elsewhere), path)
    assert load(path) is None


@pytest.mark.parametrize("content", [b"", b"{}", b'{"machine": 1}', b"\xff"])
def test_a_damaged_one_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "calibration.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"calibration\.json: .*rehearse calibrate$"):
        load(path)


def test_one_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="the calibration cannot be written"):
        save(calibration(), tmp_path / "file" / "calibration.json")


def test_it_is_kept_in_the_cache_of_the_project() -> None:
    assert default_path().parts[-2:] == (".cache", "calibration.json")
