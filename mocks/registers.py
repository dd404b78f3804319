"""What the registers of the country have in common: an entry is made once, durably, and finished later.

::

    request ── key, content ──► entry, durable ──► 202 accepted ──► (work) ──► finished: it has its number
                 │                    └──► messages to other registers, in the same commit
                 └── the same key again: the entry that there is; with another content: 422
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Set
from typing import Any, ClassVar, Literal

import msgspec

from mocks import units
from mocks.http import CHALLENGE, Call, Refusal, key_reused
from mocks.once import Once
from mocks.operator import Backlog, Stored
from mocks.outbox import Message, Outbox
from mocks.purging import TestRecords, Trace
from mocks.store import Drop, Put
from mocks.system import System
from mocks.tokens import Signer

ROUND = 0.5
"""Seconds between two rounds of a register's work."""
TOKEN_LIFE = 900.0
"""Seconds for which a caller's token is good."""


class Entry(msgspec.Struct, frozen=True):
    """What a register holds because of one request.

    ``key`` is what it came under, the code of a dossier where there is one; ``request`` its content as JSON;
    ``number`` what it is registered under, unique in its ``book``; ``order`` counts the finished ones, 0: it
    is still worked on; ``at`` is nanoseconds of the monotonic clock, ``stamped`` Unix seconds.
    """

    key: str
    kind: str
    province: str
    commune: str
    request: bytes
    book: str
    serial: int
    at: int
    stamped: int
    order: int = 0

    @property
    def number(self) -> str:
        """The number of the entry."""
        return f"{self.book}-{self.serial:06d}"


class Receipt(msgspec.Struct, frozen=True):
    """Where a request stands; it has a number once it is done."""

    key: str
    state: Literal["accepted", "done"]
    number: str = ""


def receipt(entry: Entry) -> Receipt:
    """What whoever asks about an entry is told."""
    if not entry.order:
        return Receipt(entry.key, "accepted")
    return Receipt(entry.key, "done", entry.number)


