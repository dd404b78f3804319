"""EMC, which measures how digital-government services are provided and used: one event for each status.

===================================  ===  ==============================================================
``POST /api/SendAction``             200  {CodeProfile, CodeTTHC, NameTTHC, Status, FormsReception, Level,
                                          IsFromDVCQG, MaHoSo, IsDVCBC, User}: {error_code, message};
                                          403 the province is not connected; 422 ``User`` is no agency code
``GET /api/provinces/{code}/events`` 200  {province, connected, events, dossiers, by_status}
===================================  ===  ==============================================================

``User`` is the agency that reports, and says which province the event is counted for. The same status of the
same dossier counts once, however often it is sent.

Gap ``emc-not-connected`` (province): its events are refused, and it is shown as not connected.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Set
from itertools import islice

import msgspec

import fixtures
from fixtures.reference.agencies import AGENCY_CODE, province_of_agency
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.once import Once
from mocks.operator import Stored
from mocks.purging import TestRecords, Trace
from mocks.store import Drop, Put
from mocks.systems.procedures import known_province

ONLINE, FULL, PARTIAL = "Trực tuyến", 4, 3
"""How a dossier came in, and the levels of an online service: whole (4) or in part (3)."""


class Action(msgspec.Struct, frozen=True):
    """``SendAction``: one status of one dossier, under the field names of the real interface."""

    CodeProfile: str
    CodeTTHC: str
    NameTTHC: str
    Status: int
    FormsReception: str
    Level: int
    IsFromDVCQG: bool
    MaHoSo: str
    IsDVCBC: bool
    User: str


class ActionReply(msgspec.Struct, frozen=True):
    """``error_code`` "00": the event is counted, now or before."""

    error_code: str = "00"
    message: str = ""


class Events(msgspec.Struct, frozen=True):
    """What has been counted for a province."""

    province: str
    connected: bool
    events: int
    dossiers: int
    by_status: dict[str, int]


class Event(msgspec.Struct, frozen=True):
    """An event, and when it came (monotonic nanoseconds)."""

    action: Action
    at: int


class Emc(TestRecords):
    """Monitoring of digital-government services (Hệ thống giám sát, đo lường, EMC)."""

    kind = "emc"
    title = "EMC monitoring"

    async def start(self) -> None:
        """Count again what an earlier life of the process has stored."""
        self.start_test_records()
        self._taken: Once[None] = Once()
        self._events: dict[str, Event] = {}
        self._statuses: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._dossiers: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for key, body in self.store.load("event"):
            self._taken.remember(key, None)
            self._count(key, msgspec.json.decode(body, type=Event))

    @operation("POST", "/api/SendAction", body=Action, answers={200: ActionReply, 403: Problem, 422: Problem})
    async def send_action(self, call: Call[Action]) -> Answer:
        """Count one status of one dossier, once."""
        action = call.body
        call.key = action.MaHoSo
        if not AGENCY_CODE.fullmatch(action.User):
            raise Refusal(
                422,
                "no-such-agency",
                f"Mã định danh {action.User} không hợp lệ.",
                f"{action.User!r} is no agency code.",
            )
        province = _province(action)
        if self.context.gaps.has("emc-not-connected", province):
            raise Refusal(
                403,
                "not-connected",
                f"Tỉnh {province} chưa kết nối EMC.",
                f"Province {province} is not connected to EMC.",
            )
        self.refuse_purged(action.MaHoSo)
        key = f"{action.MaHoSo}/{action.Status:02d}"

        async def take() -> None:
            event = Event(action, time.monotonic_ns())
            await self.keep_record(action.MaHoSo, Put("event", key, msgspec.json.encode(event)))
            self._count(key, event)

        await self._taken.do(key, take)
        return Answer(200, ActionReply())

    @operation("GET", "/api/provinces/{code}/events", answers={200: Events, 404: Problem})
    async def events(self, call: Call[None]) -> Answer:
        """What has been counted for a province."""
        code = known_province(call.path["code"])
        by_status = self._statuses[code]
        counted = Events(
            code,
            connected=not self.context.gaps.has("emc-not-connected", code),
            events=by_status.total(),
            dossiers=len(self._dossiers[code]),
            by_status={str(status): number for status, number in sorted(by_status.items())},
        )
        return Answer(200, counted)

    def _count(self, key: str, event: Event) -> None:
        self._events[key] = event
        action, province = event.action, _province(event.action)
        self._statuses[province][action.Status] += 1
        self._dossiers[province][action.MaHoSo] += 1

    # -- for the operator --------------------------------------------------------------------------

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """Their events, which count no more."""
        gone = [(key, each.action) for key, each in self._events.items() if each.action.MaHoSo in codes]
        for key, action in gone:
            del self._events[key]
            province = _province(action)
            self._statuses[province] -= Counter([action.Status])
            self._dossiers[province] -= Counter([action.MaHoSo])
        return [(action.MaHoSo, Drop("event", key)) for key, action in gone]

    def stored(self, page: slice) -> list[Stored]:
        """Events, in the order in which they came."""
        return [
            Stored(
                system=self.name,
                kind="event",
                record=key,
                dossier=event.action.MaHoSo,
                province=_province(event.action),
                procedure=event.action.CodeTTHC,
                status=event.action.Status,
                at=event.at,
            )
            for key, event in islice(self._events.items(), page.start, page.stop)
        ]


def _province(action: Action) -> str:
    """The province whose agency reports; "" for an agency of no province."""
    try:
        return province_of_agency(action.User).code
    except fixtures.UnknownCodeError:
        return ""
