"""The evidence is on disk in the documented columns, and a run without it stops."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import ipc

from rehearsal.swarm.progress import Progress
from rehearsal.swarm.recorder import MOST_ROWS, Recorder, RecorderError, Sample
from reports.journal import COUNTS, SAMPLES
from reports.journal_reader import read_stream
from scenarios.journeys.visitor import Intent

SAMPLE = Sample(
    3, "pay", "home", "15", "citizens--vneid", 1, 1_000, 2_000, 3_000, 200, "ok", "", 10, 20,
    "a" * 32, "b" * 16,
)  # fmt: skip
INTENT = Intent("i1", "payment", "national-portal", "15", "00004", "1.000001", "H15-1", 50_000)


def rows(path: Path) -> list[dict[str, object]]:
    with pa.OSFile(str(path)) as file:
        found: list[dict[str, object]] = ipc.open_stream(file).read_all().to_pylist()
        return found


def test_a_sample_has_the_columns_of_the_journal() -> None:
    assert list(Sample._fields) == SAMPLES.names


def test_samples_are_written_by_flush_and_close(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, 1, Progress())
    recorder.sample(SAMPLE)
    recorder.flush()
    recorder.sample(SAMPLE._replace(step="next"))
    recorder.close()
    assert rows(tmp_path / "samples.1.arrows") == [SAMPLE._asdict(), SAMPLE._replace(step="next")._asdict()]


def test_samples_are_counted_when_they_are_written(tmp_path: Path) -> None:
    progress = Progress()
    recorder = Recorder(tmp_path, 0, progress)
    recorder.sample(SAMPLE)
    recorder.sample(SAMPLE._replace(outcome="unknown"))
    recorder.close()
    assert (progress.requests, progress.ok, progress.unknown) == (2, 1, 1)


def counts(folder: Path, worker: int = 0) -> dict[str, int]:
    content = (folder / f"counts.{worker}.i64").read_bytes()
    return dict(zip(COUNTS, struct.unpack(f"<{len(COUNTS)}q", content), strict=True))


def test_what_was_begun_is_known_whatever_becomes_of_the_process(tmp_path: Path) -> None:
    """The counts are in the file before anything is flushed."""
    recorder = Recorder(tmp_path, 0, Progress())
    recorder.began()
    recorder.dropped(8)
    recorder.begin()
    recorder.begin()
    recorder.sample(SAMPLE)
    assert recorder.in_flight == 1
    expected = {"begun": 2, "recorded": 1, "started": 1, "dropped": 1, "ended": 0}
    assert counts(tmp_path) == {**expected, "at": SAMPLE.done}
    recorder.ended(7, 5, "cut")
    recorder.close()
    assert counts(tmp_path)["ended"] == 1


def test_a_worker_killed_between_flushes_has_lost_what_its_counts_say(tmp_path: Path) -> None:
    code = (
        "import os, signal; from pathlib import Path; "
        "from rehearsal.swarm.recorder import Recorder; from rehearsal.swarm.progress import Progress; "
        "from tests.rehearsal.swarm.test_recorder import SAMPLE; "
        f"r = Recorder(Path({str(tmp_path)!r}), 0, Progress())\n"
        "for n in range(25):\n    r.begin(); r.sample(SAMPLE)\n    n == 14 and r.flush()\n"
        "r.begin(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == -9
    table, torn = read_stream(tmp_path / "samples.0.arrows", SAMPLES)
    assert torn
    assert (table.num_rows, counts(tmp_path)["recorded"], counts(tmp_path)["begun"]) == (15, 25, 26)


def test_many_samples_are_flushed_before_the_second_is_over(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, 0, Progress())
    for _ in range(MOST_ROWS):
        recorder.sample(SAMPLE)
    assert read_stream(tmp_path / "samples.0.arrows", SAMPLES)[0].num_rows == MOST_ROWS
    recorder.close()


def test_visits_are_written_with_their_ends(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, 2, Progress())
    recorder.ended(7, 5, "gave-up")
    recorder.dropped(8)
    recorder.close()
    ended, dropped = rows(tmp_path / "visits.2.arrows")
    assert (ended["arrival"], ended["at"], ended["end"]) == (7, 5, "gave-up")
    assert (dropped["arrival"], dropped["end"], dropped["at"]) == (8, "dropped", dropped["done"])


def test_journals_are_on_the_clock_of_the_conductor(tmp_path: Path) -> None:
    """A worker whose clock is 300 ns ahead."""
    recorder = Recorder(tmp_path, 0, Progress())
    recorder.on_clock(300)
    recorder.begin()
    recorder.sample(SAMPLE)
    recorder.invoke(INTENT, 5_000, 3, "d" * 64)
    recorder.settle(INTENT, 6_000, "ok", 201, "R1")
    recorder.ended(7, 1_000, "finished")
    recorder.close()
    (sample,) = rows(tmp_path / "samples.0.arrows")
    assert (sample["planned"], sample["sent"], sample["done"]) == (700, 1_700, 2_700)
    assert counts(tmp_path)["at"] == 2_700
    assert rows(tmp_path / "visits.0.arrows")[0]["at"] == 700
    lines = (tmp_path / "intents.0.jsonl").read_text().splitlines()
    assert [json.loads(line)["at"] for line in lines] == [4_700, 5_700]


def test_an_intent_is_on_disk_when_invoke_returns(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, 0, Progress())
    recorder.invoke(INTENT, 5, 3, "d" * 64)
    (line,) = (tmp_path / "intents.0.jsonl").read_text().splitlines()
    assert json.loads(line) == {
        "event": "invoke",
        "intent": "i1",
        "kind": "payment",
        "at": 5,
        "arrival": 3,
        "system": "national-portal",
        "province": "15",
        "commune": "00004",
        "procedure": "1.000001",
        "dossier": "H15-1",
        "amount": 50_000,
        "digest": "d" * 64,
    }
    recorder.settle(INTENT, 6, "ok", 201, "R1")
    recorder.close()
    last = (tmp_path / "intents.0.jsonl").read_text().splitlines()[-1]
    assert json.loads(last) == {"event": "ok", "intent": "i1", "at": 6, "status": 201, "record": "R1"}


def test_a_folder_that_cannot_be_written_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(RecorderError, match="cannot write its evidence"):
        Recorder(tmp_path / "missing", 0, Progress())


def test_a_full_disk_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "intents.0.jsonl").symlink_to("/dev/full")
    recorder = Recorder(tmp_path, 0, Progress())
    with pytest.raises(RecorderError, match="No space left"):
        recorder.invoke(INTENT, 5, 3, "")
    recorder.close()


def test_a_row_that_does_not_fit_stops_the_run(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, 0, Progress())
    recorder.sample(SAMPLE._replace(attempt=1_000_000))
    with pytest.raises(RecorderError, match="attempt"):
        recorder.flush()
    recorder.close()


def test_writing_evidence_imports_no_pandas(tmp_path: Path) -> None:
    """An import in the middle of a run takes a second, in which no request is sent."""
    program = f"""
import sys
from pathlib import Path
from rehearsal.swarm.progress import Progress
from rehearsal.swarm.recorder import Recorder
from tests.rehearsal.swarm.test_recorder import SAMPLE
recorder = Recorder(Path({str(tmp_path)!r}), 0, Progress())
recorder.sample(SAMPLE)
recorder.close()
sys.exit("pandas" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
