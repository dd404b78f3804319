"""The papers of a dossier are picked up at its owner's door.

=======================================  ===  ===========================================================
``POST /api/dossiers/{code}/pick-up``    201  {order, state}; the same key again is answered as the first
                                              time; 401, 403, 404; 409 its province has not taken it yet;
                                              502 or 504 where the post does not answer
=======================================  ===  ===========================================================
"""

from __future__ import annotations

from typing import Any

from mocks.dossiers import Held
from mocks.http import Answer, Call, Refusal, operation
from mocks.lookups import REFUSALS, ask
from mocks.sign_in import CITIZEN
from mocks.system import System
from mocks.systems.postal import PostalReceipt, PostalRequest

POST = "postal"


class PickUps(System):
    """Mixed into the portal: needs ``own`` from it."""

    kind = ""
    title = ""

    def own(self, call: Call[Any]) -> Held:
        """The dossier in the path, if it is the caller's own."""
        raise NotImplementedError

    @operation(
        "POST",
        "/api/dossiers/{code}/pick-up",
        key_required=True,
        credential=CITIZEN,
        answers={201: PostalReceipt, **REFUSALS},
    )
    async def order_pick_up(self, call: Call[None]) -> Answer:
        """Have the post pick the papers of one's dossier up, once its province has taken it."""
        key = call.key
        held = self.own(call)
        if len(held.steps) < 2:
            raise Refusal(
                409, "too-early", "Tỉnh chưa tiếp nhận hồ sơ này.", "The province has not taken it yet."
            )
        body = PostalRequest(held.code, held.dossier.MaTinh, "pick-up")
        found = await ask(
            self, POST, "pick-up", PostalReceipt, "/api/orders", call, method="POST", body=body, key=key
        )
        return Answer(201, found)
