"""The first report of a day stays; later ones are answered for and dropped."""

from __future__ import annotations

from mocks.systems.ioc import Figures
from mocks.systems.reporting import Reporting


class KeepsFirstReport(Reporting):
    """Takes what is sent again within a day for the same report."""

    def is_newer(self, figures: Figures, known: Figures | None) -> bool:
        """Nothing is newer than what there is."""
        return known is None and super().is_newer(figures, known)
