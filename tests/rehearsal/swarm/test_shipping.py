"""Files arrive whole over a channel that loses, repeats and delays messages; nothing else is ever written."""

import struct
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.errors import RehearsalError
from rehearsal.swarm.messages import Ship, Shipped
from rehearsal.swarm.shipping import PIECE, RESEND_AFTER, WINDOW, Depot, Shipper, counts, growing, intents

SAMPLES = "samples.1.arrows"
INTENTS = intents(1)
COUNTS = counts(1)


class Line:
    """A worker's files, the master's, and what is on its way between them, in simulated time."""

    def __init__(self, folder: Path) -> None:
        self.here, self.there = folder / "here", folder / "there"
        for place in (self.here, self.there):
            place.mkdir(parents=True)
        self.seconds = 0.0
        self.pieces: deque[Ship] = deque()
        self.shipper = Shipper(self.here, 1, self.pieces.append, now=lambda: self.seconds)
        self.depot = Depot(self.there, 1)

    def write(self, name: str, content: bytes) -> None:
        with (self.here / name).open("ab") as file:
            file.write(content)

    def arrived(self, name: str) -> bytes:
        path = self.there / name
        return path.read_bytes() if path.exists() else b""

    def carry(self, fate: Callable[[], str] = lambda: "arrives") -> None:
        """Deliver what is on its way; of each piece and each answer ``fate`` says what becomes of it."""
        while self.pieces:
            piece = self.pieces.popleft()
            match fate():
                case "lost":
                    continue
                case "late":
                    self.pieces.append(piece)
                    if len(self.pieces) == 1:
                        continue
                case "twice":
                    self.answer(self.depot.take(piece), fate())
                    self.answer(self.depot.take(piece), fate())
                case _:
                    self.answer(self.depot.take(piece), fate())

    def answer(self, shipped: Shipped, fate: str) -> None:
        if fate != "lost":
            self.shipper.on_shipped(shipped)

    def rest(self) -> None:
        """Send and deliver until everything is there."""
        for _ in range(1000):
            if not self.shipper.missing:
                return
            self.seconds += RESEND_AFTER + 1
            self.shipper.step()
            self.carry()
        raise AssertionError(f"never complete: {self.shipper.missing}")


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path)


def test_what_is_new_goes_once_and_is_acknowledged(line: Line) -> None:
    line.write(INTENTS, b"one\n")
    line.shipper.step()
    line.shipper.step()
    assert list(line.pieces) == [Ship(INTENTS, 0, b"one\n")]
    assert line.shipper.missing == [INTENTS]
    line.carry()
    line.write(INTENTS, b"two\n")
    line.shipper.step()
    assert list(line.pieces) == [Ship(INTENTS, 4, b"two\n")]
    line.carry()
    assert line.arrived(INTENTS) == b"one\ntwo\n"
    assert line.shipper.missing == []


def test_no_more_is_on_its_way_than_the_window_allows(line: Line) -> None:
    line.write(SAMPLES, bytes(3 * WINDOW))
    line.shipper.step()
    assert sum(len(piece.content) for piece in line.pieces) == WINDOW
    assert max(len(piece.content) for piece in line.pieces) == PIECE
    line.carry()
    assert line.shipper.missing == []


def test_what_was_not_acknowledged_is_sent_again_after_a_while(line: Line) -> None:
    line.write(INTENTS, b"one\n")
    line.shipper.step()
    line.pieces.clear()
    line.seconds += RESEND_AFTER
    line.shipper.step()
    assert not line.pieces
    line.seconds += 0.1
    line.shipper.step()
    assert list(line.pieces) == [Ship(INTENTS, 0, b"one\n")]


def test_a_gap_is_not_filled_with_zeros(line: Line) -> None:
    assert line.depot.take(Ship(INTENTS, 4, b"two\n")) == Shipped(INTENTS, 0)
    assert line.arrived(INTENTS) == b""


