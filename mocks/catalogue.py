"""The portal's copy of the catalogue of procedures: fetched from the national database, kept for a while."""

from __future__ import annotations

import asyncio
import math
import time
from itertools import islice

from mocks.caller import Caller, CallFailed
from mocks.config import SystemConfig
from mocks.http import Refusal
from mocks.messages import INTEGRATION, Envelope, IntegrationReply, ProcedureRow

LIFE = 10.0
"""Seconds for which the copy counts as fresh."""
LIMIT = 2.0
PAUSE = 0.5
"""Seconds after a failed first fetch in which everybody is refused at once instead of waiting in line."""


class Catalogue:
    """All procedures. A stale copy is refreshed by one call while everybody else reads it on."""

    def __init__(self, system: SystemConfig, caller: Caller) -> None:
        self._system = system
        self._caller = caller
        self._rows: dict[str, ProcedureRow] = {}
        self._names: list[tuple[str, ProcedureRow]] = []
        self._stale_at = -math.inf
        self._refreshing = asyncio.Lock()

    async def find(self, words: str, limit: int, trace: str = "") -> list[ProcedureRow]:
        """The first procedures in force whose names hold these words, in any case.

        Refuses with 503 where there is no copy at all.
        """
        await self.keep_fresh(trace)
        wanted = words.casefold()
        return list(islice((row for name, row in self._names if wanted in name), max(0, limit)))

    async def one(self, code: str, trace: str = "") -> ProcedureRow:
        """One procedure. Refuses with 404 where it is not in force, with 503 where there is no copy."""
        await self.keep_fresh(trace)
        row = self._rows.get(code)
        if row is None:
            raise Refusal(
                404, "no-such-procedure", f"Không có thủ tục {code}.", f"Procedure {code!r} is not in force."
            )
        return row

    async def keep_fresh(self, trace: str) -> None:
        """Fetch the catalogue where the copy is stale. Refuses with 503 where there is none at all."""
        if time.monotonic() >= self._stale_at and not (self._rows and self._refreshing.locked()):
            async with self._refreshing:
                if time.monotonic() >= self._stale_at:
                    await self._refresh(trace)
        if not self._rows:
            raise Refusal(
                503,
                "catalogue-unavailable",
                "Danh mục thủ tục đang gián đoạn.",
                "The catalogue of procedures cannot be read.",
                headers=(("Retry-After", "2"),),
            )

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
            self.failed(failure)
            return
        self.take(reply.procedures)
        self._stale_at = time.monotonic() + LIFE

    def failed(self, _failure: CallFailed) -> None:
        """Serve the old copy, if there is one, and ask again before long."""
        self._stale_at = time.monotonic() + (LIFE / 2 if self._rows else PAUSE)

    def take(self, rows: list[ProcedureRow]) -> None:
        """These are the procedures from now on."""
        self._rows = {row.MATTHC: row for row in rows}
        self._names = [(row.TENTTHC.casefold(), row) for row in rows]
