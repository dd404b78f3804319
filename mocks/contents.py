"""What a register needs to know of a dossier's content, which is whatever the applicant sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import fixtures
from mocks.dossiers import Held
from mocks.systems.case_officials import RECEIVED


def received(held: Held, field: str) -> fixtures.Procedure | None:
    """The procedure of a dossier of this field that has just been received; else None."""
    if held.status != RECEIVED:
        return None
    found = procedure_of(held)
    return found if found is not None and found.field == field else None


def procedure_of(held: Held) -> fixtures.Procedure | None:
    """The procedure of a dossier; None where the fixtures know none of this code."""
    try:
        return fixtures.procedure(held.dossier.MaTTHC)
    except fixtures.UnknownCodeError:
        return None


def applicant_of(held: Held) -> str:
    """The citizen id of the applicant; "" where the content names none."""
    return str(_part(held, "applicant").get("id", ""))


def form_of(held: Held) -> dict[str, str]:
    """The form that was filled in, by field."""
    return {name: str(value) for name, value in _part(held, "form").items()}


def _part(held: Held, name: str) -> Mapping[str, Any]:
    found = held.dossier.NoiDung.get(name)
    return found if isinstance(found, dict) else {}
