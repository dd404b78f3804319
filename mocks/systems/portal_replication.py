"""The national portal's side of the second site: what it holds is shipped there as it changes.

=================================  ===  ================================================================
``GET /api/replication``           200  {connected, head, waiting}: whether there is a second site, the
                                        number of the newest change, and how many it has not taken
=================================  ===  ================================================================
"""

from __future__ import annotations

import msgspec

from mocks.dossiers import Dossiers
from mocks.http import Answer, Call, operation
from mocks.replication import Batch, Position, ReplicatedStore, ship
from mocks.system import System

SECOND_SITE = "national-data-centre"
SHIPPING_LIMIT = 3.0
"""Seconds until the second site must have taken a batch."""


class ReplicationState(msgspec.Struct, frozen=True):
    """How far the second site is behind, as the first one sees it."""

    connected: bool
    head: int = 0
    waiting: int = 0


class Replication(System):
    """Mixed into the portal: where there is a second site, its store is a replicated one.

    A second site that has lost what it had is given everything anew. Needs ``dossiers`` from the portal.
    """

    kind = ""
    title = ""
    dossiers: Dossiers

    def start_replication(self) -> None:
        """Take up the stream of an earlier life of the process; to be called before anything is written."""
        self._stream: ReplicatedStore | None = None
        if SECOND_SITE not in self.config.peers:
            return
        self.store = self._stream = ReplicatedStore(self.name, self.context.committer)
        self.context.spawn(
            ship(self._stream, lambda: list(self.dossiers), self._ship, self.rng, self.backoff()),
            f"{self.name} to {SECOND_SITE}",
        )

    async def _ship(self, batch: Batch, attempt: int) -> Position:
        return await self.caller.ask(
            Position,
            self.config,
            SECOND_SITE,
            "replicate",
            "POST",
            "/api/replicate",
            limit=SHIPPING_LIMIT,
            body=batch,
            attempt=attempt,
        )

    def unreplicated(self) -> int:
        """How many changes the second site has not taken."""
        return 0 if self._stream is None else self._stream.waiting()

    @operation("GET", "/api/replication", answers={200: ReplicationState})
    async def replication(self, _call: Call[None]) -> Answer:
        """How far the second site is behind."""
        if self._stream is None:
            return Answer(200, ReplicationState(False))
        return Answer(200, ReplicationState(True, self._stream.head, self.unreplicated()))
