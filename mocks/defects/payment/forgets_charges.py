"""Some charges are confirmed and in no book."""

from __future__ import annotations

from mocks.systems.payment import Payment, TakenCharge

SHARE = 1 / 5


class ForgetsCharges(Payment):
    """Answers for money that it has not taken."""

    async def book(self, taken: TakenCharge, trace: str) -> None:
        """Not this one, perhaps."""
        if self.rng.random() >= SHARE:
            await super().book(taken, trace)
