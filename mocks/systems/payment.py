"""The payment platform: orders with fee codes, the payer's consent, and charges that are taken once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import msgspec

import fixtures
from mocks.caller import CallFailed
from mocks.http import Answer, Call, Problem, Refusal, key_reused, operation
from mocks.messages import Authorization, Charge, ChargeReceipt, PaymentOrder
from mocks.once import Once
from mocks.operator import Backlog, Stored
from mocks.outbox import Message, Outbox
from mocks.partners_treasury import TREASURY, Settlements
from mocks.store import Put
from mocks.system import System
from mocks.systems.fee_catalogue import FeeRow
from mocks.tokens import PAYMENT_ORDERS, Signer

CATALOGUE, CATALOGUE_EVERY, CATALOGUE_LIMIT = "fee-catalogue", 20.0, 2.0
"""Who knows the fees in force; seconds between two looks, and until an answer must have come."""
NOTICE_LIMIT = 2.0
"""Seconds until the portal must have taken a notice."""


class CheckoutRequest(msgspec.Struct, frozen=True):
    """A payment order as the portal signed it."""

    token: str


class Checkout(msgspec.Struct, frozen=True):
    """What the payer sees before consenting."""

    order: str
    dossier: str
    amount: int


class Consent(msgspec.Struct, frozen=True):
    """The claims inside an authorization: the payer agreed to this order."""

    order: str


class TakenCharge(msgspec.Struct, frozen=True):
    """A charge as it is stored."""

    receipt: ChargeReceipt
    key: str
    at: int
    stamped: int = 0


class Payment(System):
    """National payment platform (Nền tảng thanh toán trực tuyến) with the fee code catalogue."""

    kind = "payment"
    title = "Payment platform"

    async def start(self) -> None:
        """Load orders and charges."""
        self._signer = Signer("payment", self.context.seed)
        self._amounts = {fee.code: fee.amount for fee in fixtures.fees()}
        self._orders: dict[str, PaymentOrder] = {
            key: msgspec.json.decode(body, type=PaymentOrder) for key, body in self.store.load("order")
        }
        self._portal = Signer(PAYMENT_ORDERS, self.context.seed)
        self._placed: Once[str] = Once()
        for order, asked in self._orders.items():
            self._placed.remember(asked.MaTraCuuTT, order)
        self._charges: dict[str, TakenCharge] = {}
        self._taken: Once[ChargeReceipt] = Once()
        for _, body in self.store.load("charge"):
            self._remember(msgspec.json.decode(body, type=TakenCharge))
        self._settlements = Settlements(self)
        self._notices = self.outbox(self._notify)
        if CATALOGUE in self.config.peers:
            self.context.spawn(self._keep_fees(), f"{self.name} fees")

    async def _keep_fees(self) -> None:
        """Take the fees in force from their catalogue."""
        await asyncio.sleep(self.rng.uniform(1.0, CATALOGUE_EVERY))
        while True:
            try:
                fees = await self.caller.ask(
                    list[FeeRow], self.config, CATALOGUE, "fees", "GET", "/api/fees", limit=CATALOGUE_LIMIT
                )
                self._amounts = {each.code: each.amount for each in fees}
            except CallFailed:
                pass  # the call is in the journal; what is known serves until the next time
            await asyncio.sleep(CATALOGUE_EVERY)

    def _remember(self, taken: TakenCharge) -> None:
        self._charges[taken.receipt.charge] = taken
        self._taken.remember(taken.key, taken.receipt)

    @operation(
        "POST",
        "/checkout",
        body=CheckoutRequest,
        answers={200: Checkout, 201: Checkout, 403: Problem, 422: Problem},
    )
    async def checkout(self, call: Call[CheckoutRequest]) -> Answer:
        """Take an order that the portal has signed; the amount must be what the fee code says."""
        asked = self._portal.open(call.body.token, PaymentOrder)
        if asked is None:
            raise Refusal(
                403, "not-signed", "Lệnh thanh toán không hợp lệ.", "The portal did not sign this order."
            )
        call.key = asked.MaHoSo
        if self._amounts.get(asked.MaPhiLePhi) != asked.SoTien:
            raise Refusal(
                422,
                "wrong-fee",
                "Mã phí, lệ phí không khớp với số tiền.",
                f"Fee code {asked.MaPhiLePhi!r} does not stand for {asked.SoTien} dong.",
            )

        async def place() -> str:
            order = f"PO-{self.rng.getrandbits(64):016x}"
            await self.store.write(Put("order", order, msgspec.json.encode(asked)))
            self._orders[order] = asked
            return order

        order, new = await self._placed.do(asked.MaTraCuuTT, place)
        if self._orders[order] != asked:
            raise key_reused()
        return Answer(201 if new else 200, Checkout(order, asked.MaHoSo, asked.SoTien))

    @operation("POST", "/checkout/{order}/authorize", answers={200: Authorization, 404: Problem})
    async def authorize(self, call: Call[None]) -> Answer:
        """Take the payer's consent."""
        order = call.path["order"]
        call.key = self._order(order).MaHoSo
        return Answer(200, Authorization(order, self._signer.sign(Consent(order))))

    @operation(
        "POST",
        "/api/charges",
        body=Charge,
        key_required=True,
        answers={
            200: ChargeReceipt,
            201: ChargeReceipt,
            403: Problem,
            404: Problem,
            409: Problem,
            422: Problem,
        },
    )
    async def charge(self, call: Call[Charge]) -> Answer:
        """Take the money of one order, once per Idempotency-Key."""
        asked = self._order(call.body.order)
        consent = self._signer.open(call.body.authorization, Consent)
        if consent is None or consent.order != call.body.order:
            raise Refusal(
                403, "no-consent", "Chưa có sự đồng ý thanh toán.", "The payer has not consented to this."
            )
        if call.body.dossier != asked.MaHoSo:
            raise Refusal(409, "other-dossier", "Sai mã hồ sơ.", "The order belongs to another dossier.")
        key = call.key

        async def take() -> ChargeReceipt:
            charge = f"CH-{time.monotonic_ns():020d}-{self.rng.getrandbits(32):08x}"  # sorts in order of time
            receipt = ChargeReceipt(charge, call.body.order, asked.MaHoSo, self.amount(asked))
            await self.book(TakenCharge(receipt, key, time.monotonic_ns(), int(self.now())), call.trace)
            return receipt

        receipt, new = await self.once(key, take)
        if receipt.order != call.body.order:
            raise key_reused()
        return Answer(201 if new else 200, receipt)

    def amount(self, order: PaymentOrder) -> int:
        """What is taken for an order, in dong."""
        return order.SoTien

    async def once(
        self, key: str, take: Callable[[], Awaitable[ChargeReceipt]]
    ) -> tuple[ChargeReceipt, bool]:
        """The charge of a key, and whether it was taken just now."""
        return await self._taken.do(key, take)

    async def book(self, taken: TakenCharge, trace: str) -> None:
        """Enter a charge in the books, together with the notice of it to the portal."""
        charge, receipt = taken.receipt.charge, taken.receipt
        notice = Message(charge, "national-portal", msgspec.json.encode(receipt), receipt.dossier, trace)
        order = self._orders[receipt.order]
        messages = [notice, *self._settlements.messages(receipt, order, taken.stamped, trace)]
        await self.store.write(Put("charge", charge, msgspec.json.encode(taken)), *map(Outbox.put, messages))
        self._charges[charge] = taken
        for message in messages:
            self._notices.accept(message)

    def _order(self, order: str) -> PaymentOrder:
        asked = self._orders.get(order)
        if asked is None:
            raise Refusal(404, "no-such-order", "Không có lệnh thanh toán này.", "There is no such order.")
        return asked

    async def _notify(self, destination: str, messages: list[Message], attempt: int) -> None:
        if destination == TREASURY:
            await self._settlements.deliver(messages, attempt)
            return
        for message in messages:
            await self.caller.call(
                self.config,
                destination,
                "payment-notice",
                "POST",
                "/api/payment-notices",
                limit=NOTICE_LIMIT,
                body=message.body,
                key=message.key,
                trace=message.trace,
                attempt=attempt,
            )

    def backlog(self) -> Backlog:
        """Notices the portal has not taken yet."""
        return Backlog(undelivered=self._notices.undelivered())

    def stored(self, page: slice) -> list[Stored]:
        """Charges."""
        return [
            Stored(
                system=self.name,
                kind="charge",
                record=taken.receipt.charge,
                intent=taken.key,
                dossier=taken.receipt.dossier,
                procedure=self._orders[taken.receipt.order].MaTTHC,
                amount=taken.receipt.amount,
                at=taken.at,
                stamped=taken.stamped,
            )
            for taken in list(self._charges.values())[page]
        ]
