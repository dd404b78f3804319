"""The case system of the province was never declared on its integration platform."""

from __future__ import annotations

from mocks.systems.lgsp import Lgsp


class NotConnected(Lgsp):
    """Has no route to its own province."""

    def routes(self) -> dict[str, str]:
        """All but one."""
        return {unit: peer for unit, peer in super().routes().items() if unit != self.config.province}
