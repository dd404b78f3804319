"""What case systems tell those who watch, sign, write and carry: one partner for each.

===========  =========================================================================================
destination  what it is told
===========  =========================================================================================
EMC          every status
signatures   the result, to be signed, when it is ready
documents    that a dossier has come, to the commune that owns it: one dossier in ten
post         to return the result, when it is ready: one dossier in eight
IOC          the province's figures as they are now, when they have changed, once a second at most
reporting    the same figures, every three seconds at most
===========  =========================================================================================

Which dossiers of ten or of eight follows from their codes. Figures wait in no line: what could not be told is
out of date when it could. A case system is at rest when its newest figures have been told.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from functools import cache
from typing import ClassVar, Protocol, runtime_checkable

import msgspec

import fixtures
from fixtures.reference.agencies import NATIONAL_PORTAL, provincial_centre
from mocks.caller import CallFailed
from mocks.documents import DocumentRequest
from mocks.dossiers import Dossiers, Held
from mocks.http import Method
from mocks.outbox import DeadLetter, Message
from mocks.partner import LIMIT, Factory, Partner, Posting
from mocks.problems import REMEDIABLE
from mocks.purging import Trace
from mocks.system import System
from mocks.systems.emc import FULL, ONLINE, PARTIAL, Action
from mocks.systems.ioc import Figures
from mocks.systems.postal import PostalRequest
from mocks.systems.signature_certificates import Certificate
from mocks.systems.signatures import SigningRequest

RECEIVED, READY = 2, 9
CERTIFICATES_EVERY = 3.0
"""Seconds between two questions for the certificates of units whose results were refused."""
NOTICES, RETURNS = 10, 8
"""One dossier in so many is announced by a document, and has its result returned by post."""


@cache
def _procedures() -> Mapping[str, fixtures.Procedure]:
    return {each.code: each for each in fixtures.procedures()}


def is_one_in(number: int, code: str, purpose: str) -> bool:
    """Whether a dossier is the one of ``number`` that is chosen for a purpose: the same in any process."""
    return zlib.crc32(f"{purpose}/{code}".encode()) % number == 0


class EmcFeed(Posting):
    """One event for each status."""

    operation = "SendAction"
    path = "/api/SendAction"

    def body(self, held: Held) -> msgspec.Struct:
        """The event of the newest status."""
        made = held.dossier
        procedure = _procedures().get(made.MaTTHC)
        return Action(
            CodeProfile=held.code,
            CodeTTHC=made.MaTTHC,
            NameTTHC=procedure.name_vi if procedure else "",
            Status=held.status,
            FormsReception=ONLINE,
            Level=FULL if procedure and procedure.online == "full" else PARTIAL,
            IsFromDVCQG=held.code.startswith(f"{NATIONAL_PORTAL}-"),
            MaHoSo=held.code,
            IsDVCBC=is_one_in(RETURNS, held.code, "postal"),
            User=made.MaDonViTiepNhan,
        )


class SigningFeed(Posting):
    """The result of a dossier, to be signed by the unit that settled it.

    What was refused because the unit's certificate is not valid is sent again once it has a valid one.
    """

    operation = "sign"
    path = "/api/sign"

    async def listen(self) -> None:
        """Ask for the certificates of units whose results were refused, as long as there are any."""
        await asyncio.sleep(self.system.rng.uniform(0, CERTIFICATES_EVERY))
        while True:
            await asyncio.sleep(CERTIFICATES_EVERY)
            for unit, refused in self._unsigned().items():
                if self.system.outgoing is not None and await self._can_sign(unit):
                    await self.system.outgoing.send_again(refused)

    def answer(self, code: str) -> str:  # noqa: ARG002 - a signature is no answer about a dossier
        """Nothing."""
        return ""

    def take_away(self, codes: Set[str]) -> list[Trace]:  # noqa: ARG002 - nothing is kept
        """Nothing."""
        return []

    def _unsigned(self) -> dict[str, list[DeadLetter]]:
        """The results that wait for a certificate, by unit."""
        by_unit: defaultdict[str, list[DeadLetter]] = defaultdict(list)
        letters = () if self.system.outgoing is None else self.system.outgoing.dead_letters.values()
        for each in letters:
            if each.message.destination == self.destination and each.reason in REMEDIABLE:
                by_unit[msgspec.json.decode(each.message.body, type=SigningRequest).unit].append(each)
        return by_unit

    async def _can_sign(self, unit: str) -> bool:
        try:
            found = await self.system.caller.ask(
                Certificate,
                self.system.config,
                self.destination,
                "certificate",
                "GET",
                f"/api/certificates/{unit}",
                limit=LIMIT,
            )
        except CallFailed:
            return False  # the call is in the journal; the next time will tell
        return found.state == "valid"

    def body(self, held: Held) -> msgspec.Struct | None:
        """The request when the result is ready; ministries sign elsewhere."""
        made = held.dossier
        if held.status != READY or not made.MaTinh:
            return None
        document = f"KQ.{made.MaDonViTiepNhan}.{held.code}"
        unit = made.MaXa if made.MaDonViTiepNhan.endswith(f".{made.MaXa}") else made.MaTinh
        return SigningRequest(hashlib.sha256(document.encode()).hexdigest(), unit, held.code)


class DocumentsFeed(Posting):
    """A document to the commune whose dossier has been received."""

    operation = "send-document"
    path = "/api/documents"

    def body(self, held: Held) -> msgspec.Struct | None:
        """The document when a chosen dossier has been received."""
        made = held.dossier
        if held.status != RECEIVED or not made.MaXa or not is_one_in(NOTICES, held.code, "documents"):
            return None
        subject = f"Thông báo tiếp nhận hồ sơ {held.code}"
        return DocumentRequest(
            sender=provincial_centre(fixtures.province(made.MaTinh)),
            recipient=fixtures.commune_agency(made.MaXa),
            subject=subject,
            digest=hashlib.sha256(subject.encode()).hexdigest(),
            dossier=held.code,
        )


class PostalFeed(Posting):
    """The way of a result back to the citizen."""

    operation = "postal-order"
    path = "/api/orders"

    def body(self, held: Held) -> msgspec.Struct | None:
        """The order when the result of a chosen dossier is ready."""
        made = held.dossier
        if held.status != READY or not made.MaTinh or not is_one_in(RETURNS, held.code, "postal"):
            return None
        return PostalRequest(held.code, made.MaTinh, "return")


@runtime_checkable
class Holder(Protocol):
    """A system that holds dossiers."""

    dossiers: Dossiers


class FiguresFeed:
    """A province's figures, told from time to time; no message is kept for them."""

    operation: ClassVar[str]
    method: ClassVar[Method]
    path: ClassVar[str]
    every: ClassVar[float]

    def __init__(self, system: System, dossiers: Dossiers, destination: str) -> None:
        self.system = system
        self.destination = destination
        self._dossiers = dossiers
        self._told: Figures | None = None

    @classmethod
    def of(cls, system: System, destination: str) -> Partner | None:
        """The partner, where the destination is a peer of a province's system that holds dossiers."""
        if destination not in system.config.peers or not system.config.province:
            return None
        return cls(system, system.dossiers, destination) if isinstance(system, Holder) else None

    def messages(self, held: Held) -> list[Message]:  # noqa: ARG002 - figures wait in no line
        """Nothing."""
        return []

    async def deliver(self, messages: list[Message], attempt: int) -> None:
        """There is nothing to deliver."""

    async def listen(self) -> None:
        """Tell the figures whenever they have changed, ``every`` so many seconds at most."""
        await asyncio.sleep(self.system.rng.uniform(0, self.every))  # provinces do not report in step
        while True:
            await asyncio.sleep(self.every)
            figures = self.figures()
            if self._is_known(figures):
                continue
            try:
                await self.system.caller.call(
                    self.system.config,
                    self.destination,
                    self.operation,
                    self.method,
                    self.path,
                    limit=LIMIT,
                    body=figures,
                )
            except CallFailed:
                continue  # it is in the journal; the next figures will be newer
            self._told = figures

    def is_behind(self) -> bool:
        """Whether the figures are others than those that were told last."""
        return not self._is_known(self.figures())

    def _is_known(self, figures: Figures) -> bool:
        return self._told is not None and msgspec.structs.replace(self._told, at=figures.at) == figures

    def answer(self, code: str) -> str:  # noqa: ARG002 - it says nothing of any dossier
        """Nothing."""
        return ""

    def take_away(self, codes: Set[str]) -> list[Trace]:  # noqa: ARG002 - figures name no dossier
        """Nothing."""
        return []

    def figures(self) -> Figures:
        """The figures of this moment."""
        statuses = Counter(held.status for held in self._dossiers)
        finished, refused = statuses[9] + statuses[10], statuses[3] + statuses[7] + statuses[8]
        received = statuses.total()
        return Figures(
            province=self.system.config.province,
            at=time.time_ns(),
            received=received,
            open=received - finished - refused,
            finished=finished,
            refused=refused,
        )


class IocFeed(FiguresFeed):
    """To the province's operations centre."""

    operation = "kpis"
    method = "PUT"
    path = "/api/kpis"
    every = 1.0


class ReportingFeed(FiguresFeed):
    """To the nation's reporting system."""

    operation = "report"
    method = "POST"
    path = "/api/reports"
    every = 3.0


FEEDS: tuple[Factory, ...] = (
    lambda system: EmcFeed.of(system, "emc"),
    lambda system: SigningFeed.of(system, "signatures"),
    lambda system: DocumentsFeed.of(system, f"documents-{system.config.province}"),
    lambda system: PostalFeed.of(system, "postal"),
    lambda system: IocFeed.of(system, f"ioc-{system.config.province}"),
    lambda system: ReportingFeed.of(system, "reporting"),
)
