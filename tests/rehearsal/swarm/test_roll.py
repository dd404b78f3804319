"""The master's roll tells each thing once, and knows when the run is over."""

from collections.abc import Iterable

from rehearsal.swarm.progress import Progress
from rehearsal.swarm.roll import Event, Roll


def names(events: Iterable[Event]) -> list[object]:
    return [event["event"] for event in events]


def two_workers() -> Roll:
    roll = Roll(2)
    roll.ready("a", 1, 10)
    roll.ready("b", 0, 11)
    return roll


def test_ready_is_told_when_the_last_worker_has_come() -> None:
    roll = Roll(2)
    assert roll.ready("a", 1, 10) == [{"event": "worker-ready", "worker": 1}]
    assert not roll.all_ready
    assert roll.ready("b", 0, 11) == [{"event": "worker-ready", "worker": 0}, {"event": "ready"}]
    assert roll.all_ready


def test_a_number_taken_twice_or_unknown_is_a_failure() -> None:
    for worker in (1, 2, -1):
        roll = Roll(2)
        roll.ready("a", 1, 10)
        assert names(roll.ready("b", worker, 11)) == ["failed"]
        assert f"worker {worker}" in roll.failure


def test_a_lost_worker_is_told_once_and_its_return_too() -> None:
    roll = two_workers()
    assert roll.silent("a") == [{"event": "worker-lost", "worker": 1}]
    assert roll.silent("a") == []
    assert roll.heard("a") == [{"event": "worker-back", "worker": 1}]
    assert roll.heard("a") == []


def test_the_run_is_over_when_every_worker_finished_or_is_lost() -> None:
    roll = two_workers()
    assert not roll.complete
    roll.silent("a")
    assert not roll.complete
    roll.finished("b", Progress(planned=11, started=11))
    assert roll.complete


def test_nothing_is_over_before_everybody_came() -> None:
    roll = Roll(2)
    roll.ready("a", 0, 1)
    roll.finished("a", Progress())
    assert not roll.complete


def test_a_finished_worker_is_not_lost_when_it_leaves() -> None:
    roll = two_workers()
    roll.finished("a", Progress())
    assert roll.silent("a") == []


def test_a_worker_that_was_lost_and_finishes_counts_as_finished() -> None:
    roll = two_workers()
    roll.silent("a")
    roll.finished("a", Progress(planned=10, started=9, requests=30))
    workers = roll.end()["workers"]
    assert isinstance(workers, list)
    assert [ended["worker"] for ended in workers] == [1]


def test_progress_adds_up_over_workers_and_keeps_that_of_a_lost_one() -> None:
    roll = two_workers()
    roll.report("a", Progress(planned=10, started=4, requests=9, ok=7, failed=1, unknown=1, in_flight=2))
    roll.report("b", Progress(planned=11, started=5, requests=8, ok=8, in_flight=1))
    roll.report("stranger", Progress(planned=1000))
    roll.silent("a")
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
    }  # fmt: skip


def test_the_first_failure_is_the_reason() -> None:
    roll = two_workers()
    assert roll.failed(0, "disk full") == [{"event": "failed", "worker": 0, "reason": "disk full"}]
    roll.failed(1, "later")
    assert roll.failure == "disk full"
