"""What a sweep leaves behind that is killed between a submission and its purge."""

from __future__ import annotations

import fixtures
from fixtures.people import Registry
from rehearsal.readiness.desk import Desk
from rehearsal.readiness.signing_in import PORTAL, sign_in
from rehearsal.readiness.specimens import CITIZEN, Receipt, content
from tests.mocks.country import SEED, Country
from tests.rehearsal.readiness.countries import PROVINCE, client_of, target


def leave_one(country: Country) -> str:
    """Hand one test dossier in and forget about it; its code."""

    async def run() -> str:
        people = Registry(SEED)
        citizen = people.citizen(CITIZEN, PROVINCE.code)
        async with client_of(country) as client:
            desk = Desk(target(), client, rate=1000, at_once=5)
            session = await sign_in(desk, citizen.id)
            body = content(people, citizen, fixtures.communes_of(PROVINCE.code)[0])
            headers = {**session, "Idempotency-Key": "readiness-left-behind"}
            receipt = await desk.ask(
                Receipt, PORTAL, "/api/dossiers", method="POST", body=body, headers=headers
            )
        return receipt.code

    return country.time.run(run())
