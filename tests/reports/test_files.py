"""A file is whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.files import indented, write_all, write_whole


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.json", b"old")
    assert write_whole(tmp_path / "a.json", b"new") == tmp_path / "a.json"
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.json", b"new")]


def test_what_was_there_stays_where_the_new_cannot_be_put_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(OSError, match=r"a\.json"):
        write_whole(tmp_path / "a.json", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_files_are_written_by_their_names(tmp_path: Path) -> None:
    paths = write_all(tmp_path, {"one": b"1", "two": b"2"})
    assert [path.read_bytes() for path in paths] == [b"1", b"2"]


def test_json_for_people_ends_with_a_newline() -> None:
    assert indented({"a": 1}) == b'{\n "a": 1\n}\n'
