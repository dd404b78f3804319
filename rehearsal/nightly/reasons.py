"""Why each unprepared country must miss its mark: the checks that have to name what it lacks.

A rehearsal that ends MISSED for another reason has not seen what was planted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

REASONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "closing-night-unprepared": ("capacity-suffices", "provinces-connected", "payments-taken-once"),
        "pilot-27-june-unprepared": ("right-case-system", "closed-procedures"),
        "identity-rush-30-june-unprepared": ("capacity-suffices",),
        "s1-t0-minute-unprepared": ("closed-portals", "provinces-connected"),
        "s2-identity-outage-unprepared": ("capacity-suffices", "sessions-kept"),
        "s4-front-ok-core-not-unprepared": ("capacity-suffices", "slo.identity"),
        "s5-doubled-messages-unprepared": ("no-dossier-doubled",),
        "s6-deadline-midnight-unprepared": ("open-until-t0",),
        "s7-failed-failover-unprepared": ("right-case-system",),
        "s9-opening-bell-unprepared": ("capacity-suffices", "payments-have-dossiers"),
        "s10-morning-after-unprepared": ("no-false-not-found", "synchronised"),
        "s3-late-codes-unprepared": ("capacity-suffices",),
        "s8-mass-reissue-unprepared": ("capacity-suffices",),
        "first-sign-in-1-july-unprepared": ("capacity-suffices",),
        "conversion-5-july-unprepared": ("provinces-connected",),
        "data-centre-migration-unprepared": ("capacity-suffices",),
        "whole-country-unprepared": ("capacity-suffices", "provinces-connected"),
    }
)
"""By the name of the scenario: checks, or findings of a check with its subject (``slo.submit``)."""


def unnamed(scenario: str, missed: Iterable[str]) -> list[str]:
    """The reasons that none of the missed findings names; all of them where nothing was missed."""
    findings = set(missed)
    named = findings | {each.partition(".")[0] for each in findings}
    return [each for each in REASONS.get(scenario, ()) if each not in named]
