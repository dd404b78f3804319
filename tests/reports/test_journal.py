"""What is appended comes back, whole or torn at any byte; what no writer can leave behind is an error."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import journal
from reports.checksums import sidecar
from reports.errors import JournalError
from reports.journal_reader import read_lines, read_stream, read_table
from reports.journal_writer import CHECKSUM, LineWriter, StreamWriter, write_table

SCHEMA = pa.schema(
    [("name", pa.dictionary(pa.int32(), pa.string())), ("number", pa.int64()), ("key", pa.string())]
)
ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "hồ sơ"]), st.integers(-(2**63), 2**63 - 1), st.text(max_size=5)),
    max_size=8,
)
BATCHES = st.lists(ROWS, max_size=5)


def _written(path: Path, batches: list[list[tuple[str, int, str]]]) -> bytes:
    with StreamWriter(path, SCHEMA, {"worker": "3"}) as writer:
        for batch in batches:
            for row in batch:
                writer.append(*row)
            writer.flush()
    return path.read_bytes()


def tear(path: Path, at: int) -> None:
    """Leave of a stream what its writer had handed over when it was killed: bytes, then their checksum."""
    path.write_bytes(path.read_bytes()[:at])
    records = list(CHECKSUM.iter_unpack(sidecar(path).read_bytes()))
    whole = [record for record in records if record[0] + record[1] <= at]
    half = CHECKSUM.pack(0, 0, 0)[: at % CHECKSUM.size]
    sidecar(path).write_bytes(b"".join(CHECKSUM.pack(*record) for record in whole) + half)


def _rows(table: pa.Table) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in table.to_pylist()]


@given(BATCHES)
@settings(max_examples=60, deadline=None)
def test_a_closed_stream_comes_back_whole(batches: list[list[tuple[str, int, str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.arrows"
        _written(path, batches)
        table, torn = read_stream(path, SCHEMA)
        assert not torn
        assert _rows(table) == [row for batch in batches for row in batch]
        assert table.schema.metadata == {b"worker": b"3"}


@given(BATCHES, st.data())
@settings(max_examples=150, deadline=None)
def test_a_stream_torn_at_any_byte_gives_whole_batches_and_says_so(
    batches: list[list[tuple[str, int, str]]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.arrows"
        content = _written(path, batches)
        tear(path, data.draw(st.integers(0, len(content) - 1)))
        table, torn = read_stream(path, SCHEMA)
        assert torn
        kept, ends = _rows(table), [0]
        for batch in batches:
            ends.append(ends[-1] + len(batch))
        assert len(kept) in ends
        assert kept == [row for batch in batches for row in batch][: len(kept)]


def test_a_stream_whose_writer_was_killed_between_two_flushes_is_torn(tmp_path: Path) -> None:
    path = tmp_path / "s.arrows"
    writer = StreamWriter(path, SCHEMA)
    writer.append("a", 1, "x")
    writer.flush()
    writer.append("a", 2, "lost with its process")
    table, torn = read_stream(path, SCHEMA)
    assert (_rows(table), torn) == ([("a", 1, "x")], True)
    writer.close()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"PK\x03\x04 something else", "an Arrow stream starts with", id="another-format"),
        pytest.param(None, "column 1 is", id="other-columns"),
    ],
)
def test_a_file_that_is_no_such_stream_is_an_error(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "s.arrows"
    if content is None:
        StreamWriter(path, journal.CALLS).close()
    else:
        path.write_bytes(content)
    with pytest.raises(JournalError, match=words) as caught:
        read_stream(path, SCHEMA)
    assert str(path) in str(caught.value)


@given(BATCHES, st.data())
@settings(max_examples=60, deadline=None)
def test_a_changed_bit_is_found_wherever_it_is(
    batches: list[list[tuple[str, int, str]]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.arrows"
        content = bytearray(_written(path, batches))
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] ^= 1 << data.draw(st.integers(0, 7))
        path.write_bytes(content)
        with pytest.raises(JournalError) as caught:
            read_stream(path, SCHEMA)
        assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param(
            lambda content: content[:-9], r"bytes \d+ to \d+ are on record .* file has \d+", id="short"
        ),
        pytest.param(
            lambda content: content.replace(b"xyz", b"xyw"), r"bytes \d+ to \d+ have the CRC-32", id="changed"
        ),
    ],
)
def test_what_the_checksums_contradict_is_damaged_and_the_range_is_named(
    tmp_path: Path, damage: Callable[[bytes], bytes], words: str
) -> None:
    path = tmp_path / "s.arrows"
    path.write_bytes(damage(_written(path, [[("a", 1, "xyz")]])))
    with pytest.raises(JournalError, match=f"{words}.*damaged"):
        read_stream(path, SCHEMA)


def test_a_damaged_batch_in_a_stream_that_was_closed_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "s.arrows"
    content = bytearray(_written(path, [[("a", 1, "x")], [("b", 2, "y")]]))
    sidecar(path).unlink()  # as streams of older versions
    at = content.rindex(b"\xff\xff\xff\xff", 0, len(content) - 8)
    content[at + 4 : at + 8] = b"\xff\xff\xff\x7f"
    path.write_bytes(content)
    with pytest.raises(JournalError, match="is damaged"):
        read_stream(path, SCHEMA)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        pytest.param(("a", 1), "2 values, the schema has 3 columns", id="too-short"),
        pytest.param(("a", "one", ""), "column 'number'", id="wrong-type"),
        pytest.param(("a", 2**70, ""), "column 'number'", id="too-large"),
    ],
)
def test_a_row_that_does_not_fit_names_the_file_and_the_column(
    tmp_path: Path, row: tuple[object, ...], words: str
) -> None:
    writer = StreamWriter(tmp_path / "s.arrows", SCHEMA)
    writer.append(*row)
    with pytest.raises(JournalError, match=words):
        writer.flush()
    writer.close()


def test_a_table_appears_under_its_name_only_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "t.arrow"
    write_table(path, pa.schema([("n", pa.int32())]), [(1,), (2,)])
    assert read_table(path, pa.schema([("n", pa.int32())])).column("n").to_pylist() == [1, 2]
    assert [entry.name for entry in tmp_path.iterdir()] == ["t.arrow"]


def test_a_truncated_table_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.arrow"
    write_table(path, pa.schema([("n", pa.int32())]), [(1,)])
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(JournalError, match="not a complete Arrow file"):
        read_table(path, pa.schema([("n", pa.int32())]))


class Line(msgspec.Struct, frozen=True):
    n: int
    words: str = ""


LINES = st.lists(st.builds(Line, st.integers(0, 2**53), st.text(max_size=6)), max_size=8)


@given(LINES, st.data())
@settings(max_examples=150, deadline=None)
def test_lines_torn_at_any_byte_give_the_lines_before(lines: list[Line], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "l.jsonl"
        with LineWriter(path) as writer:
            for line in lines:
                writer.write(line)
        assert read_lines(path, Line) == (lines, False)
        content = path.read_bytes()
        cut = data.draw(st.integers(0, len(content)))
        path.write_bytes(content[:cut])
        kept, torn = read_lines(path, Line)
        assert kept == lines[: len(kept)]
        assert len(kept) >= content[:cut].count(b"\n")
        assert torn == (cut > 0 and content[cut - 1 : cut] != b"\n")


def test_a_line_is_on_disk_when_write_returns(tmp_path: Path) -> None:
    path = tmp_path / "l.jsonl"
    first, second = LineWriter(path), LineWriter(path)
    first.write({"n": 1})
    second.write({"n": 2})
    first.write({"n": 3})
    assert [line.n for line in read_lines(path, Line)[0]] == [1, 2, 3]
    first.close()
    second.close()


@pytest.mark.parametrize("bad", [b'{"n": "x"}', b'{"n": 1', b"\xff\xfe"])
def test_a_damaged_line_in_the_middle_names_file_and_line(tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "l.jsonl"
    path.write_bytes(b'{"n": 1}\n' + bad + b'\n{"n": 3}\n')
    with pytest.raises(JournalError, match=r"l\.jsonl: line 2:"):
        read_lines(path, Line)
