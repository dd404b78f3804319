"""The journals of the mocks are those that the reports read, and writing them loads nothing heavy."""

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pyarrow as pa
import pytest

import mocks.received
import reports.journal
from mocks.received import Journal, Row
from reports.journal_reader import read_stream

RECEIVED_ROW: Row = ("vneid", "token", "portal", 1, 2, 3, 4, 200, "key", "trace", "span")
CALLS_ROW: Row = ("a", "b", "a--b", "token", 1, 10, 20, 0, "connect", "", "trace", "span")
PULSE_ROW: Row = ("mocks-provinces", 1, 2, 3, 4, 5, 6, 7)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(mocks.received.RECEIVED, reports.journal.RECEIVED, id="received"),
        pytest.param(mocks.received.CALLS, reports.journal.CALLS, id="calls"),
        pytest.param(mocks.received.PULSE, reports.journal.PULSE, id="pulse"),
    ],
)
def test_columns_are_those_of_the_reports(ours: pa.Schema, theirs: pa.Schema) -> None:
    assert ours == theirs


@pytest.mark.parametrize(
    ("schema", "row"),
    [
        pytest.param(mocks.received.RECEIVED, RECEIVED_ROW, id="received"),
        pytest.param(mocks.received.CALLS, CALLS_ROW, id="calls"),
        pytest.param(mocks.received.PULSE, PULSE_ROW, id="pulse"),
    ],
)
def test_what_is_written_is_read_back(tmp_path: Path, schema: pa.Schema, row: Row) -> None:
    path = tmp_path / "journal.arrows"
    journal = Journal(path, schema)
    journal.append(row)
    journal.append(("Cổng Đà Nẵng", *row[1:]))
    journal.flush()
    journal.flush()
    journal.append(("vneid", *row[1:]))
    journal.close()
    table, torn = read_stream(path, schema)
    assert not torn
    names = [row[0], "Cổng Đà Nẵng", "vneid"]
    assert [tuple(each.values()) for each in table.to_pylist()] == [(name, *row[1:]) for name in names]


def test_what_was_flushed_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "received.arrows"
    journal = Journal(path, mocks.received.RECEIVED)
    journal.append(RECEIVED_ROW)
    journal.flush()
    journal.append(RECEIVED_ROW)
    killed = tmp_path / "killed.arrows"
    killed.write_bytes(path.read_bytes())  # what another process finds at this moment
    table, torn = read_stream(killed, mocks.received.RECEIVED)
    assert (table.num_rows, torn) == (1, True)
    journal.close()


def checksums(path: Path) -> list[tuple[int, int, int]]:
    return list(struct.iter_unpack("<qqq", path.with_name(f"{path.name}.crc").read_bytes()))


def test_every_flush_has_a_checksum_and_together_they_cover_the_file(tmp_path: Path) -> None:
    path = tmp_path / "calls.arrows"
    journal = Journal(path, mocks.received.CALLS)
    for _ in range(3):
        journal.append(CALLS_ROW)
        journal.flush()
    journal.flush()
    journal.close()
    content, covered = path.read_bytes(), 0
    records = checksums(path)
    assert len(records) == 4, "three batches, the first with the schema, and the end; an empty flush is none"
    for offset, length, crc in records:
        assert offset == covered
        assert zlib.crc32(content[offset : offset + length]) == crc
        covered += length
    assert covered == len(content)


def test_a_flush_is_one_write_of_the_stream_and_then_one_of_its_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between any two of them, a process leaves whole batches and no checksum of what is not there."""
    journal = Journal(tmp_path / "received.arrows", mocks.received.RECEIVED)
    journal.append(RECEIVED_ROW)
    written: list[tuple[int, int]] = []

    def write(descriptor: int, data: bytes) -> int:
        written.append((descriptor, len(data)))
        return os_write(descriptor, data)

    os_write = os.write
    monkeypatch.setattr(os, "write", write)
    journal.flush()
    monkeypatch.undo()
    (stream, length), (sidecar, size) = written
    assert (stream, sidecar, size) == (journal._stream, journal._checksums, 24)
    assert length > 0
    journal.close()


def test_a_short_write_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "received.arrows"
    journal = Journal(path, mocks.received.RECEIVED)
    os_write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: os_write(descriptor, data[:7]))
    journal.append(RECEIVED_ROW)
    journal.flush()
    monkeypatch.undo()
    journal.close()
    table, torn = read_stream(path, mocks.received.RECEIVED)
    assert (table.num_rows, torn) == (1, False)


def test_a_process_of_mocks_loads_neither_pandas_nor_locust(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
import mocks.process
from mocks.received import CALLS, RECEIVED, Journal
for schema, row in ((RECEIVED, {RECEIVED_ROW!r}), (CALLS, {CALLS_ROW!r})):
    journal = Journal(Path({str(tmp_path)!r}) / "journal.arrows", schema)
    journal.append(row)
    journal.close()
heavy = {{"pandas", "locust", "gevent", "matplotlib"}} & {{name.partition(".")[0] for name in sys.modules}}
sys.exit(f"loaded: {{sorted(heavy)}}" if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
