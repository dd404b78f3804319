"""Some dossiers are answered for and not passed on."""

from __future__ import annotations

import msgspec

from mocks.http import Call
from mocks.messages import IntegrationReply
from mocks.systems.lgsp import Address, Lgsp

SHARE = 1 / 4


class LosesDeliveries(Lgsp):
    """Speaks for the case system."""

    async def relay(self, peer: str, call: Call[Address]) -> bytes:
        """A yes in place of a delivery, perhaps; statuses pass."""
        if call.body.service == "NoiHoSo" and self.rng.random() < SHARE:
            return msgspec.json.encode(IntegrationReply())
        return await super().relay(peer, call)
