"""``kill -9`` of the national portal in the middle of submissions loses nothing that was acknowledged."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
import msgspec
import pytest

import fixtures
from fixtures.people import Registry
from mocks.operator import Backlog, Stored
from mocks.tokens import Session, Signer
from reports.journal import CALLS, RECEIVED
from reports.journal_reader import read_stream
from tests.mocks.country import SEED, Json, configuration
from tests.mocks.processes import MockProcess, on_ports

PORTAL = "national-portal"
PROVINCES = ("01", "15")
CLIENTS = 8
KILLED_AFTER = (120, 300)
"""How many acknowledgements there are when the portal is killed, each time."""
PATIENCE = 60.0

pytestmark = pytest.mark.e2e


@dataclass
class Submitted:
    """What one client knows of one submission: its key, province, digest, and the code if it has one."""

    key: str
    content: Json
    code: str = ""

    @property
    def digest(self) -> str:
        return fixtures.canonical_digest(self.content)


@dataclass
class Crowd:
    """Clients that submit one dossier after the other, each under a key of its own."""

    portal: str
    headers: dict[str, str]
    contents: dict[str, Json]
    sent: list[Submitted] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def acknowledged(self) -> list[Submitted]:
        return [each for each in self.sent if each.code]

    async def submit_until_it_breaks(self, enough: int, process: MockProcess) -> None:
        """Submit; when so many were acknowledged the portal is killed under the clients' hands."""

        async def client(http: httpx.AsyncClient) -> None:
            while True:
                submitted = self._next()
                self.sent.append(submitted)
                try:
                    await self.post(http, submitted)
                except httpx.HTTPError:
                    return
                if len(self.acknowledged()) == enough:
                    process.kill()

        async with httpx.AsyncClient(base_url=self.portal, timeout=PATIENCE) as http:
            await asyncio.gather(*(client(http) for _ in range(CLIENTS)))

    async def post(self, http: httpx.AsyncClient, submitted: Submitted) -> None:
        headers = {**self.headers, "Idempotency-Key": submitted.key}
        answer = await http.post("/api/dossiers", json={"content": submitted.content}, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        submitted.code = answer.json()["code"]

    async def send_the_rest_again(self) -> None:
        async with httpx.AsyncClient(base_url=self.portal, timeout=PATIENCE) as http:
            for submitted in self.sent:
                if not submitted.code:
                    await self.post(http, submitted)

    def _next(self) -> Submitted:
        number = next(self._numbers)
        content = {**self.contents[PROVINCES[number % 2]], "note": f"HO-SO-THU-NGHIEM {number}"}
        return Submitted(f"intent-{number:06d}", content)


def stored(address: str) -> list[Stored]:
    page = httpx.get(f"{address}/-/stored", params={"limit": 100_000}, timeout=PATIENCE).json()["records"]
    return [each for each in msgspec.convert(page, list[Stored]) if each.at]


def wait_until_delivered(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while msgspec.json.decode(httpx.get(f"{address}/-/backlog").content, type=Backlog).undelivered:
        assert time.monotonic() < deadline, "the portal still holds messages"
        time.sleep(0.1)


def test_no_acknowledged_dossier_is_lost_and_each_arrives_once(tmp_path: Path) -> None:
    places = on_ports(configuration(PROVINCES, ()))
    address = {name: f"http://127.0.0.1:{place.port}" for name, place in places.items()}
    others = MockProcess("others", tmp_path, [place for name, place in places.items() if name != PORTAL])
    portal = MockProcess(PORTAL, tmp_path, [places[PORTAL]])
    people = Registry(SEED)
    dossiers = {p: people.dossier(1, province=p, commune=fixtures.communes_of(p)[0].code) for p in PROVINCES}
    who = people.citizen(1, "15")
    session = Signer(PORTAL, SEED).sign(Session(who.id, who.name, time.time() + 3600))
    contents = {p: msgspec.json.decode(msgspec.json.encode(d.content())) for p, d in dossiers.items()}
    crowd = Crowd(address[PORTAL], {"Cookie": f"session={session}"}, contents)

    with others, portal:
        for dossier in dossiers.values():
            for file in dossier.attachments:
                url = f"{address[PORTAL]}/api/attachments"
                assert httpx.post(url, content=file.content(), headers=crowd.headers).status_code == 201

        for enough in KILLED_AFTER:
            asyncio.run(crowd.submit_until_it_breaks(enough, portal))
            assert len(crowd.acknowledged()) >= enough
            unknown = [each for each in crowd.sent if not each.code]
            assert 1 <= len(unknown) <= CLIENTS * len(KILLED_AFTER), "requests were under way"
            portal.start()
            held = {each.record: each for each in stored(address[PORTAL])}
            for each in crowd.acknowledged():
                assert held[each.code].digest == each.digest
                assert held[each.code].intent == each.key
            assert len({each.intent for each in held.values()}) == len(held), "no intent is held twice"
            assert {each.intent for each in held.values()} <= {each.key for each in crowd.sent}

        asyncio.run(crowd.send_the_rest_again())
        wait_until_delivered(address[PORTAL])
        assert len({each.code for each in crowd.sent}) == len(crowd.sent), "no code was given twice"
        for province in PROVINCES:
            arrived = sorted((each.record, each.digest) for each in stored(address[f"case-{province}"]))
            expected = [each for each in crowd.sent if each.content["province"] == province]
            assert arrived == sorted((each.code, each.digest) for each in expected)
        assert len(stored(address[PORTAL])) == len(crowd.sent)
        assert portal.stop() == 0

    lives = [read_stream(tmp_path / f"received.{PORTAL}.{life}.arrows", RECEIVED) for life in (1, 2, 3)]
    assert [torn for _, torn in lives] == [True, True, False], "the killed ones lack their end, no more"
    assert lives[2][0].num_rows > 0
    for path in tmp_path.glob("calls.*.arrows"):
        read_stream(path, CALLS)
