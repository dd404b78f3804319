"""The portal's copy of the catalogue of procedures: fetched from the national database, kept for a while."""

from __future__ import annotations

import asyncio
import time

from mocks.caller import Caller, CallFailed
from mocks.config import SystemConfig
from mocks.http import Refusal
from mocks.messages import INTEGRATION, Envelope, IntegrationReply, ProcedureRow

LIFE = 10.0
"""Seconds for which the copy counts as fresh."""
LIMIT = 2.0


class Catalogue:
    """All procedures. A stale copy is refreshed by one call while everybody else reads it on."""

    def __init__(self, system: SystemConfig, caller: Caller) -> None:
        self._system = system
        self._caller = caller
        self._rows: dict[str, ProcedureRow] = {}
        self._fetched = 0.0
        self._refreshing = asyncio.Lock()

    async def all(self, trace: str = "") -> list[ProcedureRow]:
        """Every procedure in force. Refuses with 503 only where there is no copy at all."""
        if time.monotonic() - self._fetched > LIFE and not (self._rows and self._refreshing.locked()):
            async with self._refreshing:
                if time.monotonic() - self._fetched > LIFE:
                    await self._refresh(trace)
        return list(self._rows.values())

    async def one(self, code: str, trace: str = "") -> ProcedureRow:
        """One procedure. Refuses with 404 where it is not in force."""
        await self.all(trace)
        row = self._rows.get(code)
        if row is None:
            raise Refusal(
                404, "no-such-procedure", f"Không có thủ tục {code}.", f"Procedure {code!r} is not in force."
            )
        return row

    async def _refresh(self, trace: str) -> None:
        try:
            reply = await self._caller.ask(
                IntegrationReply,
                self._system,
                "procedures",
                "LayDanhSachTTHC",
                "POST",
                INTEGRATION,
                limit=LIMIT,
                body=Envelope("", "LayDanhSachTTHC"),
                trace=trace,
            )
        except CallFailed as failure:
            if not self._rows:
                raise Refusal(
                    503,
                    "catalogue-unavailable",
                    "Danh mục thủ tục đang gián đoạn.",
                    f"The catalogue of procedures cannot be read ({failure.error}).",
                    headers=(("Retry-After", "2"),),
                ) from failure
            self._fetched = time.monotonic() - LIFE / 2  # serve the old copy, ask again before long
            return
        self._rows = {row.MATTHC: row for row in reply.procedures}
        self._fetched = time.monotonic()
