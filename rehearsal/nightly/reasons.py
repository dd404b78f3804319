"""Why each unprepared country must miss its mark: the checks that have to name what it lacks, and where.

A rehearsal that ends MISSED for another reason, or for the same one elsewhere, has not seen what was planted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType

REASONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "closing-night-unprepared": (
            "capacity-suffices@vneid",
            "provinces-connected@case-24",
            "payments-taken-once@payment",
        ),
        "pilot-27-june-unprepared": (
            "right-case-system@08",
            "right-case-system@33",
            "right-case-system@48",
            "closed-procedures@national-portal",
        ),
        "identity-rush-30-june-unprepared": ("capacity-suffices@vneid",),
        "s1-t0-minute-unprepared": ("closed-portals@portal-01", "provinces-connected@case-24"),
        "s2-identity-outage-unprepared": ("capacity-suffices@vneid", "sessions-kept@national-portal"),
        "s4-front-ok-core-not-unprepared": ("capacity-suffices@vneid", "slo.identity@identity-page"),
        "s5-doubled-messages-unprepared": ("no-dossier-doubled@01", "no-dossier-doubled@79"),
        "s6-deadline-midnight-unprepared": ("open-until-t0@portal-*",),
        "s7-failed-failover-unprepared": ("right-case-system@01",),
        "s9-opening-bell-unprepared": (
            "capacity-suffices@national-portal",
            "payments-have-dossiers@payment",
        ),
        "s10-morning-after-unprepared": ("no-false-not-found@national-portal", "synchronised"),
        "s3-late-codes-unprepared": ("capacity-suffices@sms-gateway",),
        "s8-mass-reissue-unprepared": ("capacity-suffices@signatures",),
        "first-sign-in-1-july-unprepared": ("capacity-suffices@sso-*",),
        "conversion-5-july-unprepared": ("provinces-connected@case-38", "provinces-connected@case-48"),
        "data-centre-migration-unprepared": ("capacity-suffices@national-data-centre",),
        "whole-country-unprepared": (
            "capacity-suffices@signatures",
            "capacity-suffices@document-axis",
            "provinces-connected@case-24",
        ),
    }
)
"""By the name of the scenario: ``check@subject``.

The check is its name, or that of one of its findings (``slo.submit``). The subject is whom the finding must
name: a system, a step or the code of a province, or a glob (``sso-*``) where any of several will do. Without
a subject, it is left open whom chance hits.
"""


def named(scenario: str, missed: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The scenario's reasons that a finding names. ``missed``: the findings, each with whom it names."""
    return tuple(each for each in REASONS.get(scenario, ()) if _is_named(each, missed))


def _is_named(reason: str, missed: Mapping[str, Collection[str]]) -> bool:
    check, _, subject = reason.partition("@")
    return any(
        not subject or any(fnmatchcase(each, subject) for each in where)
        for finding, where in missed.items()
        if check in (finding, finding.partition(".")[0])
    )
