"""Some requests fail, whatever they ask for."""

from __future__ import annotations

from mocks.http import Answer, Refusal
from mocks.systems.national_portal import NationalPortal

SHARE = 1 / 20


class FailsOneInTwenty(NationalPortal):
    """Has a bad server behind its balancer."""

    def gate(self, method: str, target: str) -> Answer | None:
        """Refuses with 500, perhaps."""
        if self.rng.random() < SHARE:
            raise Refusal(500, "failed", "Hệ thống gặp lỗi.", "The system failed; what it did is not known.")
        return super().gate(method, target)
