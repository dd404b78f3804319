"""A country in memory: real mocks asked directly, wired to each other without a network.

Time is virtual and commits are made at once, so that a dossier's whole life takes milliseconds and every
test sees the same order of events. Each system has a process of its own, which can be killed and started
again. Every answer of an honest system is held against the operation's declaration: an undeclared status, or
a body that does not fit the declared model, fails the test.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from fixtures.people import Registry
from mocks.caller import Caller
from mocks.capacity import Capacity, ServiceTime
from mocks.client import Outcome
from mocks.config import SystemConfig
from mocks.context import Context
from mocks.gaps import Gap, Gaps
from mocks.http import Answers, Media, Operation, Problem
from mocks.operator import Backlog, Stored
from mocks.outbox import DEAD_LETTER
from mocks.received import CALLS, RECEIVED, Journal
from mocks.registry import system_type
from mocks.store import Change, Committer, Database, Write, answer, commit_group
from mocks.system import System
from mocks.wire import Request
from tests.virtual_time import SECOND, VirtualTime

SEED = 7
AT_ONCE = Capacity(servers=1_000, service=ServiceTime("constant", 0.0), queue=0)
NATIONAL = ("national-portal", "vneid", "population", "procedures", "payment")


class CommitsAtOnce(Committer):
    """Commits on the event loop, in its next round, everything that waits by then; unless ``held``."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.held = False
        self._writes: list[Write] = []

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Commit what waits."""
        self.release()

    def release(self) -> None:
        """Commit what waits and hold no longer."""
        self.held = False
        self._commit()

    def submit(self, system: str, changes: tuple[Change, ...]) -> asyncio.Future[None]:
        """See :meth:`mocks.store.Committer.submit`."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._enqueue(Write(system, changes, done))
        return done

    def submit_lazily(self, system: str, changes: tuple[Change, ...]) -> None:
        """See :meth:`mocks.store.Committer.submit_lazily`."""
        self._enqueue(Write(system, changes))

    def _enqueue(self, write: Write) -> None:
        if not self._writes:
            asyncio.get_running_loop().call_soon(self._commit)
        self._writes.append(write)

    def _commit(self) -> None:
        if self.held:
            return
        waiting, self._writes = self._writes, []
        commit_group(self.database, waiting, answer)


@dataclass(slots=True)
class Network:
    """What happens to requests between systems, by link; a rule stays until it is taken away."""

    cut: set[str] = field(default_factory=set)
    """Links that do not connect."""
    lose_answers: set[str] = field(default_factory=set)
    """Links on which the request arrives and its answer does not."""
    requests: Counter[str] = field(default_factory=Counter)
    """How many requests went over each link, those that met a fault included."""


class InMemoryCaller(Caller):
    """Calls the other systems of the country in place of a network."""

    def __init__(self, calls: Journal, country: Country) -> None:
        super().__init__(calls, random.Random(SEED))
        self._country = country

    async def _exchange(
        self, method: str, url: str, data: bytes | None, headers: Mapping[str, str], limit: float
    ) -> Outcome:
        link = urlsplit(url).netloc
        network = self._country.network
        network.requests[link] += 1
        if link in network.cut:
            return Outcome(0, "connect")
        callee = link.partition("--")[2]
        path = url.partition(link)[2]
        try:
            async with asyncio.timeout(limit):
                response = await self._country.ask(callee, method, path, content=data, headers=headers)
                if link in network.lose_answers:
                    await asyncio.sleep(limit)
        except TimeoutError:
            return Outcome(0, "timeout")
        except Killed:
            return Outcome(0, "reset")
        return Outcome(response.status_code, "", response.content)


class Killed(Exception):  # noqa: N818 - what happens to a request, no fault of the test
    """The system does not run."""


@dataclass(slots=True)
class Process:
    """One running system."""

    system: System
    context: Context
    committer: CommitsAtOnce


