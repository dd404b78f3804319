"""Submit a dossier that costs a fee, and pay it online.

Online payment has been on the national platform since before the cutover, so this journey goes to the
national portal from the start, whichever portal its citizen knows; only an old bookmark makes a detour.
"""

from __future__ import annotations

from scenarios.journeys.answer import Answer
from scenarios.journeys.submit_dossier import submit
from scenarios.journeys.visitor import Visitor

LOOKS = 6
"""How often somebody looks whether a payment has been confirmed before leaving it at that."""


def run(visitor: Visitor) -> None:
    """Submit, order, consent at the payment platform, pay, and wait for the confirmation."""
    by_detour = visitor.arrival.entrance == "old-bookmark" and visitor.after_t0
    submitted = submit(visitor, with_fee=True, national_only=not by_detour)
    site, code = submitted.site, submitted.code
    visitor.think(3, 10)
    signed = visitor.request(
        "payment-order", site.system, "POST", f"/api/dossiers/{code}/payment-order", headers=site.headers
    )
    order = visitor.request(
        "checkout",
        "payment",
        "POST",
        "/checkout",
        json={"token": signed.field("token")},
        expect=(200, 201),
        check=lambda page: None if page.field("amount") == submitted.fee else "amount",
    ).field("order")
    visitor.think(10, 40)
    consent = visitor.request("consent", "payment", "POST", f"/checkout/{order}/authorize")
    intent = visitor.intent(
        "payment",
        system=site.system,
        province=submitted.dossier.province,
        commune=submitted.dossier.commune,
        procedure=submitted.dossier.procedure,
        dossier=code,
        amount=submitted.fee,
    )

    def confirmed(answer: Answer) -> str | None:
        return (
            None
            if answer.field("state") == ("paid" if answer.status == 200 else "pending")
            else "payment-state"
        )

    paid = visitor.request(
        "pay",
        site.system,
        "POST",
        f"/api/dossiers/{code}/payment",
        json={"order": order, "authorization": consent.field("authorization")},
        headers=site.headers,
        expect=(200, 202),
        check=confirmed,
        intent=intent,
        record=lambda state: str(state.field("receipt")),
    )
    looks = 0
    while paid.field("state") != "paid" and looks < LOOKS:
        looks += 1
        visitor.think(10, 30)
        paid = site.get("payment-state", f"/api/dossiers/{code}/payment")
