"""The client side of integration: one session per platform, calls in the real envelope."""

from __future__ import annotations

import msgspec

from mocks.caller import Caller, CallFailed
from mocks.config import SystemConfig
from mocks.messages import (
    ADAPTER_LOGIN,
    INTEGRATION,
    AdapterLogin,
    AdapterSession,
    Envelope,
    IntegrationReply,
)

ADAPTER_LIMIT = 3.5
"""Seconds until an integration call must be answered, the hop behind the platform included."""


class Adapter:
    """Integration calls of one system through the platforms that it has links to."""

    def __init__(self, system: SystemConfig, caller: Caller) -> None:
        self._system = system
        self._caller = caller
        self._sessions: dict[str, str] = {}

    async def call(
        self,
        platform: str,
        destination: str,
        envelope: Envelope,
        *,
        key: str = "",
        trace: str = "",
        attempt: int = 1,
    ) -> IntegrationReply:
        """Send one envelope; logs in first where there is no session. Raises :class:`CallFailed`."""
        if platform not in self._sessions:
            opened = await self._caller.ask(
                AdapterSession,
                self._system,
                platform,
                "adapter-login",
                "POST",
                ADAPTER_LOGIN,
                limit=ADAPTER_LIMIT,
                body=AdapterLogin(self._system.name),
                headers={"dstcode": destination},
                trace=trace,
            )
            self._sessions[platform] = opened.session
        try:
            return await self._caller.ask(
                IntegrationReply,
                self._system,
                platform,
                envelope.service,
                "POST",
                INTEGRATION,
                limit=ADAPTER_LIMIT,
                body=msgspec.structs.replace(envelope, session=self._sessions[platform]),
                headers={"dstcode": destination},
                key=key,
                trace=trace,
                attempt=attempt,
            )
        except CallFailed as failure:
            if failure.status == 401:  # the platform has forgotten us: the next call logs in again
                self._sessions.pop(platform, None)
            raise
