"""A provincial case system: receives dossiers, has them processed, and sends every status back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import fixtures
from mocks.adapter import Adapter
from mocks.caller import CallFailed
from mocks.carried import carried_over
from mocks.dossiers import Held
from mocks.http import Refusal
from mocks.messages import CaseDossier, Envelope
from mocks.systems.case_counter import Counter
from mocks.systems.case_postal import CasePostal
from mocks.systems.lgsp import NATIONAL_PORTAL, PROCEDURES
from mocks.units import Unit
from mocks.upward import ThroughPlatform, Upward

CATALOGUE_EVERY = 20.0
UNITS = "unit-catalogue"
UNITS_LIMIT = 2.0
"""Seconds until the catalogue of units must have answered."""


class CaseSystem(Counter, CasePostal):
    """Provincial settlement system (Hệ thống thông tin giải quyết thủ tục hành chính cấp tỉnh)."""

    kind = "case-system"
    title = "Provincial case system"

    async def start(self) -> None:
        """Know the communes; open the desk; keep the catalogue in step."""
        province = self.config.province
        self._platform = f"lgsp-{province}"
        self._adapter = Adapter(self.config, self.caller)
        self._communes = {each.code for each in fixtures.communes_of(province)}
        self.catalogue: frozenset[str] = frozenset()
        await super().start()
        self.start_counter()
        self.start_postal()
        self.context.spawn(self._keep_catalogue(), f"{self.name} catalogue")
        if UNITS in self.config.peers:
            self.context.spawn(self._keep_units(), f"{self.name} units")

    def upward(self) -> Upward:
        """Through the integration platform of the province."""
        return ThroughPlatform(self, self._platform, self.config.province, self._adapter)

    def before(self) -> Iterable[Held]:
        """The dossiers that were carried over from before the night."""
        return carried_over(self.context.seed, self.config.province)

    def check_unit(self, dossier: CaseDossier) -> None:
        """Refuses with 422 what is not of this province."""
        if dossier.MaTinh != self.config.province or dossier.MaXa not in self._communes:
            raise Refusal(
                422,
                "wrong-unit",
                f"Đơn vị {dossier.MaTinh}/{dossier.MaXa} không thuộc hệ thống này.",
                f"Unit {dossier.MaTinh}/{dossier.MaXa} is not of province {self.config.province}.",
            )

    def tells_birth(self, held: Held) -> bool:  # noqa: ARG002 - which one does not matter
        """Not where the way up was never finished."""
        return not self.context.gaps.has("sync-up-broken", self.config.province)

    def tells_progress(self, held: Held) -> bool:
        """Not for a commune that was never connected, nor of a dossier that is not known above."""
        known_above = not held.at or held.code.startswith(f"{NATIONAL_PORTAL}-") or self.tells_birth(held)
        return known_above and not self.context.gaps.has("no-status-back", held.dossier.MaXa)

    async def _keep_catalogue(self) -> None:
        await asyncio.sleep(self.rng.uniform(1.0, CATALOGUE_EVERY))
        while True:
            try:
                envelope = Envelope("", "LayDanhSachTTHC", self.config.province)
                reply = await self._adapter.call(self._platform, PROCEDURES, envelope)
                self.catalogue = frozenset(row.MATTHC for row in reply.procedures)
            except CallFailed:
                pass  # the call is in the journal; the old catalogue serves until the next time
            await asyncio.sleep(CATALOGUE_EVERY)

    async def _keep_units(self) -> None:
        """Know what the catalogue of units adds; what is missing there is no reason to turn people away."""
        path = f"/api/provinces/{self.config.province}/communes"
        await asyncio.sleep(self.rng.uniform(1.0, CATALOGUE_EVERY))
        while True:
            try:
                listed = await self.caller.ask(
                    list[Unit], self.config, UNITS, "communes", "GET", path, limit=UNITS_LIMIT
                )
                self._communes.update(each.code for each in listed)
            except CallFailed:
                pass  # the call is in the journal; what is known serves until the next time
            await asyncio.sleep(CATALOGUE_EVERY)