def test_counts_go_whole_each_time_they_changed(line: Line) -> None:
    for content in (b"12345678", b"87654321"):
        (line.here / COUNTS).write_bytes(content)
        line.shipper.step()
        line.shipper.step()
        assert list(line.pieces) == [Ship(COUNTS, 0, content, whole=True)]
        line.carry()
        assert line.arrived(COUNTS) == content
    assert line.shipper.missing == []


def test_an_answer_to_older_counts_settles_nothing(line: Line) -> None:
    (line.here / COUNTS).write_bytes(b"old")
    line.shipper.step()
    answer = line.depot.take(line.pieces.popleft())
    (line.here / COUNTS).write_bytes(b"new")
    line.shipper.step()
    line.shipper.on_shipped(answer)
    assert line.shipper.missing == [COUNTS]


def test_checksums_never_speak_of_bytes_that_are_not_there(line: Line) -> None:
    record = struct.Struct("<3q").pack
    line.write(SAMPLES, b"a" * 100 + b"b" * 50)
    line.write(f"{SAMPLES}.crc", record(0, 100, 1) + record(100, 50, 2) + b"torn")
    line.shipper.step()
    assert {piece.file for piece in line.pieces} == {SAMPLES}
    line.carry()
    line.shipper.step()
    line.carry()
    assert line.arrived(f"{SAMPLES}.crc") == record(0, 100, 1) + record(100, 50, 2)


FATES = st.lists(st.sampled_from(["arrives", "arrives", "lost", "twice", "late"]), max_size=60)
WRITES = st.lists(st.tuples(st.sampled_from([SAMPLES, INTENTS]), st.integers(1, 2 * PIECE)), max_size=8)


@given(WRITES, FATES)
def test_whatever_happens_on_the_way_the_master_has_a_beginning_and_in_the_end_all(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[str, int]], fates: list[str]
) -> None:
    line = Line(tmp_path_factory.mktemp("line"))
    remaining = iter(fates)
    for number, (name, size) in enumerate(writes):
        line.write(name, bytes([number + 1]) * size)
        line.seconds += 2.0
        line.shipper.step()
        line.carry(lambda: next(remaining, "arrives"))
        for each in (SAMPLES, INTENTS):
            written = (line.here / each).read_bytes() if (line.here / each).exists() else b""
            assert written.startswith(line.arrived(each))
    line.rest()
    for name in {name for name, _ in writes}:
        assert line.arrived(name) == (line.here / name).read_bytes()
    line.depot.close()


@pytest.mark.parametrize(
    "ship",
    [
        pytest.param(Ship("samples.0.arrows", 0, b"x"), id="of another worker"),
        pytest.param(Ship("run.json", 0, b"x"), id="of the conductor"),
        pytest.param(Ship("../intents.1.jsonl", 0, b"x"), id="outside"),
        pytest.param(Ship("/etc/passwd", 0, b"x"), id="far outside"),
        pytest.param(Ship(INTENTS, 0, b"x", whole=True), id="whole, though it grows"),
        pytest.param(Ship(COUNTS, 0, b"x"), id="in pieces, though it goes whole"),
    ],
)
def test_only_a_workers_own_files_are_kept(line: Line, ship: Ship) -> None:
    with pytest.raises(RehearsalError, match=r"worker 1 sent .*legal are samples\.1\.arrows"):
        line.depot.take(ship)
    assert list(line.there.iterdir()) == []


def test_a_full_disk_is_an_error_that_names_the_file(line: Line) -> None:
    (line.there / INTENTS).symlink_to("/dev/full")
    with pytest.raises(RehearsalError, match=rf"{INTENTS} of worker 1: .*No space left"):
        line.depot.take(Ship(INTENTS, 0, b"x"))


def test_the_files_that_only_grow_are_those_of_the_journal() -> None:
    assert set(growing(7)) == {
        "samples.7.arrows", "samples.7.arrows.crc", "visits.7.arrows", "visits.7.arrows.crc",
        "pulse.worker-7.arrows", "pulse.worker-7.arrows.crc", "intents.7.jsonl",
    }  # fmt: skip
