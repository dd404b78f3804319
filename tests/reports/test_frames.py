"""Whatever the journals are, the frames say the same: one clock, one set of names, compact ids."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import journal
from reports.columns import Columns
from reports.errors import JournalError
from reports.frames import Frames, load
from reports.journal_writer import StreamWriter
from reports.run import Run
from tests.reports.factory import T0, Night, ns
from tests.reports.test_journal import tear

SCHEMA = pa.schema(
    [
        ("name", pa.dictionary(pa.int32(), pa.string())),
        ("at", pa.int64()),
        ("status", pa.int16()),
        ("key", pa.string()),
        ("span", pa.string()),
    ]
)
ROW = st.tuples(st.text(max_size=3), st.integers(-1000, 1000), st.integers(0, 599))


def _batch(rows: list[tuple[str, int, int]]) -> pa.RecordBatch:
    """As a writer that begins its dictionary anew with every batch."""
    columns = [
        pa.array([name for name, _, _ in rows], pa.string()).dictionary_encode(),
        pa.array([T0 + at * 10**9 for _, at, _ in rows], pa.int64()),
        pa.array([status for _, _, status in rows], pa.int16()),
        pa.array(["k"] * len(rows), pa.string()),
        pa.array([f"{status:016x}" for _, _, status in rows], pa.string()),
    ]
    return pa.record_batch(columns, schema=SCHEMA)


@given(st.lists(st.lists(st.lists(ROW, max_size=4), max_size=3), max_size=3))
@settings(max_examples=60, deadline=None)
def test_rows_come_back_in_order_whatever_files_and_batches_they_stood_in(
    files: list[list[list[tuple[str, int, int]]]],
) -> None:
    columns = Columns(SCHEMA, ("at",), T0)
    counted = [columns.add(Path("x"), [_batch(rows) for rows in file]) for file in files]
    frame = columns.frame()
    expected = [row for file in files for rows in file for row in rows]
    assert counted == [sum(len(rows) for rows in file) for file in files]
    assert frame.columns.tolist() == ["name", "at", "status", "span"]
    assert frame["name"].astype(str).tolist() == [row[0] for row in expected]
    assert frame["at"].tolist() == [float(row[1]) for row in expected]
    assert frame["status"].tolist() == frame["span"].tolist() == [row[2] for row in expected]
    assert [str(kind) for kind in frame.dtypes] == ["category", "float64", "int16", "uint64"]


def test_more_names_than_a_small_code_can_number() -> None:
    columns = Columns(SCHEMA, ("at",), T0)
    names = [f"n{number}" for number in range(40_000)]
    for begin in (0, 100, 20_000):
        columns.add(Path("x"), [_batch([(name, 0, 0) for name in names[begin:]])])
    assert columns.frame()["name"].astype(str).tolist() == names + names[100:] + names[20_000:]


@pytest.mark.parametrize(
    ("codes", "words"),
    [pytest.param([0, 7], "column 'name' is damaged", id="too-large"),
     pytest.param([0, -1], "column 'name' is damaged", id="negative"),
     pytest.param([0, None], "column 'name' is damaged", id="null")],
)  # fmt: skip
def test_a_code_without_a_name_is_damage(codes: list[int | None], words: str) -> None:
    batch = _batch([("a", 0, 0), ("b", 0, 0)])
    wrong = pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int32()), batch.column(0).dictionary, safe=False
    )
    batch = batch.set_column(0, SCHEMA.field(0), wrong)
    with pytest.raises(JournalError, match=words):
        Columns(SCHEMA, ("at",), T0).add(Path("x"), [batch])


# what the instruments leave beside the journals of old


@pytest.fixture
def folder(run: Night, tmp_path: Path) -> Path:
    """A small run with two workers, of which worker 1 began visits and left nothing else."""
    path = run.write(tmp_path / "run")
    for instrument in ("visits.*", "counts.*", "pulse.*", "probes.*"):
        for file in path.glob(instrument):
            file.unlink()
    _stream(
        path / "visits.1.arrows",
        journal.VISITS,
        [(3, ns(1), ns(2.5), "finished"), (5, ns(2), ns(2), "dropped")],
    )
    return path


def _stream(path: Path, schema: pa.Schema, rows: list[tuple[object, ...]]) -> None:
    with StreamWriter(path, schema) as writer:
        for row in rows:
            writer.append(*row)


def _frames(folder: Path) -> Frames:
    return load(Run.open(folder))


def test_visits_know_their_worker(folder: Path) -> None:
    _stream(folder / "visits.0.arrows", journal.VISITS, [(4, ns(3), ns(4), "cut")])
    visits = _frames(folder).visits
    rows = list(visits[["arrival", "at", "done", "end", "worker"]].itertuples(index=False, name=None))
    assert rows == [(4, 3.0, 4.0, "cut", 0), (3, 1.0, 2.5, "finished", 1), (5, 2.0, 2.0, "dropped", 1)]


def test_pulses_are_in_seconds(folder: Path) -> None:
    row = ("worker-0", ns(-1.5), 2_000_000, 1_000_000, 3 * 10**9, 5 * 10**8, 7, 50_000_000)
    _stream(folder / "pulse.worker-0.arrows", journal.PULSE, [row])
    found = _frames(folder).pulses.iloc[0].to_dict()
    assert found == {
        "process": "worker-0", "at": -1.5, "loop_lag": 0.002, "thread_lag": 0.001, "cpu": 3.0, "waited": 0.5,
        "in_flight": 7, "rss": 50_000_000,
    }  # fmt: skip


def test_probes_are_judged_like_samples(folder: Path) -> None:
    _stream(folder / "probes.arrows", journal.PROBES, [("home", "a--b", ns(1), ns(1.25), ns(2), 200, "")])
    found = _frames(folder).probes.iloc[0]
    assert (found["response"], found["service"]) == (1.0, 0.75)


def test_counts_have_a_row_per_worker(folder: Path) -> None:
    (folder / "counts.1.i64").write_bytes(struct.pack("<6q", 9, 8, 7, 6, 5, T0))
    counts = _frames(folder).counts
    assert counts.loc[1].to_dict() == dict(zip(journal.COUNTS, (9, 8, 7, 6, 5, T0), strict=True))


def test_what_a_worker_did_not_leave_is_missing(folder: Path) -> None:
    assert set(_frames(folder).missing) == {
        "visits.0.arrows", "counts.0.i64", "counts.1.i64", "pulse.worker-0.arrows", "pulse.worker-1.arrows",
        *(["probes.arrows"] if Run.open(folder).plan.probes else []),
    }  # fmt: skip


def test_a_torn_stream_is_named_and_its_whole_batches_count(folder: Path) -> None:
    path = folder / "samples.1.arrows"
    before = len(_frames(folder).samples)
    tear(path, path.stat().st_size - 40)
    frames = _frames(folder)
    assert frames.torn == ["samples.1.arrows"]
    assert 0 < len(frames.samples) < before


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param(
            lambda folder: (folder / "counts.0.i64").write_bytes(b"\0" * 47),
            "holds 47 bytes; it must hold 48", id="short-counts",
        ),
        pytest.param(
            lambda folder: (folder / "visits.1.arrows").rename(folder / "visits.one.arrows"),
            "'one' is no number of a worker", id="no-worker",
        ),
    ],
)  # fmt: skip
def test_damage_is_named(folder: Path, damage: Callable[[Path], object], words: str) -> None:
    damage(folder)
    with pytest.raises(JournalError, match=words):
        _frames(folder)
