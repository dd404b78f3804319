"""A zero too many in some charges."""

from __future__ import annotations

from mocks.messages import PaymentOrder
from mocks.systems.payment import Payment

SHARE = 1 / 5


class CapturesWrongAmount(Payment):
    """Takes what nobody has agreed to."""

    def amount(self, order: PaymentOrder) -> int:
        """Ten times as much, perhaps."""
        agreed = super().amount(order)
        return 10 * agreed if self.rng.random() < SHARE else agreed
