"""The submitting half of the national portal: form, files, submission, and the way on to a province.

::

    citizen ── content, files ──► portal ── one commit: dossier and message ──► acknowledged
                                     └── line of its province ──► lgsp-PP ──► case-PP
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import msgspec

import fixtures
from mocks.adapter import Adapter
from mocks.caller import CallFailed
from mocks.catalogue import Catalogue
from mocks.dossiers import Dossiers, Held, new_held, stamp
from mocks.http import Answer, Call, Problem, Refusal, key_reused, operation
from mocks.messages import (
    Attached,
    CaseDossier,
    DossierReceipt,
    Envelope,
    Essentials,
    ProcedureRow,
    Submission,
    UploadReceipt,
)
from mocks.once import Once
from mocks.outbox import Message, Outbox
from mocks.resilience import Breaker
from mocks.sign_in import CITIZEN, RelyingParty
from mocks.systems.lgsp import NATIONAL_PORTAL
from mocks.systems.population import PersonRecord
from mocks.systems.portal_pages import Form, FormQuery, essentials
from mocks.tokens import Session
from mocks.uploads import Uploads

PREFILL_LIMIT = 1.0
"""Seconds that a form waits for the population database before it is shown empty."""


class Submissions(RelyingParty):
    """Mixed into the portal: needs ``dossiers``, ``purged`` and ``catalogue`` from it."""

    kind = ""
    title = ""
    dossiers: Dossiers
    purged: set[str]
    catalogue: Catalogue

    def start_submissions(self) -> None:
        """Take up keys, numbers and messages of an earlier life of the process, and go on forwarding."""
        self._adapter = Adapter(self.config, self.caller)
        self._population = Breaker(threshold=5, cool_down=2.0)
        self._uploads = Uploads(self.store)
        self._units = {(each.province, each.code) for each in fixtures.communes()}
        self._submitted: Once[Held] = Once()
        self._serial = 0
        for held in self.dossiers:
            # of this portal, not carried over, not a province's
            if held.code.startswith(f"{NATIONAL_PORTAL}-"):
                self.remember_key(held)
                self.remember_number(held)
        self._outbox = self.outbox(self.forward)

    def remember_key(self, held: Held) -> None:
        """A dossier is there: its key brings about no second one."""
        self._submitted.remember(held.dossier.KhoaGuiNhan, held)

    def remember_number(self, held: Held) -> None:
        """A dossier is there: its number is not given again."""
        self._serial = max(self._serial, int(held.code.rpartition("-")[2]))

    def undelivered(self) -> int:
        """How many dossiers wait for their province."""
        return self._outbox.undelivered()

    async def in_force(self, code: str, trace: str) -> ProcedureRow:
        """A procedure in force. Refuses with 404 one that is not, with 503 where the catalogue is missing."""
        return await self.catalogue.one(code, trace)

    # -- form and files ----------------------------------------------------------------------------

    @operation(
        "GET",
        "/api/form",
        query=FormQuery,
        credential=CITIZEN,
        answers={200: Form, 404: Problem, 503: Problem},
    )
    async def form(self, call: Call[None]) -> Answer:
        """An application form with what the population database knows filled in."""
        session = self.citizen(call)
        asked: FormQuery = call.query
        row = await self.in_force(asked.procedure, call.trace)
        person = await self.prefill(session.citizen_id, call.trace)
        return Answer(200, Form(row, asked.province, asked.commune, person is not None, person))

    async def prefill(self, citizen_id: str, trace: str) -> PersonRecord | None:
        """What is known of a citizen; None where the population database does not say."""
        now = time.monotonic()
        if not self._population.allows(now):
            return None
        try:
            person = await self.caller.ask(
                PersonRecord,
                self.config,
                "population",
                "citizen",
                "GET",
                f"/api/citizens/{citizen_id}",
                limit=PREFILL_LIMIT,
                trace=trace,
            )
        except CallFailed:
            self._population.failed(time.monotonic())
            return None  # the form works without it: the citizen types
        self._population.succeeded()
        return person

    @operation("POST", "/api/attachments", body=bytes, credential=CITIZEN, answers={201: UploadReceipt})
    async def upload(self, call: Call[bytes]) -> Answer:
        """Keep one file for a dossier to come."""
        self.citizen(call)
        return Answer(201, await self._uploads.take(call.body))

    # -- submission --------------------------------------------------------------------------------

    @operation(
        "POST",
        "/api/dossiers",
        body=Submission,
        key_required=True,
        credential=CITIZEN,
        answers={
            200: DossierReceipt,
            201: DossierReceipt,
            404: Problem,
            422: Problem,
            503: Problem,
        },
    )
    async def submit(self, call: Call[Submission]) -> Answer:
        """Take a dossier: the answer comes when it is durable, and from then on it must not be lost."""
        session = self.citizen(call)
        content, asked = call.body.content, essentials(call.body)
        row = await self.in_force(asked.procedure, call.trace)
        unknown = self.context.gaps.has("unit-unknown", asked.commune)
        if unknown or (asked.province, asked.commune) not in self._units:
            raise Refusal(
                422,
                "no-such-unit",
                f"Không có đơn vị {asked.province}/{asked.commune}.",
                f"There is no commune {asked.commune!r} in province {asked.province!r}.",
            )
        files = self._uploads.attached(asked.attachments)

        async def take() -> Held:
            held = self.new_dossier(call, session, asked, row, files)
            await self.keep(held, call.trace)
            return held

        held, new = await self.once(call.key, take)
        if held.dossier.NoiDung != content or held.owner != session.citizen_id:
            raise key_reused()
        return Answer(201 if new else 200, DossierReceipt(held.code, held.status, held.fee, held.fee_code))

    def new_dossier(
        self,
        call: Call[Submission],
        session: Session,
        asked: Essentials,
        row: ProcedureRow,
        files: list[Attached],
    ) -> Held:
        """The dossier of a submission, with a number of its own."""
        self._serial += 1
        at = self.now()
        dossier = CaseDossier(
            MaHoSo=f"{NATIONAL_PORTAL}-{stamp(at)[:8]}-{self._serial:07d}",
            MaTTHC=row.MATTHC,
            ChuHoSo=session.name,
            LoaiDoiTuong=0,
            MaTinh=asked.province,
            MaXa=asked.commune,
            MaDonViTiepNhan=asked.agency,
            NgayNop=stamp(at),
            ThanhPhanHoSo=files,
            NoiDung=call.body.content,
            KhoaGuiNhan=call.key,
        )
        return new_held(dossier, at, owner=session.citizen_id, fee=row.SOTIEN, fee_code=row.MAPHILEPHI)

    async def once(self, key: str, take: Callable[[], Awaitable[Held]]) -> tuple[Held, bool]:
        """The dossier of a key, and whether it was taken just now."""
        return await self._submitted.do(key, take)

    async def keep(self, held: Held, trace: str) -> None:
        """Make a dossier durable, together with the message that forwards it."""
        onward = self.onward(held, trace)
        await self.store.write(self.dossiers.put(held), Outbox.put(onward))
        self.dossiers.keep(held)
        self._outbox.accept(onward)

    # -- the way on --------------------------------------------------------------------------------

    def onward(self, held: Held, trace: str) -> Message:
        """The message that forwards a dossier; codes sort in the order in which they were given."""
        dossier = held.dossier
        body = msgspec.json.encode(dossier)
        return Message(held.code, f"lgsp-{dossier.MaTinh}", body, held.code, trace)

    async def forward(self, platform: str, messages: list[Message], attempt: int) -> None:
        """Send dossiers to their province. Raises :class:`CallFailed`."""
        for message in messages:
            dossier = msgspec.json.decode(message.body, type=CaseDossier)
            envelope = Envelope("", "NoiHoSo", NATIONAL_PORTAL, mahoso=dossier.MaHoSo, dossiers=[dossier])
            await self._adapter.call(
                platform, dossier.MaTinh, envelope, key=message.key, trace=message.trace, attempt=attempt
            )
