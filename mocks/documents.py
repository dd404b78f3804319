"""What is exchanged with official documents, and the register of agencies as those who carry them know it."""

from __future__ import annotations

import time
from typing import Annotated, Literal
from urllib.parse import quote

import msgspec

from mocks.caller import Caller, CallFailed
from mocks.config import SystemConfig
from mocks.http import Refusal, Text
from mocks.systems.agency_codes import Agency

AGENCIES = "agency-codes"
LIFE = 30.0
"""Seconds for which a code that was looked up is not looked up again."""
LIMIT = 1.5
"""Seconds until the register of agencies must have answered."""

Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=35)]
BOUNCED = "bounced"
"""Kind of the records of documents that nobody will take."""
DocumentState = Literal["waiting", "in-transit", "delivered", "bounced"]


class DocumentRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document to be sent from one agency to another, both by their codes; its SHA-256 stands for it.

    ``dossier`` is the code of the dossier that it is about, where it is about one.
    """

    sender: str = msgspec.field(name="from")
    recipient: Code = msgspec.field(name="to")
    subject: str
    digest: Digest
    dossier: str = ""


class Interchange(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document on its way; ``id`` is the same whenever it is sent again."""

    id: str
    sender: str = msgspec.field(name="from")
    recipient: Code = msgspec.field(name="to")
    subject: str
    digest: Digest
    dossier: str = ""


class DocumentReceipt(msgspec.Struct, frozen=True):
    """What became of a document; ``reason`` says why it bounced."""

    id: str
    state: DocumentState
    reason: str = ""


class Bounced(msgspec.Struct, frozen=True):
    """A document that nobody will take: to whom, and why not."""

    id: str
    recipient: str = msgspec.field(name="to")
    subject: str
    reason: str
    message: Text


class AgencyBook:
    """Agencies by their codes, asked of the register and kept for a while."""

    def __init__(self, system: SystemConfig, caller: Caller) -> None:
        self._system = system
        self._caller = caller
        self._known: dict[str, tuple[float, Agency | None]] = {}

    async def active(self, code: str, trace: str = "") -> Agency:
        """The agency with this code.

        Refuses with 422 one that is closed, naming its successor, and one that there is not. Raises
        :class:`CallFailed` where the register does not say.
        """
        found = await self._find(code, trace)
        if found is None:
            raise Refusal(
                422, "agency-unknown", f"Không có mã định danh {code}.", f"There is no agency code {code!r}."
            )
        if found.state == "closed":
            instead = f" → {found.successor}" if found.successor else ""
            raise Refusal(
                422,
                "agency-closed",
                f"Mã định danh {code} đã đóng{instead}.",
                f"The agency code {code!r} is closed{instead}.",
            )
        return found

    async def _find(self, code: str, trace: str) -> Agency | None:
        now = time.monotonic()
        asked, found = self._known.get(code, (-LIFE, None))
        if now - asked < LIFE:
            return found
        try:
            found = await self._caller.ask(
                Agency,
                self._system,
                AGENCIES,
                "agency",
                "GET",
                f"/api/agencies/{quote(code, safe='')}",
                limit=LIMIT,
                trace=trace,
            )
        except CallFailed as failure:
            if failure.status != 404:
                raise
            found = None
        self._known[code] = (now, found)
        return found
