"""The synthetic people of a rehearsal, as journeys ask for them."""

from __future__ import annotations

from collections import defaultdict

import msgspec

import fixtures
from fixtures.people import Registry
from scenarios.journeys.visitor import Arrival

HAS_RESULT = frozenset({9, 10})


class People:
    """Citizens, their dossiers, and what was carried over from before; everything follows from the seed."""

    def __init__(self, seed: int) -> None:
        self._registry = Registry(seed)
        self._paid_procedures = tuple(each for each in fixtures.open_procedures() if each.fee is not None)
        self._by_field: dict[str, list[fixtures.Procedure]] = defaultdict(list)
        for procedure in fixtures.open_procedures():
            self._by_field[procedure.field].append(procedure)
        self._closed_procedures = tuple(each for each in fixtures.procedures() if each.level == "abolished")
        self._districts = _districts()
        # now rather than at the first visitor, who would be sent late: this reads the tables of the fixtures
        self._carried_over: dict[str, list[fixtures.CarriedOver]] = defaultdict(list)
        for each in fixtures.carried_over(seed):
            self._carried_over[each.province].append(each)
            each.dossier.attachments[0].content()

    def citizen(self, arrival: Arrival) -> fixtures.Citizen:
        """The citizen who comes."""
        return self._registry.citizen(arrival.subject, arrival.province)

    def dossier(self, arrival: Arrival, *, with_fee: bool = False, field: str = "") -> fixtures.Dossier:
        """The dossier that this citizen hands in: of a procedure with a fee, of a field, or of any."""
        offered = self._paid_procedures if with_fee else self._by_field[field] if field else ()
        procedure = offered[arrival.subject % len(offered)].code if offered else None
        return self._registry.dossier(
            arrival.subject,
            province=arrival.province,
            commune=arrival.commune,
            procedure=procedure,
            applicant=self.citizen(arrival),
        )

    def enterprise(self, arrival: Arrival) -> fixtures.Enterprise:
        """An enterprise that is in the register."""
        return self._registry.enterprise(arrival.subject)

    def closed_dossier(self, arrival: Arrival) -> fixtures.Dossier:
        """A dossier for a procedure that ended with the districts; but for that it is complete."""
        closed = self._closed_procedures[arrival.subject % len(self._closed_procedures)]
        return msgspec.structs.replace(
            self.dossier(arrival),
            procedure=closed.code,
            fee=closed.fee or "",
            amount=closed.amount,
        )

    def abolished_district(self, arrival: Arrival) -> str:
        """The code of a district that lay where the citizen's province is now."""
        there = self._districts[arrival.province]
        return there[arrival.subject % len(there)]

    def known_dossier(self, arrival: Arrival) -> fixtures.CarriedOver:
        """A dossier of the citizen's province that was there before the rehearsal."""
        there = self._carried_over[arrival.province]
        return there[arrival.subject % len(there)]

    def finished_dossier(self, arrival: Arrival) -> fixtures.CarriedOver:
        """A dossier of the citizen's province whose result can be collected."""
        finished = [each for each in self._carried_over[arrival.province] if each.status in HAS_RESULT]
        return finished[arrival.subject % len(finished)]


def _districts() -> dict[str, tuple[str, ...]]:
    """The codes of the former districts by the province of today."""
    successor = {each.code: each.successor for each in fixtures.old_provinces()}
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for ward in fixtures.old_wards():
        found[successor[ward.province]][ward.district] = None
    return {province: tuple(districts) for province, districts in found.items()}
