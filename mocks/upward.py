"""The way up from a case system: dossiers that were born in it, and the progress of all."""

from __future__ import annotations

import msgspec

import fixtures
from mocks.adapter import Adapter
from mocks.dossiers import Held, stamp
from mocks.messages import INTEGRATION, CaseDossier, Envelope, IntegrationReply, Progress
from mocks.outbox import Message
from mocks.partner import LIMIT, message
from mocks.system import System
from mocks.systems.lgsp import NATIONAL_PORTAL

_DOSSIER, _PROGRESS = "dossier", "progress"


class Upward:
    """What is told upward goes straight to the national portal; ``unit`` is the code of who tells it."""

    def __init__(self, system: System, destination: str, unit: str) -> None:
        self.system = system
        self.destination = destination
        self.unit = unit

    def dossier(self, held: Held, trace: str) -> Message:
        """A dossier that was born here."""
        return message(self.destination, held, held.dossier, _DOSSIER, trace)

    def progress(self, held: Held, who: str) -> Message:
        """The newest status of a dossier, and who gave it."""
        step = Progress(
            MaHoSo=held.code,
            TrangThai=held.status,
            NguoiXuLy=who,
            ChucDanh="Cán bộ thử nghiệm",
            ThoiDiemXuLy=stamp(self.system.now()),
            PhongBanXuLy=held.dossier.MaDonViTiepNhan,
            NoiDungXuLy=fixtures.status(held.status).name_vi,
            ThuTu=len(held.steps),
        )
        return message(self.destination, held, step, _PROGRESS)

    async def deliver(self, messages: list[Message], attempt: int) -> None:
        """Send messages upward. Raises :class:`mocks.caller.CallFailed`."""
        dossiers, progress = [], []
        for each in messages:
            if each.id.endswith(f"-{_DOSSIER}"):
                dossiers.append(msgspec.json.decode(each.body, type=CaseDossier))
            else:
                progress.append(msgspec.json.decode(each.body, type=Progress))
        # a dossier's progress means something only after the dossier itself is known above
        if dossiers:
            keys = ",".join(each.MaHoSo for each in dossiers)
            await self.send(Envelope("", "DongBoHoSoMC", self.unit, dossiers=dossiers), keys, attempt)
        if progress:
            keys = ",".join(each.MaHoSo for each in progress)
            await self.send(Envelope("", "CapNhatTienDoHoSoMC", self.unit, progress=progress), keys, attempt)

    async def send(self, envelope: Envelope, key: str, attempt: int) -> None:
        """Send one envelope. Raises :class:`mocks.caller.CallFailed`."""
        await self.system.caller.ask(
            IntegrationReply,
            self.system.config,
            self.destination,
            envelope.service,
            "POST",
            INTEGRATION,
            limit=LIMIT,
            body=envelope,
            key=key,
            attempt=attempt,
        )


class ThroughPlatform(Upward):
    """The way up of a province: through the adapter of its integration platform."""

    def __init__(self, system: System, platform: str, unit: str, adapter: Adapter) -> None:
        super().__init__(system, platform, unit)
        self._adapter = adapter

    async def send(self, envelope: Envelope, key: str, attempt: int) -> None:
        """See :meth:`Upward.send`."""
        await self._adapter.call(self.destination, NATIONAL_PORTAL, envelope, key=key, attempt=attempt)
