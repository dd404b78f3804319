"""The officials' half of a case system: sign-in, inbox, and the next status of a dossier."""

from __future__ import annotations

import time
from typing import Any

import msgspec

import fixtures
from mocks.dossiers import Held
from mocks.http import CHALLENGE, Answer, Call, Credential, Problem, Refusal, operation
from mocks.messages import DossierView
from mocks.system import System
from mocks.tokens import Session, Signer

RECEIVED = 2
CLAIM_LIFE = 12.0
"""Seconds for which an official keeps a dossier from the desk."""
OFFICIAL_SESSION = 3600.0
OFFICIAL = Credential("bearer", "POST /api/officials/sign-in")


class OfficialSignIn(msgspec.Struct, frozen=True):
    """An official signs in to the case system of the province."""

    official: str


class OfficialSession(msgspec.Struct, frozen=True):
    """The token of an official's session."""

    token: str


class InboxQuery(msgspec.Struct, frozen=True):
    """How many dossiers an official takes at once."""

    limit: int = 3


class Inbox(msgspec.Struct, frozen=True):
    """Dossiers that wait for an official; they are kept from others while they are looked at."""

    dossiers: list[DossierView]


class StatusChange(msgspec.Struct, frozen=True):
    """The status that an official gives a dossier, and why."""

    status: int
    note: str = ""


class Officials(System):
    """Mixed into the case system: needs ``find`` and ``move`` from it.

    ``due`` says when each open dossier may move on by itself, ``claims`` until when an official keeps it from
    that; both in seconds of the monotonic clock.
    """

    kind = ""
    title = ""

    async def start(self) -> None:
        """Sessions are signed, so they outlive a restart; claims do not."""
        self._signer = Signer(self.name, self.context.seed)
        self.due: dict[str, float] = {}
        self.claims: dict[str, float] = {}

    def find(self, code: str) -> Held:
        """A dossier by its code; refuses with 404."""
        raise NotImplementedError

    async def move(self, moves: list[tuple[Held, int]], who: str) -> None:
        """Give dossiers their next statuses."""
        raise NotImplementedError

    @operation("POST", "/api/officials/sign-in", body=OfficialSignIn, answers={200: OfficialSession})
    async def sign_in(self, call: Call[OfficialSignIn]) -> Answer:
        """Open an official's session."""
        session = Session(call.body.official, call.body.official, time.time() + OFFICIAL_SESSION)
        return Answer(200, OfficialSession(self._signer.sign(session)))

    @operation("GET", "/api/inbox", query=InboxQuery, credential=OFFICIAL, answers={200: Inbox})
    async def inbox(self, call: Call[None]) -> Answer:
        """Dossiers that wait to be received, oldest first; they are the official's for a while."""
        self._official(call)
        now = time.monotonic()
        taken: list[DossierView] = []
        for code in list(self.due):
            if len(taken) >= max(1, min(call.query.limit, 20)):
                break
            held = self.find(code)
            if held.status == 1 and self.claims.get(code, 0) <= now:
                self.claims[code] = now + CLAIM_LIFE
                taken.append(held.view())
        return Answer(200, Inbox(taken))

    @operation("GET", "/api/dossiers/{code}", credential=OFFICIAL, answers={200: DossierView, 404: Problem})
    async def open_dossier(self, call: Call[None]) -> Answer:
        """One dossier, for an official."""
        self._official(call)
        call.key = call.path["code"]
        return Answer(200, self.find(call.key).view())

    @operation(
        "POST",
        "/api/dossiers/{code}/status",
        body=StatusChange,
        credential=OFFICIAL,
        answers={200: DossierView, 404: Problem, 409: Problem},
    )
    async def change_status(self, call: Call[StatusChange]) -> Answer:
        """Give a dossier its next status."""
        official = self._official(call)
        call.key = call.path["code"]
        held, status = self.find(call.key), call.body.status
        if held.status == status:
            return Answer(200, held.view())
        if held.code not in self.due or not fixtures.may_follow(held.status, status):
            raise Refusal(
                409,
                "illegal-status",
                f"Hồ sơ đang ở trạng thái {held.status}, không thể chuyển sang {status}.",
                f"The dossier stands at {held.status} and cannot go to {status}.",
            )
        await self.move([(held, status)], official)
        if status != RECEIVED:
            self.claims.pop(held.code, None)  # the desk goes on with it
        return Answer(200, self.find(held.code).view())

    def _official(self, call: Call[Any]) -> str:
        session = self._signer.session(call.bearer())
        if session is None:
            raise Refusal(
                401,
                "not-signed-in",
                "Cán bộ chưa đăng nhập.",
                "The official is not signed in.",
                headers=CHALLENGE,
            )
        return session.name
