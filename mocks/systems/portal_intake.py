"""The provinces' side of the national portal: dossiers born in a province, and the progress of all."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import msgspec

from mocks.dossiers import Dossiers, Held, new_held
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.messages import INTEGRATION, CaseDossier, DossierRow, Envelope, IntegrationReply, Progress
from mocks.system import System


class Intake(System):
    """Mixed into the portal: needs ``dossiers``, ``purged`` and ``find`` from it."""

    kind = ""
    title = ""
    dossiers: Dossiers
    purged: set[str]

    def start_intake(self) -> None:
        """Make ready to take what the provinces send."""
        self._upward: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def find(self, code: str) -> Held:
        """A dossier by its code; refuses with 404."""
        raise NotImplementedError

    @operation(
        "POST",
        INTEGRATION,
        body=Envelope,
        answers={200: IntegrationReply, 404: Problem, 409: Problem, 422: Problem},
    )
    async def integrate(self, call: Call[Envelope]) -> Answer:
        """DongBoHoSoMC (a dossier born in a province), CapNhatTienDoHoSoMC (its progress) or TraCuuHoSo."""
        body = call.body
        match body.service:
            case "TraCuuHoSo":
                found = self.find(body.mahoso)
                return Answer(200, IntegrationReply(dossiers=[DossierRow(found.code, found.status)]))
            case "DongBoHoSoMC" | "CapNhatTienDoHoSoMC":
                # one at a time per province: a late first try must not overtake the second while that commits
                async with self._upward[call.caller]:
                    await self._synchronise(body.dossiers)
                    await self.progress(body.progress)
                return Answer(200, IntegrationReply())
            case other:
                raise Refusal(
                    422, "not-here", f"Không hỗ trợ {other}.", f"The portal does not offer {other}."
                )

    async def _synchronise(self, dossiers: list[CaseDossier]) -> None:
        fresh = [
            new_held(each, self.now())
            for each in dossiers
            if self.dossiers.find(each.MaHoSo) is None and each.MaHoSo not in self.purged
        ]
        if fresh:
            await self.store.write(*(self.dossiers.put(held) for held in fresh))
        for held in fresh:
            self.dossiers.keep(held)
        if late := self.purged.intersection(held.code for held in fresh):  # while the commit was under way
            await self.store.write(*(drop for _, drop in self.dossiers.take_away(late)))

    async def progress(self, steps: list[Progress]) -> None:
        """Take each step once and in its order; a repeated step changes nothing, a gap is refused."""
        moved: dict[str, Held] = {}
        for step in sorted(steps, key=lambda each: each.ThuTu):
            if step.MaHoSo in self.purged:
                continue
            held = moved.get(step.MaHoSo) or self.find(step.MaHoSo)
            if step.ThuTu <= len(held.steps):
                continue
            if step.ThuTu > len(held.steps) + 1:
                raise Refusal(
                    409,
                    "gap",
                    f"Thiếu bước trước của hồ sơ {step.MaHoSo}.",
                    f"Step {step.ThuTu} of {step.MaHoSo} came before step {len(held.steps) + 1}.",
                )
            moved[step.MaHoSo] = msgspec.structs.replace(held, steps=[*held.steps, step.TrangThai])
        if moved:
            await self.store.write(*(self.dossiers.put(held) for held in moved.values()))
        for code, held in moved.items():
            if code in self.purged:
                continue
            # a payment may have been noted while the commit was under way
            held.receipt = self.find(code).receipt
            self.dossiers.keep(held)
