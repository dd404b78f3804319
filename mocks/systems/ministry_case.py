"""The case system of a ministry: dossiers that no province settles.

It offers what every case system does (``POST /integration``, the officials' inbox and statuses, the purge of
test records); dossiers come from the ministry's own portal until it closes, and from the national portal.
They name no province; their unit is the ministry's. Statuses go straight to the national portal.
"""

from __future__ import annotations

from mocks.http import Refusal
from mocks.messages import CaseDossier
from mocks.ministries import agency_of
from mocks.systems.case_desk import Desk
from mocks.upward import Upward


class MinistryCase(Desk):
    """Ministerial settlement system (Hệ thống thông tin giải quyết thủ tục hành chính cấp bộ)."""

    kind = "ministry-case"
    title = "Ministerial case system"

    async def start(self) -> None:
        """Know whose dossiers these are."""
        self._agency = agency_of(self.name)
        await super().start()

    def upward(self) -> Upward:
        """Straight to the national portal."""
        return Upward(self, "national-portal", self._agency)

    def check_unit(self, dossier: CaseDossier) -> None:
        """Refuses with 422 what is not of this ministry."""
        if dossier.MaTinh or dossier.MaDonViTiepNhan != self._agency:
            raise Refusal(
                422,
                "wrong-unit",
                f"Đơn vị {dossier.MaDonViTiepNhan} không thuộc hệ thống này.",
                f"Unit {dossier.MaDonViTiepNhan} is not {self._agency}, whose system this is.",
            )
