"""Hand in a dossier that does not end with its case system: a register of its own must hear of it."""

from __future__ import annotations

from scenarios.journeys.submit_dossier import submit
from scenarios.journeys.visitor import Script, Visitor


def in_field(field: str) -> Script:
    """The journey of whoever comes with a dossier of this field of procedures."""

    def run(visitor: Visitor) -> None:
        submit(visitor, field=field, national_only=True)

    return run
