"""The evidence is on disk in the documented columns, and a run without it stops."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import ipc

from rehearsal.swarm.progress import Progress
from rehearsal.swarm.recorder import Recorder, RecorderError, Sample
from reports.journal import SAMPLES
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


def test_samples_are_counted_and_shown(tmp_path: Path) -> None:
    progress = Progress()
    seen: list[Sample] = []
    recorder = Recorder(tmp_path, 0, progress, on_sample=seen.append)
    recorder.sample(SAMPLE)
    recorder.sample(SAMPLE._replace(outcome="unknown"))
    recorder.close()
    assert (progress.requests, progress.ok, progress.unknown) == (2, 1, 1)
    assert seen == [SAMPLE, SAMPLE._replace(outcome="unknown")]


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