class Register(TestRecords):
    """Base of registers that entries are made in.

    ``takes`` is between which seconds an entry is worked on; None: it is finished when it is made. Days of
    work become seconds, as at the desks of the case systems.
    """

    kind = ""
    title = ""
    takes: ClassVar[tuple[float, float] | None] = (0.5, 3.0)
    record: ClassVar[str] = "registration"

    async def start(self) -> None:
        """Load the entries; go on with those that are not finished, and with what others were to be told."""
        self.start_test_records()
        self._entries: dict[str, Entry] = {}
        self._made: Once[str] = Once()
        self._serials: Counter[str] = Counter()
        self._finished: defaultdict[str, list[Entry]] = defaultdict(list)
        self._last = 0
        self._due: dict[str, float] = {}
        loaded = [msgspec.msgpack.decode(body, type=Entry) for _, body in self.store.load("entry")]
        for entry in sorted(loaded, key=lambda each: (each.order, each.at)):
            self._serials[entry.book] = max(self._serials[entry.book], entry.serial)
            self._made.remember(entry.key, entry.key)
            self._show(entry)
        self._onward = self.outbox(self.deliver)
        if self.takes is not None:
            self.context.spawn(self._work(), f"{self.name} works")

    # -- what subclasses say -----------------------------------------------------------------------

    def messages(self, entry: Entry) -> list[Message]:  # noqa: ARG002 - a hook
        """What others are told because an entry was made."""
        return []

    async def deliver(self, destination: str, messages: list[Message], attempt: int) -> None:
        """Send what :meth:`messages` made. Raises :class:`mocks.caller.CallFailed`."""
        raise NotImplementedError

    # -- entries -----------------------------------------------------------------------------------

    async def enter(self, key: str, kind: str, body: msgspec.Struct, unit: units.Unit) -> tuple[Entry, bool]:
        """The entry of this key, and whether it was made just now.

        Refuses with 422 a key under which something else came, and that of a test dossier that was purged.
        The book is the unit's and of this kind.
        """
        self.refuse_purged(key)
        request = msgspec.json.encode(body)

        async def make() -> str:
            book = self.book(kind, unit)
            self._serials[book] += 1
            entry = Entry(
                key,
                kind,
                unit.province,
                unit.code,
                request,
                book,
                self._serials[book],
                time.monotonic_ns(),
                int(self.now()),
                order=0 if self.takes else self._next(),
            )
            messages = self.messages(entry)
            await self.keep_record(key, self._put(entry), *map(Outbox.put, messages))
            self._show(entry)
            for each in messages:
                self._onward.accept(each)
            return key

        _, new = await self._made.do(key, make)
        entry = self._entries[key]
        if entry.request != request or entry.kind != kind:
            raise key_reused()
        return entry, new

    def book(self, kind: str, unit: units.Unit) -> str:
        """The book in which numbers are unique."""
        return f"{unit.code}.{kind}"

    def entry(self, key: str) -> Entry:
        """An entry by its key; refuses with 404."""
        found = self._entries.get(key)
        if found is None:
            raise Refusal(404, "no-such-entry", "Không có bản ghi này.", f"There is nothing under {key!r}.")
        return found

    def finished(self, province: str, after: int, limit: int) -> list[Entry]:
        """The entries of a province that were finished after the one of this order, in their order."""
        later = (each for each in self._finished[province] if each.order > after)
        return [each for each, _ in zip(later, range(limit), strict=False)]

    def _put(self, entry: Entry) -> Put:
        return Put("entry", entry.key, msgspec.msgpack.encode(entry))

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _show(self, entry: Entry) -> None:
        if entry.key in self.purged:
            return  # while the commit that finished it was under way
        self._entries[entry.key] = entry
        if entry.order:
            self._due.pop(entry.key, None)
            self._last = max(self._last, entry.order)
            self._finished[entry.province].append(entry)
        elif self.takes is not None:
            self._due[entry.key] = time.monotonic() + self.rng.uniform(*self.takes)

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(ROUND)
            now = time.monotonic()
            ready = [self._entries[key] for key, due in self._due.items() if due <= now]
            done = [msgspec.structs.replace(each, order=self._next()) for each in ready]
            if done:
                await self.store.write(*map(self._put, done))
            for each in done:
                self._show(each)

    # -- for the operator --------------------------------------------------------------------------

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """The entries that these dossiers brought about; their numbers are not given again."""
        gone = [entry for code in codes if (entry := self._entries.pop(code, None)) is not None]
        for entry in gone:
            self._due.pop(entry.key, None)
        for province in {entry.province for entry in gone}:
            self._finished[province] = [each for each in self._finished[province] if each.key not in codes]
        return [(entry.key, Drop("entry", entry.key)) for entry in gone]

    def backlog(self) -> Backlog:
        """What others have not yet taken, and entries that are not finished."""
        return Backlog(undelivered=self._onward.undelivered(), open=len(self._due))

    def stored(self, page: slice) -> list[Stored]:
        """Entries, in the order in which they came."""
        return [
            Stored(
                system=self.name,
                kind=self.record,
                record=entry.number,
                dossier=entry.key,
                province=entry.province,
                commune=entry.commune,
                procedure=entry.kind,
                status=1 if entry.order else 0,
                at=entry.at,
                stamped=entry.stamped,
            )
            for entry in list(self._entries.values())[page]
        ]


class Tokens:
    """The bearer tokens that a register gives to the systems that may call it."""

    def __init__(self, system: System) -> None:
        self._signer = Signer(f"{system.name}/callers", system.context.seed)

    def give(self, user: str) -> str:
        """A token for this user."""
        return self._signer.sign(_Caller(user, time.time() + TOKEN_LIFE))

    def check(self, call: Call[Any]) -> str:
        """The user whose token a request carries; refuses with 401."""
        found = self._signer.open(call.bearer(), _Caller)
        if found is None or found.expires < time.time():
            raise Refusal(
                401,
                "invalid-token",
                "Phiên không hợp lệ.",
                "The access token is not valid.",
                headers=CHALLENGE,
            )
        return found.user


class _Caller(msgspec.Struct, frozen=True):
    user: str
    expires: float


def unit_of(commune: str, province: str = "") -> units.Unit:
    """The commune of today with this code, in this province if one is named.

    Refuses an old code with 422, naming the successor; also a province, and a commune of another province.
    A code that was never given is refused with 404.
    """
    found = units.current(commune, gone=422)
    if province:
        units.current(province, gone=422)
    if found.code == found.province or province not in ("", found.province):
        raise Refusal(
            422,
            "wrong-unit",
            f"Mã {commune} không phải là xã, phường của tỉnh {province or '?'}.",
            f"{commune!r} is no commune of province {province or 'any'!r}.",
        )
    return found


def known_citizen(system: System, citizen_id: str) -> str:
    """The id of a citizen whom the country knows; refuses with 422."""
    if system.context.people.by_id(citizen_id) is None:
        raise Refusal(422, "no-such-citizen", "Không có công dân này.", "There is no such citizen.")
    return citizen_id
