"""A turn of the event loop ends, however much there is to read."""

from collections.abc import Callable

import pytest

from rehearsal.swarm import turns as module
from rehearsal.swarm.turns import TURN_NS, Turns


class FakeWatcher:
    priority = 0

    def start(self, callback: Callable[[], None]) -> None:
        self.callback = callback


class FakeLoop:
    """Keeps callbacks; :meth:`run` calls those that are there now, as one turn does."""

    def __init__(self) -> None:
        self.watcher = FakeWatcher()
        self.callbacks: list[Callable[[], None]] = []

    def check(self) -> FakeWatcher:
        return self.watcher

    def run_callback(self, callback: Callable[[], None]) -> None:
        self.callbacks.append(callback)

    def run(self) -> None:
        due, self.callbacks = self.callbacks, []
        for callback in due:
            callback()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    at = [10**9]
    monkeypatch.setattr(module, "monotonic_ns", lambda: at[0])
    return at


def test_a_turn_is_spent_after_its_time_and_the_next_begins_anew(now: list[int]) -> None:
    loop = FakeLoop()
    turns = Turns(loop)
    assert loop.watcher.priority > 0, "the beginning must be noticed before any socket is read"
    now[0] += TURN_NS
    assert not turns.spent()
    now[0] += 1
    assert turns.spent()
    loop.watcher.callback()
    assert not turns.spent()


def test_what_is_left_is_done_in_order_in_slices_between_which_others_run(now: list[int]) -> None:
    loop, done = FakeLoop(), list[str]()
    turns = Turns(loop)

    def read(name: str) -> Callable[[], None]:
        def work() -> None:
            done.append(name)
            now[0] += TURN_NS // 2

        return work

    for number in range(5):
        turns.later(read(str(number)))
    loop.run_callback(lambda: done.append("visitor"))
    loop.run()
    assert done == ["0", "1", "visitor"]
    loop.run()
    loop.run()
    assert done == ["0", "1", "visitor", "2", "3", "4"]
    assert loop.callbacks == []
    turns.later(read("again"))
    loop.run()
    assert done[-1] == "again"
