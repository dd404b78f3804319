"""The dossiers that a sweep hands in: whose they are, what they ask for, and how they are known again."""

from __future__ import annotations

from functools import cache

import msgspec

import fixtures
from fixtures.people import Registry

CITIZEN, AT_COUNTER = 999_000, 999_001
"""Numbers of the synthetic people of each province who hand them in, at the portal and at a counter.

Nobody else is one of them: whatever is on their lists was left by a sweep.
"""
KEY = "readiness-"
"""How the idempotency key of each begins."""


class Receipt(msgspec.Struct, frozen=True):
    """The acknowledgement of a dossier."""

    code: str


@cache
def procedure() -> fixtures.Procedure:
    """What they ask for: a certified copy, which no register of the nation has to hear of."""
    return next(
        each
        for each in fixtures.open_procedures()
        if each.field == "certification" and each.level == "commune"
    )


def content(people: Registry, citizen: fixtures.Citizen, commune: fixtures.Commune) -> object:
    """What is submitted. Nothing is attached: that would triple the requests and show nothing more."""
    dossier = people.dossier(
        CITIZEN,
        province=commune.province,
        commune=commune.code,
        procedure=procedure().code,
        applicant=citizen,
    )
    return {"content": {**dossier.content(), "attachments": []}}
