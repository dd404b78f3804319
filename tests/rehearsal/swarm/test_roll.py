"""The master's roll tells each thing once, and knows when the run is over."""

from collections.abc import Iterable

from rehearsal.swarm.clock import Estimate
from rehearsal.swarm.messages import Ready
from rehearsal.swarm.progress import Progress
from rehearsal.swarm.roll import Event, Roll


def names(events: Iterable[Event]) -> list[object]:
    return [event["event"] for event in events]


def ready(worker: int, planned: int = 10, sha256: str = "5c4ed") -> Ready:
    return Ready(worker, planned, f"host-{worker}", sha256)


def two_workers() -> Roll:
    roll = Roll(2)
    roll.ready("a", ready(1, 10))
    roll.ready("b", ready(0, 11))
    return roll


def test_everybody_is_ready_when_the_last_worker_has_come() -> None:
    roll = Roll(2)
    assert roll.ready("a", ready(1)) == [{"event": "worker-ready", "worker": 1, "host": "host-1"}]
    assert not roll.all_ready
    assert roll.ready("b", ready(0)) == [{"event": "worker-ready", "worker": 0, "host": "host-0"}]
    assert roll.all_ready


def test_all_set_tells_the_schedule_and_the_clocks() -> None:
    roll = two_workers()
    roll.clocks.begin(0, Estimate(5, 9, 7))
    roll.clocks.begin(1, Estimate(3_600_000_000_000, 80, -4))
    (told,) = roll.all_set()
    clocks: list[dict[str, object]] = [
        {"worker": 0, "host": "host-0", "offset_ns": 5, "uncertainty_ns": 9, "drift_ns": 0,
         "wall_offset_ns": 7},
        {"worker": 1, "host": "host-1", "offset_ns": 3_600_000_000_000, "uncertainty_ns": 80, "drift_ns": 0,
         "wall_offset_ns": -4},
    ]  # fmt: skip
    assert told == {"event": "ready", "sha256": "5c4ed", "clocks": clocks}
    assert roll.compared() == [{"event": "clocks", "clocks": clocks}]
    roll.clocks.end(1, Estimate(3_600_000_002_000, 90, 0))
    assert roll.end()["clocks"] == [clocks[0], clocks[1] | {"drift_ns": 2000}]


def test_a_number_taken_twice_or_unknown_is_a_failure() -> None:
    for worker in (1, 2, -1):
        roll = Roll(2)
        roll.ready("a", ready(1))
        assert names(roll.ready("b", ready(worker))) == ["failed"]
        assert f"worker {worker}" in roll.failure


def test_another_schedule_is_a_failure_that_names_both() -> None:
    roll = Roll(2)
    roll.ready("a", ready(1))
    assert names(roll.ready("b", ready(0, sha256="0ther"))) == ["failed"]
    assert "0ther" in roll.failure
    assert "5c4ed" in roll.failure
    assert not roll.all_ready


def test_a_lost_worker_is_told_once_with_host_and_instant_and_its_return_too() -> None:
    roll = two_workers()
    assert roll.silent("a", 123) == [
        {"event": "worker-lost", "worker": 1, "host": "host-1", "last_heard_monotonic_ns": 123}
    ]
    assert roll.silent("a", 124) == []
    assert roll.heard("a") == [{"event": "worker-back", "worker": 1}]
    assert roll.heard("a") == []


def test_the_run_is_over_when_every_worker_finished_or_is_lost() -> None:
    roll = two_workers()
    assert not roll.complete
    roll.silent("a", 0)
    assert not roll.complete
    roll.finished("b", Progress(planned=11, started=11))
    assert roll.complete


def test_nothing_is_over_before_everybody_came() -> None:
    roll = Roll(2)
    roll.ready("a", ready(0, 1))
    roll.finished("a", Progress())
    assert not roll.complete


def test_a_finished_worker_is_not_lost_when_it_leaves() -> None:
    roll = two_workers()
    roll.finished("a", Progress())
    assert roll.silent("a", 0) == []


def test_a_worker_that_was_lost_and_finishes_counts_as_finished() -> None:
    roll = two_workers()
    roll.silent("a", 0)
    roll.finished("a", Progress(planned=10, started=9, requests=30))
    workers = roll.end()["workers"]
    assert isinstance(workers, list)
    assert [ended["worker"] for ended in workers] == [1]


def test_progress_adds_up_over_workers_and_keeps_that_of_a_lost_one() -> None:
    roll = two_workers()
    roll.report("a", Progress(planned=10, started=4, requests=9, ok=7, failed=1, unknown=1, in_flight=2))
    roll.report("b", Progress(planned=11, started=5, requests=8, ok=8, in_flight=1))
    roll.report("stranger", Progress(planned=1000))
    roll.silent("a", 0)
    told = roll.progress(12.3456)
    assert told | {"lag_p50_ms": 0, "lag_p99_ms": 0} == {
        "event": "progress", "t": 12.346, "planned": 21, "started": 9, "requests": 17, "ok": 15, "failed": 1,
        "unknown": 1, "in_flight": 3, "crashed": 0, "lag_p50_ms": 0, "lag_p99_ms": 0,
    }  # fmt: skip


def test_the_end_counts_what_was_dropped() -> None:
    roll = two_workers()
    roll.finished("b", Progress(planned=11, started=8, requests=40, gave_up=2, cut=1, crashed=1))
    assert roll.end() == {
        "event": "finished",
        "workers": [
            {"worker": 0, "planned": 11, "started": 8, "dropped": 3, "samples": 40, "gave_up": 2, "cut": 1,
             "crashed": 1}
        ],
        "clocks": [],
    }  # fmt: skip


def test_the_first_failure_is_the_reason() -> None:
    roll = two_workers()
    assert roll.failed(0, "disk full") == [{"event": "failed", "worker": 0, "reason": "disk full"}]
    roll.failed(1, "later")
    assert roll.failure == "disk full"
