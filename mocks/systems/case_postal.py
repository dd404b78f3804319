"""The postal side of a case system: it hears how far the papers of its dossiers are.

=================================  ===  ==========================================================
``POST /api/postal-status``        200  {order, dossier, kind, state}: noted; 404 no such dossier here
``GET /api/postal-status/{code}``  200  the last state of each order of a dossier; 404 no such dossier
=================================  ===  ==========================================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set

import msgspec

from mocks.dossiers import Held
from mocks.http import Answer, Call, Problem, operation
from mocks.purging import TestRecords, Trace
from mocks.store import Drop, Put
from mocks.systems.postal import STATUS_PATH, PostalStatus

_ORDER = ("ordered", "collected", "delivered")


class CasePostal(TestRecords):
    """Mixed into a case system: needs ``find`` from it."""

    kind = ""
    title = ""

    def start_postal(self) -> None:
        """Take up the states that an earlier life of the process has noted."""
        self._carried: defaultdict[str, dict[str, PostalStatus]] = defaultdict(dict)
        for _, body in self.store.load("postal"):
            self._note(msgspec.json.decode(body, type=PostalStatus))

    def find(self, code: str) -> Held:
        """A dossier by its code; refuses with 404."""
        raise NotImplementedError

    @operation("POST", STATUS_PATH, body=PostalStatus, answers={200: PostalStatus, 404: Problem})
    async def postal_status(self, call: Call[PostalStatus]) -> Answer:
        """Note how far an order is; an earlier state than the one known changes nothing."""
        told = call.body
        call.key = told.dossier
        code = self.find(told.dossier).code
        known = self._carried[code].get(told.order)
        if known is None or _ORDER.index(told.state) > _ORDER.index(known.state):
            await self.store.write(Put("postal", told.order, msgspec.json.encode(told)))
            self._note(told)
        return Answer(200, self._carried[code][told.order])

    @operation("GET", STATUS_PATH + "/{code}", answers={200: list[PostalStatus], 404: Problem})
    async def postal_orders(self, call: Call[None]) -> Answer:
        """The orders of a dossier."""
        call.key = call.path["code"]
        return Answer(200, list(self._carried[self.find(call.key).code].values()))

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """Also the states of their orders."""
        orders = [(code, order) for code in codes for order in self._carried.pop(code, ())]
        return [*super().take_away(codes), *((code, Drop("postal", order)) for code, order in orders)]

    def _note(self, told: PostalStatus) -> None:
        self._carried[told.dossier][told.order] = told
