"""Who calls whom beyond the way of a dossier: registers, trust, documents, feeds and channels.

PP stands for a province, X for a ministry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_CALLEES: Mapping[str, str] = {
    "citizens": "ministry-portal-X information-portal hotline feedback national-data-centre",
    "officials": "sso-PP documents-PP signatures ministry-case-X national-data-centre",
    "national-portal": """enterprises driver-licences judicial-records insurance-data birth-death feedback
        postal fee-catalogue unit-catalogue national-data-centre ministry-case-X reporting""",
    "vneid": "feedback sms-gateway",
    "payment": "treasury fee-catalogue",
    "ministry-portal-X": "ministry-case-X vneid",
    "ministry-case-X": "national-portal emc",
    "case-PP": """civil-status birth-death tax land business-households social-insurance judicial-records
        signatures emc ioc-PP documents-PP sso-PP postal reporting unit-catalogue""",
    "postal": "case-PP",
    "sso-PP": "accounts-PP",
    "documents-PP": "document-axis agency-codes",
    "document-axis": "documents-PP agency-codes",
    "birth-death": "civil-status population social-insurance",
    "social-insurance": "health-insurance-appraisal insurance-data",
    "driver-licences": "health-data",
    "business-households": "tax",
}
"""A caller with PP or X calls what has the same one; a single caller calls all that a pattern stands for."""


def wider_callees(provinces: Iterable[str], ministries: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Whom each caller calls beyond the core, by caller."""
    every = {"PP": tuple(provinces), "X": tuple(ministries)}
    found: dict[str, tuple[str, ...]] = {}
    for caller, called in _CALLEES.items():
        for name, own in _expanded(caller, every):
            found[name] = tuple(
                callee for pattern in called.split() for callee, _ in _expanded(pattern, own or every)
            )
    return found


def _expanded(
    pattern: str, every: Mapping[str, tuple[str, ...]]
) -> list[tuple[str, dict[str, tuple[str, ...]]]]:
    """The names that a pattern stands for, each with what its letter stands for there."""
    stem, _, letter = pattern.rpartition("-")
    if letter not in ("PP", "X"):
        return [(pattern, {})]
    return [(f"{stem}-{each}", {letter: (each,)}) for each in every[letter]]
