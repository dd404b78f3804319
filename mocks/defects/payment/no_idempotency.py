"""A repeated charge is taken for a new one, and the money is taken again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from mocks.messages import ChargeReceipt
from mocks.systems.payment import Payment


class NoIdempotency(Payment):
    """Does not look at the key."""

    async def once(
        self, _key: str, take: Callable[[], Awaitable[ChargeReceipt]]
    ) -> tuple[ChargeReceipt, bool]:
        """As often as it is asked for."""
        return await take(), True