class Country:
    """Some systems of the country. ``configs`` may be changed before a system is (re)started."""

    def __init__(
        self, folder: Path, time: VirtualTime, configs: list[SystemConfig], gaps: Iterable[Gap] = ()
    ) -> None:
        self.time = time
        self.gaps = Gaps(gaps)
        self.network = Network()
        self.configs = {config.name: config for config in configs}
        self.folder = folder
        self._people = Registry(SEED)
        self._processes: dict[str, Process] = {}
        self._received = Journal(folder / "received.test.1.arrows", RECEIVED)
        self._calls = Journal(folder / "calls.test.1.arrows", CALLS)

    # -- systems -----------------------------------------------------------------------------------

    async def start(self, name: str) -> None:
        """Start one system."""
        config = self.configs[name]
        caller = InMemoryCaller(self._calls, self)
        committer = CommitsAtOnce(Database(self.folder / f"{name}.sqlite"))
        context = Context(SEED, self._people, committer, self._received, caller, self.gaps)
        system = system_type(config.kind, config.defects)(config, context)
        await system.start()
        self._processes[name] = Process(system, context, committer)

    async def kill(self, name: str) -> None:
        """End a system's process; what it had not committed is gone."""
        process = self._processes.pop(name)
        await process.context.stop()
        process.committer.database.close()

    def close(self) -> None:
        """Kill everything; the journals are complete afterwards."""
        for name in list(self._processes):
            self.time.run(self.kill(name))
        self._received.close()
        self._calls.close()

    def restart(self, name: str) -> None:
        """Kill a system and start it again."""
        self.time.run(self.kill(name))
        self.time.run(self.start(name))

    def hold_commits(self, name: str) -> CommitsAtOnce:
        """From now on the disk of a system does not answer, until ``release`` is called."""
        committer = self._processes[name].committer
        committer.held = True
        return committer

    def flush(self) -> None:
        """Write the journals as far as they go."""
        self._received.flush()
        self._calls.flush()

    def system(self, name: str) -> System:
        """The running system itself."""
        return self._processes[name].system

    # -- asking ------------------------------------------------------------------------------------

    async def ask(
        self,
        name: str,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request, past the server. Raises :class:`Killed`."""
        process = self._processes.get(name)
        if process is None:
            raise Killed(name)
        fields = {key.lower().encode(): value.encode("latin-1") for key, value in (headers or {}).items()}
        asked = Request(method, path, fields, content or b"", self.time.now_ns)
        answer = await process.system.respond(asked)
        media = [("content-type", answer.media)] if answer.media else []
        response = httpx.Response(
            answer.status,
            headers=[*media, *answer.headers],
            content=answer.body,
            request=httpx.Request(method, path),
        )
        if self._processes.get(name) is not process:
            raise Killed(name)
        if not process.system.switches.on and not process.system.config.defects:
            check_declared(process.system, method, path, response)
        return response

    def get(self, name: str, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """GET, from outside the event loop."""
        return self.time.run(self.ask(name, "GET", path, headers=headers))

    def post(
        self, name: str, path: str, json: object = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """POST with a JSON body, from outside the event loop."""
        content = None if json is None else msgspec.json.encode(json)
        return self.time.run(self.ask(name, "POST", path, content=content, headers=headers))

    # -- looking -----------------------------------------------------------------------------------

    def stored(self, name: str, *, carried_over: bool = False) -> list[Stored]:
        """What a system holds, as its operator reads it; ``carried_over`` with what was there before."""
        return [
            each for each in self._records(name) if each.kind != DEAD_LETTER and (each.at or carried_over)
        ]

    def set_aside(self, name: str) -> list[Stored]:
        """What others have refused for good, as the operator of the system reads it."""
        return [each for each in self._records(name) if each.kind == DEAD_LETTER]

    def _records(self, name: str) -> list[Stored]:
        page = msgspec.json.decode(self.get(name, "/-/stored").content)["records"]
        return msgspec.convert(page, list[Stored])

    def undelivered(self, name: str) -> int:
        """How many messages a system has not delivered."""
        return msgspec.json.decode(self.get(name, "/-/backlog").content, type=Backlog).undelivered

    def set_t0(self, in_seconds: float = 0.0) -> None:
        """Tell every system that the cutover minute comes in so many seconds."""
        body = msgspec.json.encode({"t0_monotonic_ns": self.time.now_ns + round(in_seconds * SECOND)})
        for name in self._processes:
            self.time.run(self.ask(name, "PUT", "/-/clock", content=body))


def check_declared(system: System, method: str, path: str, response: httpx.Response) -> None:
    """Fail where an answer is not among those that its operation declares."""
    declared = _operation(system, method, urlsplit(path).path)
    if declared is None:
        return
    where = f"{system.name}: {declared.method} {declared.path}"
    answers: Answers = {400: Problem, 503: Problem, **declared.answers}  # 500 never
    assert response.status_code in answers, (
        f"{where} answered {response.status_code}, which it does not declare: {response.text}"
    )
    model = answers[response.status_code]
    media = response.headers.get("content-type", "")
    if isinstance(model, Media):
        assert media.partition(";")[0] == model.type, where
    elif model is not None:
        assert media == ("application/problem+json" if model is Problem else "application/json"), where
        msgspec.json.decode(response.content, type=model)


def _operation(system: System, method: str, path: str) -> Operation | None:
    for each in system.operations():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(each.path))
        if each.method == method and re.fullmatch(pattern, path):
            return each
    return None


def configuration(
    provinces: tuple[str, ...] = ("15",),
    old_provinces: tuple[tuple[str, str], ...] = (("10", "15"),),
    *,
    defects: Mapping[str, frozenset[str]] | None = None,
    capacities: Mapping[str, Capacity] | None = None,
) -> list[SystemConfig]:
    """The national systems, platform and case system of provinces, and old portals (code, successor)."""
    callees: dict[str, tuple[str, ...]] = {
        "national-portal": (
            "vneid",
            "population",
            "procedures",
            "payment",
            *(f"lgsp-{p}" for p in provinces),
        ),
        "vneid": (),
        "population": (),
        "procedures": (),
        "payment": ("national-portal",),
    }
    where = dict.fromkeys(NATIONAL, ("", ""))
    kinds = {name: name for name in NATIONAL}
    for code in provinces:
        callees[f"lgsp-{code}"] = (f"case-{code}", "national-portal", "procedures")
        callees[f"case-{code}"] = (f"lgsp-{code}",)
        where |= {f"lgsp-{code}": (code, ""), f"case-{code}": (code, "")}
        kinds |= {f"lgsp-{code}": "lgsp", f"case-{code}": "case-system"}
    for old, new in old_provinces:
        callees[f"portal-{old}"] = (f"case-{new}", "vneid")
        where[f"portal-{old}"] = (new, old)
        kinds[f"portal-{old}"] = "provincial-portal"
    return [
        SystemConfig(
            name=name,
            kind=kinds[name],
            port=0,
            province=where[name][0],
            old_province=where[name][1],
            capacity=(capacities or {}).get(name, AT_ONCE),
            defects=(defects or {}).get(name, frozenset()),
            peers={callee: f"http://{name}--{callee}" for callee in called},
            public={callee: f"http://{callee}" for callee in ("national-portal", "vneid", "payment", name)},
        )
        for name, called in callees.items()
    ]


@contextmanager
def running(
    folder: Path, configs: list[SystemConfig] | None = None, gaps: Iterable[Gap] = ()
) -> Iterator[Country]:
    """A running country in virtual time, which lacks what the gaps say."""
    with VirtualTime() as time:
        country = Country(folder, time, configs if configs is not None else configuration(), gaps)
        for name in country.configs:
            time.run(country.start(name))
        try:
            yield country
        finally:
            country.close()


def problem(response: httpx.Response) -> str:
    """The code of the problem that an answer states; both languages must be there."""
    stated = msgspec.json.decode(response.content, type=Problem)
    assert stated.message.vi
    assert stated.message.en
    assert stated.status == response.status_code
    return stated.code


Json = dict[str, Any]
