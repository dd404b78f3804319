"""The payment half of the national portal: orders, charges, and charges whose answer never came.

::

    citizen ── order ──► portal (signs it)
    citizen ── signed order, consent ───────────► payment platform
    citizen ── pay ────► portal ── /api/charges ──► payment platform ── notice ──► portal
                              └── no answer in time: tried again with the same key, at last in the background
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from mocks.caller import CallFailed
from mocks.dossiers import Dossiers, Held
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.messages import (
    Authorization,
    Charge,
    ChargeReceipt,
    PaymentOrder,
    PaymentRequest,
    PaymentState,
)
from mocks.sign_in import CITIZEN
from mocks.store import Drop, Put
from mocks.system import System
from mocks.tokens import PAYMENT_ORDERS, Signer

CHARGE_LIMIT = 1.5
"""Seconds until one try of a charge must be answered."""
CHARGE_TRIES = 2
"""Tries while the citizen waits; afterwards the portal goes on in the background."""
BACKGROUND_TRIES = 40
FINAL = (403, 404, 409, 422)
"""Statuses by which the payment platform refuses a charge for good: no money was taken."""


class Unsettled(msgspec.Struct, frozen=True):
    """A charge that was asked for and not answered: durable, so that a restart goes on asking."""

    charge: Charge
    key: str
    trace: str


class Payments(System):
    """Mixed into the portal: needs ``dossiers`` and ``own`` from it."""

    kind = ""
    title = ""
    dossiers: Dossiers

    def start_payments(self) -> None:
        """Take up the charges that an earlier life of the process left unsettled."""
        self._pay_backoff = self.backoff(first=0.2, longest=2.0)
        self._payment_orders = Signer(PAYMENT_ORDERS, self.context.seed)
        self._unsettled: dict[str, Unsettled] = {}
        self._paying: set[str] = set()
        for code, charge in self.store.load("receipt"):
            held = self.dossiers.find(code)
            if held is not None:
                held.receipt = charge.decode()
        for key, body in self.store.load("unsettled"):
            self._settle_later(key, msgspec.json.decode(body, type=Unsettled))

    def own(self, call: Call[Any]) -> Held:
        """The dossier in the path, if it is the caller's own."""
        raise NotImplementedError

    def unsettled(self) -> int:
        """Charges whose outcome is not known yet."""
        return len(self._unsettled)

    @operation(
        "POST",
        "/api/dossiers/{code}/payment-order",
        credential=CITIZEN,
        answers={200: PaymentRequest, 403: Problem, 404: Problem, 409: Problem},
    )
    async def order_payment(self, call: Call[None]) -> Answer:
        """Sign the payment order for a dossier's fee; the payer's browser takes it to the platform."""
        held = self.own(call)
        if not held.fee_code:
            raise Refusal(
                409, "no-fee", "Hồ sơ không phải nộp phí.", "Nothing is to be paid for this dossier."
            )
        order = PaymentOrder(
            MaHoSo=held.code,
            MaTTHC=held.dossier.MaTTHC,
            MaDonVi=held.dossier.MaDonViTiepNhan,
            MaPhiLePhi=held.fee_code,
            SoTien=held.fee,
            MaTraCuuTT=held.code + held.dossier.NgayNop,  # the same for every try: one order per dossier
            HoTenNguoiNop=held.dossier.ChuHoSo,
        )
        checkout = f"{self.config.public['payment']}/checkout"
        return Answer(200, PaymentRequest(self._payment_orders.sign(order), checkout))

    @operation(
        "POST",
        "/api/dossiers/{code}/payment",
        body=Authorization,
        key_required=True,
        credential=CITIZEN,
        answers={
            200: PaymentState,
            202: PaymentState,
            403: Problem,
            404: Problem,
            409: Problem,
        },
    )
    async def pay(self, call: Call[Authorization]) -> Answer:
        """Take the payment: 200 when it is paid, 202 when the payment platform has not confirmed it yet."""
        key = call.key
        held = self.own(call)
        if held.receipt:
            return Answer(200, PaymentState("paid", held.receipt))
        if held.code in self._unsettled or held.code in self._paying:
            return Answer(202, PaymentState("pending"))
        asked = Unsettled(Charge(call.body.order, call.body.authorization, held.code), key, call.trace)
        self._paying.add(held.code)
        try:
            receipt = await self._charge_patiently(asked)
            if receipt is None:
                now = self.dossiers.find(held.code)
                if now is not None and now.receipt:  # the platform's notice was quicker than its answer
                    return Answer(200, PaymentState("paid", now.receipt))
                await self.store.write(Put("unsettled", held.code, msgspec.json.encode(asked)))
                self._settle_later(held.code, asked)
                return Answer(202, PaymentState("pending"))
            await self.paid(receipt)
            return Answer(200, PaymentState("paid", receipt.charge))
        finally:
            self._paying.discard(held.code)

    async def _charge_patiently(self, asked: Unsettled) -> ChargeReceipt | None:
        """The charge, tried while the citizen waits; None where no try was answered."""
        for attempt in range(1, CHARGE_TRIES + 1):
            try:
                return await self._charge(asked, attempt)
            except CallFailed as failure:
                if failure.status in FINAL:
                    raise Refusal(
                        409,
                        "payment-refused",
                        "Nền tảng thanh toán từ chối.",
                        f"The payment platform refuses it ({failure.error}).",
                    ) from failure
                if attempt < CHARGE_TRIES:
                    await asyncio.sleep(self._pay_backoff.pause(attempt, self.rng))
        return None

    @operation(
        "GET",
        "/api/dossiers/{code}/payment",
        credential=CITIZEN,
        answers={200: PaymentState, 403: Problem, 404: Problem},
    )
    async def payment(self, call: Call[None]) -> Answer:
        """Where the payment of a dossier stands."""
        held = self.own(call)
        if held.receipt:
            return Answer(200, PaymentState("paid", held.receipt))
        return Answer(200, PaymentState("pending" if held.code in self._unsettled else "none"))

    @operation("POST", "/api/payment-notices", body=ChargeReceipt, answers={200: PaymentState, 404: Problem})
    async def notice(self, call: Call[ChargeReceipt]) -> Answer:
        """The payment platform tells that money was taken.

        Between the two lies a link of their own, which stands for a mutual authentication that a rehearsal
        has not; a notice of a dossier that is paid for already changes nothing.
        """
        call.key = call.body.dossier
        if self.dossiers.find(call.key) is None:
            raise Refusal(
                404, "no-such-dossier", "Không tìm thấy hồ sơ.", f"There is no dossier {call.key!r}."
            )
        await self.paid(call.body)
        return Answer(200, PaymentState("paid", call.body.charge))

    async def _charge(self, asked: Unsettled, attempt: int) -> ChargeReceipt:
        return await self.caller.ask(
            ChargeReceipt,
            self.config,
            "payment",
            "charge",
            "POST",
            "/api/charges",
            limit=CHARGE_LIMIT,
            body=asked.charge,
            key=asked.key,
            trace=asked.trace,
            attempt=attempt,
        )

    async def paid(self, receipt: ChargeReceipt) -> None:
        """Note that a dossier is paid for, once."""
        code = receipt.dossier
        held = self.dossiers.find(code)
        if held is None or held.receipt:
            self._unsettled.pop(code, None)
            return
        # a record of its own: the dossier's may be rewritten by a status that arrives at the same moment
        await self.store.write(Put("receipt", code, receipt.charge.encode()), Drop("unsettled", code))
        current = self.dossiers.find(code)
        if current is not None:
            current.receipt = receipt.charge
        self._unsettled.pop(code, None)

    def _settle_later(self, code: str, asked: Unsettled) -> None:
        self._unsettled[code] = asked
        self.context.spawn(self._settle(code, asked), f"{self.name} settles {code}")

    async def _settle(self, code: str, asked: Unsettled) -> None:
        """Ask until the charge is known, with the same key; the notice of the platform may come first."""
        for attempt in range(1, BACKGROUND_TRIES + 1):
            await asyncio.sleep(0.5 + self._pay_backoff.pause(attempt, self.rng))
            if code not in self._unsettled:
                return
            try:
                await self.paid(await self._charge(asked, CHARGE_TRIES + attempt))
            except CallFailed as failure:
                if failure.status not in FINAL:
                    continue
                await self.store.write(Drop("unsettled", code))
                self._unsettled.pop(code, None)
            return
