"""Store and forward: in order, until it is taken, and no destination delays another. Time is virtual."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from mocks.caller import CallFailed
from mocks.http import Problem, Text
from mocks.outbox import ATTEMPTS, DEAD_LETTER, KIND, Message, Outbox
from mocks.store import Database, Store
from tests.mocks.country import CommitsAtOnce
from tests.virtual_time import VirtualTime


class World:
    """A store, an outbox, and destinations that may be down. ``sent`` holds every try that was made."""

    def __init__(self, folder: Path, time: VirtualTime, batch: int = 1) -> None:
        self.time = time
        self.database = Database(folder / "a.sqlite")
        self.store = Store("portal", CommitsAtOnce(self.database))
        self.down: set[str] = set()
        self.poison: dict[str, int] = {}
        self.sent: list[tuple[float, str, tuple[str, ...], int]] = []
        self.taken: list[str] = []
        self.outbox = Outbox(self.store, self._deliver, random.Random(2), batch=batch)
        self.outbox.load()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self.outbox.start(lambda to: self._tasks.add(asyncio.ensure_future(self.outbox.run(to))))

    async def put(self, *messages: Message) -> None:
        await self.store.write(*map(Outbox.put, messages))
        for message in messages:
            self.outbox.accept(message)

    async def _deliver(self, to: str, messages: list[Message], attempt: int) -> None:
        self.sent.append((self.time.seconds, to, tuple(each.id for each in messages), attempt))
        await asyncio.sleep(0.01)
        if to in self.down:
            raise CallFailed(f"portal--{to}", "connect")
        for each in messages:
            if each.id in self.poison:
                raise refused(to, self.poison[each.id])
        self.taken += [each.id for each in messages]


def refused(to: str, status: int, code: str = "no-such-dossier") -> CallFailed:
    problem = Problem(status, code, Text("", ""))
    return CallFailed(f"portal--{to}", f"http-{status}", status, msgspec.json.encode(problem))


@pytest.fixture
def time() -> Iterator[VirtualTime]:
    with VirtualTime() as started:
        yield started


@pytest.fixture
def world(tmp_path: Path, time: VirtualTime) -> Iterator[World]:
    made = World(tmp_path, time)
    time.run(made.start())
    yield made
    made.database.close()


def messages(to: str, count: int, start: int = 0) -> list[Message]:
    return [Message(f"{number:03d}-{to}", to, b"{}") for number in range(start, start + count)]


def ids(to: str, count: int) -> list[str]:
    return [each.id for each in messages(to, count)]


def test_messages_are_taken_in_order_and_then_forgotten(world: World) -> None:
    world.time.run(world.put(*messages("north", 5)))
    assert world.outbox.undelivered() == 5
    world.time.advance(1)
    assert world.taken == ids("north", 5)
    assert world.outbox.undelivered() == 0
    assert list(world.store.keys(KIND)) == []


def test_a_destination_that_is_up_again_gets_everything_once_and_in_order(world: World) -> None:
    world.down.add("north")
    world.time.run(world.put(*messages("north", 4)))
    world.time.advance(60)
    assert world.taken == []
    assert list(world.store.keys(KIND)) == ids("north", 4), "still durable"
    world.down.clear()
    world.time.advance(3)
    assert world.taken == ids("north", 4)


def test_tries_count_up_and_grow_rare(world: World) -> None:
    world.down.add("north")
    world.time.run(world.put(*messages("north", 1)))
    world.time.advance(30)
    assert [attempt for *_, attempt in world.sent] == list(range(1, len(world.sent) + 1))
    at = [sent[0] for sent in world.sent]
    assert at[ATTEMPTS - 1] < 1.0, "the first tries follow each other quickly"
    rests = [later - earlier for earlier, later in zip(at[ATTEMPTS - 1 :], at[ATTEMPTS:], strict=False)]
    assert len(rests) > 5
    assert min(rests) >= 1.0, "an open breaker rests for its cool-down"
    assert max(rests) < 4.0


def test_a_half_open_breaker_risks_one_message_and_not_a_batch(tmp_path: Path, time: VirtualTime) -> None:
    world = World(tmp_path, time, batch=3)
    time.run(world.start())
    world.down.add("north")
    time.run(world.put(*messages("north", 7)))
    time.advance(20)
    assert {len(sent[2]) for sent in world.sent[:ATTEMPTS]} == {3}
    assert {len(sent[2]) for sent in world.sent[ATTEMPTS:]} == {1}
    world.down.clear()
    before = len(world.sent)
    time.advance(3)
    assert [len(sent[2]) for sent in world.sent[before:]] == [1, 3, 3]
    assert world.taken == ids("north", 7)
    world.database.close()


def test_a_destination_that_is_down_delays_no_other(world: World) -> None:
    world.down.add("north")
    for number in range(20):
        world.time.run(world.put(*messages("north", 1, number), *messages("south", 1, number)))
    world.time.advance(0.5)
    assert world.taken == ids("south", 20)


def test_a_destination_that_was_idle_is_served_at_once(world: World) -> None:
    world.time.run(world.put(*messages("north", 1)))
    world.time.advance(100)
    world.time.run(world.put(*messages("north", 1, 1)))
    asked = world.time.seconds
    world.time.advance(0.1)
    assert world.sent[-1][0] == pytest.approx(asked)
    assert len(world.taken) == 2


def test_what_was_not_delivered_is_taken_up_after_a_restart(tmp_path: Path, time: VirtualTime) -> None:
    killed = World(tmp_path, time)
    killed.down.add("north")
    time.run(killed.start())
    time.run(killed.put(*messages("north", 3), *messages("south", 2)))
    time.advance(0.2)
    killed.database.close()
    again = World(tmp_path, time)
    assert again.outbox.undelivered() == 3, "what the south took is not sent to it again"
    time.run(again.start())
    time.advance(1)
    assert again.taken == ids("north", 3)
    again.database.close()


# -- refused for good ------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 4])
@pytest.mark.parametrize("poisoned", [{0}, {2}, {6}, {1, 2}, set(range(7))], ids=str)
def test_what_is_refused_for_good_goes_aside_and_the_line_goes_on(
    tmp_path: Path, time: VirtualTime, batch: int, poisoned: set[int]
) -> None:
    world = World(tmp_path, time, batch=batch)
    time.run(world.start())
    every = ids("north", 7)
    world.poison = {every[place]: 404 for place in poisoned}
    time.run(world.put(*messages("north", 7)))
    time.advance(1)
    assert world.taken == [each for each in every if each not in world.poison], "once, and in order"
    assert list(world.outbox.dead_letters) == [each for each in every if each in world.poison]
    assert {each.reason for each in world.outbox.dead_letters.values()} == {"no-such-dossier"}
    assert world.outbox.undelivered() == 0
    assert (list(world.store.keys(KIND)), list(world.store.keys(DEAD_LETTER))) == ([], sorted(world.poison))
    world.database.close()


def test_after_a_refused_batch_batches_are_sent_again(tmp_path: Path, time: VirtualTime) -> None:
    world = World(tmp_path, time, batch=3)
    time.run(world.start())
    world.poison = {ids("north", 7)[1]: 422}
    time.run(world.put(*messages("north", 7)))
    time.advance(1)
    assert [len(sent[2]) for sent in world.sent] == [3, 1, 1, 1, 3, 1]
    world.database.close()


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503])
def test_what_may_be_taken_later_is_waited_for_in_order(world: World, status: int) -> None:
    world.poison = {ids("north", 3)[0]: status}
    world.time.run(world.put(*messages("north", 3)))
    world.time.advance(10)
    assert (world.taken, dict(world.outbox.dead_letters)) == ([], {})
    world.poison.clear()
    world.time.advance(3)
    assert world.taken == ids("north", 3)


def test_what_was_set_aside_survives_a_restart_and_is_sent_again_when_that_makes_sense(
    tmp_path: Path, time: VirtualTime
) -> None:
    first = World(tmp_path, time)
    time.run(first.start())
    first.poison = dict.fromkeys(ids("north", 3), 409)
    time.run(first.put(*messages("north", 3)))
    time.advance(1)
    first.database.close()
    again = World(tmp_path, time)
    time.run(again.start())
    assert (list(again.outbox.dead_letters), again.outbox.undelivered()) == (ids("north", 3), 0)
    some = list(again.outbox.dead_letters.values())[1:]
    time.run(again.outbox.send_again([*some, *some]))
    time.advance(1)
    assert again.taken == ids("north", 3)[1:], "each once"
    assert list(again.store.keys(DEAD_LETTER)) == ids("north", 1)
    again.database.close()


def test_what_is_forgotten_is_sent_no_more(tmp_path: Path, time: VirtualTime) -> None:
    world = World(tmp_path, time, batch=2)
    time.run(world.start())
    line = [Message(f"{number}", "north", b"{}", key=key) for number, key in enumerate("ABABA")]
    world.poison = {"0": 422, "1": 422}
    time.run(world.put(*line[:2]))
    time.advance(1)
    world.down.add("north")
    time.run(world.put(*line[2:]))
    time.advance(0.05)

    async def forget() -> None:
        await world.store.write(*world.outbox.forget({"A"}))

    time.run(forget())
    world.down.clear()
    time.advance(5)
    assert world.taken == ["3"]
    assert list(world.outbox.dead_letters) == list(world.store.keys(DEAD_LETTER)) == ["1"]
    assert (world.outbox.undelivered(), list(world.store.keys(KIND))) == (0, [])
    world.database.close()


def test_what_is_forgotten_while_it_is_refused_is_not_kept(world: World) -> None:
    (said,) = (Message("0", "north", b"{}", key="A"),)
    world.poison = {"0": 409}

    async def put_and_forget() -> None:
        await world.put(said)
        await asyncio.sleep(0.005)  # it is under way
        await world.store.write(*world.outbox.forget({"A"}))

    world.time.run(put_and_forget())
    world.time.advance(1)
    assert (dict(world.outbox.dead_letters), list(world.store.keys(DEAD_LETTER))) == ({}, [])
    assert (world.outbox.undelivered(), list(world.store.keys(KIND))) == (0, [])
