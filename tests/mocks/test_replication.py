"""The second site gets every change once, in order; knows how far it is behind; takes over when it is not."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mocks.caller import CallFailed
from mocks.dossiers import Dossiers, Held, new_held
from mocks.registry import system_type
from mocks.replication import BATCH, HEARTBEAT, Batch, Entry, Part, Position, ship
from mocks.resilience import Backoff
from mocks.store import Database
from mocks.system import System
from mocks.systems.national_data_centre import STALE, NationalDataCentre
from mocks.systems.portal_replication import Replication
from tests.mocks.country import Country, problem
from tests.mocks.platform import case_dossier, standing
from tests.virtual_time import VirtualTime

PORTAL, CENTRE = "national-portal", "national-data-centre"
LINK = f"{PORTAL}--{CENTRE}"


class FirstSite(Replication):
    """A first site that only keeps dossiers."""

    kind = PORTAL
    title = "First site"

    async def start(self) -> None:
        """Replicate from the first change on."""
        self.start_replication()
        self.dossiers = Dossiers(self.store)
        self.dossiers.load()

    async def keep(self, code: str, *steps: int) -> None:
        """Make a dossier durable as it is now."""
        held = msgspec.structs.replace(new_held(case_dossier(code), 0.0), steps=list(steps))
        await self.store.write(self.dossiers.put(held))
        self.dossiers.keep(held)

    async def remove(self, code: str) -> None:
        """Remove a dossier."""
        await self.store.write(self.dossiers.forget(code))


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    def chosen(kind: str, defects: frozenset[str]) -> type[System]:
        return FirstSite if kind == PORTAL else system_type(kind, defects)

    monkeypatch.setattr("tests.mocks.country.system_type", chosen)
    with standing(tmp_path, PORTAL, CENTRE) as made:
        yield made


def keep(country: Country, code: str, *steps: int) -> None:
    site = country.system(PORTAL)
    assert isinstance(site, FirstSite)
    country.time.run(site.keep(code, *steps))


def remove(country: Country, code: str) -> None:
    site = country.system(PORTAL)
    assert isinstance(site, FirstSite)
    country.time.run(site.remove(code))


def lag(country: Country) -> dict[str, Any]:
    found: dict[str, Any] = country.get(CENTRE, "/api/lag").json()
    return found


def steps(country: Country, code: str) -> list[int] | None:
    answer = country.get(CENTRE, f"/api/dossiers/{code}")
    found: list[int] | None = answer.json()["steps"] if answer.status_code == 200 else None
    return found


# -- the stream ------------------------------------------------------------------------------------


def test_every_change_is_followed_in_order(country: Country) -> None:
    for path in ([1], [1, 2], [1, 2, 4]):
        keep(country, "A", *path)
    keep(country, "B", 1)
    country.time.advance(0.1)
    assert (steps(country, "A"), steps(country, "B")) == ([1, 2, 4], [1])
    state = lag(country)
    assert (state["applied"], state["head"], state["behind"], state["site"]) == (4, 4, 0, "standby")
    assert {each.record: each.kind for each in country.stored(CENTRE)} == {"A": "replica", "B": "replica"}
    assert country.get(PORTAL, "/api/replication").json() == {"connected": True, "head": 4, "waiting": 0}


def test_what_was_removed_is_removed_there(country: Country) -> None:
    keep(country, "A", 1)
    country.time.advance(0.1)
    remove(country, "A")
    country.time.advance(0.1)
    assert steps(country, "A") is None
    country.restart(CENTRE)
    assert steps(country, "A") is None


def test_a_cut_line_delays_and_loses_nothing(country: Country) -> None:
    keep(country, "A", 1)
    country.time.advance(0.1)
    country.network.cut.add(LINK)
    for number in range(3 * BATCH):
        keep(country, f"B{number}", 1)
    country.time.advance(5)
    assert country.get(PORTAL, "/api/replication").json()["waiting"] == 3 * BATCH
    country.network.cut.clear()
    country.time.advance(5)
    assert len(country.stored(CENTRE)) == 3 * BATCH + 1
    assert lag(country)["behind"] == 0


def test_a_lost_answer_changes_nothing(country: Country) -> None:
    country.network.lose_answers.add(LINK)
    keep(country, "A", 1)
    country.time.advance(8)
    keep(country, "A", 1, 2)
    country.network.lose_answers.clear()
    country.time.advance(8)
    assert steps(country, "A") == [1, 2]
    assert (lag(country)["applied"], lag(country)["behind"]) == (2, 0)


@pytest.mark.parametrize("killed", [PORTAL, CENTRE])
def test_a_killed_site_goes_on_where_it_was(country: Country, killed: str) -> None:
    keep(country, "A", 1)
    country.time.advance(0.1)
    country.network.cut.add(LINK)
    keep(country, "A", 1, 2)
    keep(country, "B", 1)
    country.restart(killed)
    keep(country, "C", 1)
    country.network.cut.clear()
    country.time.advance(5)
    assert [steps(country, code) for code in "ABC"] == [[1, 2], [1], [1]]
    assert (lag(country)["applied"], lag(country)["behind"]) == (4, 0)


def test_a_commit_that_the_disk_refused_leaves_no_gap(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(country, "A", 1)
    country.time.advance(0.1)
    with monkeypatch.context() as broken:

        def full(_database: Database, _writes: object) -> None:
            raise sqlite3.OperationalError("disk full")

        broken.setattr(Database, "commit", full)
        with pytest.raises(sqlite3.OperationalError):
            keep(country, "B", 1)
        country.time.advance(0.1)
    assert lag(country)["head"] == 1, "a number that is not on disk is not told"
    country.restart(PORTAL)
    keep(country, "C", 1)
    country.time.advance(3)
    assert (steps(country, "B"), steps(country, "C")) == (None, [1])
    assert lag(country)["behind"] == 0


def test_a_refused_commit_between_others_is_an_empty_entry(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = country.system(PORTAL)
    assert isinstance(site, FirstSite)
    commit = Database.commit

    def refuses_b(database: Database, writes: list[Any]) -> None:
        if any(change.key == "B" for write in writes for change in write.changes):
            raise sqlite3.OperationalError("disk full")
        commit(database, writes)

    async def three() -> list[BaseException | None]:
        return await asyncio.gather(*(site.keep(code, 1) for code in "ABC"), return_exceptions=True)

    monkeypatch.setattr(Database, "commit", refuses_b)
    outcomes = country.time.run(three())
    assert [isinstance(each, sqlite3.OperationalError) for each in outcomes] == [False, True, False]
    country.time.advance(0.5)
    assert [steps(country, code) for code in "ABC"] == [[1], None, [1]]
    assert (lag(country)["applied"], lag(country)["behind"]) == (3, 0)


def test_after_a_failure_it_asks_before_it_sends() -> None:
    batches: list[Batch] = []

    async def send(batch: Batch, attempt: int) -> Position:
        batches.append(batch)
        if len(batches) in (1, 3):
            raise CallFailed("link", "timeout")
        if len(batches) == 5:
            raise asyncio.CancelledError
        return Position(0)

    with VirtualTime() as time, pytest.raises(asyncio.CancelledError):
        time.run(ship(Waiting(), list, send, random.Random(7), Backoff()))
    assert [len(each.entries) for each in batches] == [0, 0, 2, 0, 2]


class Waiting:
    """A stream of which the second site has nothing yet."""

    head = 2
    floor = 0

    def __init__(self) -> None:
        self.changed = asyncio.Event()

    def batch(self, applied: int) -> Batch:
        """Both entries."""
        return Batch(self.head, [Entry(number) for number in range(applied + 1, self.head + 1)])

    def shipped(self, applied: int) -> None:
        """Nothing is kept here."""


# -- a second site that has lost what it had -------------------------------------------------------


def exchange_disk(country: Country, older: Path | None = None) -> None:
    """The centre is started again on an empty disk, or on an older copy of its own."""
    country.time.run(country.kill(CENTRE))
    for path in country.folder.glob(f"{CENTRE}.sqlite*"):
        path.unlink()
    if older is not None:
        shutil.copytree(older, country.folder, dirs_exist_ok=True)
    country.time.run(country.start(CENTRE))


def replicas(country: Country) -> dict[str, str]:
    page = country.get(CENTRE, "/-/stored?limit=5000").json()["records"]
    return {each["record"]: each["history"] for each in page if each.get("at")}


@pytest.mark.parametrize("dossiers", [0, 1, BATCH, BATCH + 1, 3 * BATCH])
def test_a_second_site_on_an_empty_disk_is_given_everything(country: Country, dossiers: int) -> None:
    held = {f"A{number}": "1,2" for number in range(dossiers)}
    for code in held:
        keep(country, code, 1)
        keep(country, code, 1, 2)
    keep(country, "gone", 1)
    remove(country, "gone")
    country.time.advance(5)
    assert replicas(country) == held
    exchange_disk(country)
    assert replicas(country) == {}
    country.time.advance(5)
    assert (replicas(country), lag(country)["behind"]) == (held, 0)
    keep(country, "B", 1)
    country.time.advance(0.1)
    assert replicas(country) == held | {"B": "1"}, "the stream goes on"
    country.restart(CENTRE)
    assert replicas(country) == held | {"B": "1"}


def test_a_second_site_on_an_older_copy_is_given_everything_and_forgets_what_is_gone(
    country: Country, tmp_path: Path
) -> None:
    for code in "ABC":
        keep(country, code, 1)
    country.time.advance(0.1)
    country.time.run(country.kill(CENTRE))
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in country.folder.glob(f"{CENTRE}.sqlite*"):
        shutil.copy(path, copy)
    country.time.run(country.start(CENTRE))
    keep(country, "A", 1, 2)
    remove(country, "B")
    keep(country, "D", 1)
    country.time.advance(5)
    exchange_disk(country, copy)
    assert replicas(country) == {"A": "1", "B": "1", "C": "1"}
    country.time.advance(5)
    assert replicas(country) == {"A": "1,2", "C": "1", "D": "1"}
    country.restart(CENTRE)
    assert replicas(country) == {"A": "1,2", "C": "1", "D": "1"}


def test_a_first_site_that_was_killed_knows_that_what_it_had_shipped_is_not_nothing(
    country: Country,
) -> None:
    for code in "ABC":
        keep(country, code, 1)
    country.time.advance(2)
    country.restart(PORTAL)
    exchange_disk(country)
    country.time.advance(5)
    assert replicas(country) == dict.fromkeys("ABC", "1")


@pytest.mark.parametrize("killed", [False, True], ids=["cut", "killed"])
def test_what_breaks_a_refill_off_begins_it_anew_and_changes_meanwhile_follow(
    country: Country, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    take = NationalDataCentre._take

    async def take_two(centre: NationalDataCentre, part: Part) -> None:
        await take(centre, part)
        if part.place == 1:
            country.network.cut.add(LINK)

    codes = [f"A{number}" for number in range(3 * BATCH)]
    for code in codes:
        keep(country, code, 1)
    country.time.advance(5)
    with monkeypatch.context() as breaking:
        breaking.setattr(NationalDataCentre, "_take", take_two)
        exchange_disk(country)
        country.time.advance(3)
    assert len(replicas(country)) == 2 * BATCH
    assert (switch(country).status_code, lag(country)["applied"]) == (409, 0), "it cannot take over half full"
    if killed:
        country.restart(CENTRE)
    keep(country, "A0", 1, 2)
    remove(country, "A1")
    keep(country, "B", 1)
    country.network.cut.clear()
    country.time.advance(5)
    assert replicas(country) == dict.fromkeys({*codes, "B"} - {"A1"}, "1") | {"A0": "1,2"}
    assert lag(country)["behind"] == 0


@pytest.mark.parametrize("place", [1, 2])
def test_a_part_without_those_before_it_is_refused(centre: Country, place: int) -> None:
    part = Part(base=9, place=place, last=True, held=[held("B", 1)])
    answer = centre.post(CENTRE, "/api/replicate", Batch(9, part=part))
    assert (answer.status_code, problem(answer)) == (409, "gap")
    assert (steps(centre, "A"), steps(centre, "B")) == ([1], None)


def test_a_second_site_that_does_not_take_what_it_is_given_is_not_pressed() -> None:
    tries: list[float] = []

    async def send(batch: Batch, attempt: int) -> Position:
        if batch.part is not None:
            tries.append(asyncio.get_running_loop().time())
        if len(tries) == 20:
            raise asyncio.CancelledError
        return Position(0)

    lost = Waiting()
    lost.floor = 2
    with VirtualTime() as time, pytest.raises(asyncio.CancelledError):
        time.run(ship(lost, list, send, random.Random(7), Backoff()))
    assert tries[-1] - tries[0] > 5


# -- what the second site refuses ------------------------------------------------------------------


def send(country: Country, head: int, *entries: Entry) -> Any:
    return country.post(CENTRE, "/api/replicate", Batch(head, list(entries)))


def held(code: str, *path: int) -> Held:
    return msgspec.structs.replace(new_held(case_dossier(code), 0.0), steps=list(path))


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Country]:
    with standing(tmp_path, CENTRE) as made:
        assert send(made, 1, Entry(1, "A", held("A", 1))).json() == {"applied": 1}
        yield made


@pytest.mark.parametrize(
    ("head", "numbers", "said"),
    [(3, [3], "gap"), (4, [2, 4], "gap"), (0, [], "other-stream")],
    ids=["one is missing", "one in between", "another first site"],
)
def test_a_stream_that_does_not_fit_is_refused(
    centre: Country, head: int, numbers: list[int], said: str
) -> None:
    answer = send(centre, head, *(Entry(number, "B", held("B", 1)) for number in numbers))
    assert (answer.status_code, problem(answer)) == (409, said)
    assert steps(centre, "B") is None


def test_known_entries_change_nothing(centre: Country) -> None:
    assert send(centre, 2, Entry(1, "A", held("A", 9)), Entry(2, "B", held("B", 1))).json() == {"applied": 2}
    assert (steps(centre, "A"), steps(centre, "B")) == ([1], [1])


# -- taking over -----------------------------------------------------------------------------------


def switch(country: Country, *, accept_loss: bool = False) -> Any:
    return country.post(CENTRE, "/api/switch-over", {"accept_loss": accept_loss})


def test_the_second_site_takes_over_when_it_has_everything(country: Country) -> None:
    keep(country, "A", 1)
    country.time.advance(0.1)
    answer = country.get(CENTRE, "/api/dossiers/A")
    assert answer.headers["x-site"] == "standby"
    assert switch(country).json()["site"] == switch(country).json()["site"] == "active"
    country.restart(CENTRE)
    assert country.get(CENTRE, "/api/dossiers/A").headers["x-site"] == "active"
    keep(country, "B", 1)
    country.time.advance(3)
    assert steps(country, "B") == [1], "the portal's application feeds it as before"


def test_behind_it_does_not_take_over(centre: Country) -> None:
    send(centre, 5)
    answer = switch(centre)
    assert (answer.status_code, problem(answer)) == (409, "behind")
    assert lag(centre)["behind"] == 4
    assert switch(centre, accept_loss=True).json()["site"] == "active"


def test_without_news_nobody_knows_how_far_it_is_behind(country: Country) -> None:
    keep(country, "A", 1)
    country.time.advance(2 * HEARTBEAT)
    assert lag(country)["heard_seconds_ago"] <= HEARTBEAT, "also where nothing has changed"
    country.network.cut.add(LINK)
    country.time.advance(STALE + HEARTBEAT)
    answer = switch(country)
    assert (answer.status_code, problem(answer)) == (409, "not-heard")
    country.restart(CENTRE)
    assert lag(country)["heard_seconds_ago"] == -1
    assert problem(switch(country)) == "not-heard"
