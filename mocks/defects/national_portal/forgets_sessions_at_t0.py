"""The key that signs sessions is changed at T0, and the old one is thrown away at once."""

from __future__ import annotations

from mocks.systems.national_portal import NationalPortal
from mocks.tokens import Signer


class ForgetsSessionsAtT0(NationalPortal):
    """Has one key until T0 and another from then on."""

    async def start(self) -> None:
        """Lay the second key ready."""
        await super().start()
        self._next_signer = Signer(f"{self.name}/after-t0", self.context.seed)

    def sessions(self) -> Signer:
        """Knows only the sessions of its own side of T0."""
        return self._next_signer if self.after_t0() else super().sessions()
