"""The journeys a scenario may ask for, who makes them, and the steps each is measured by.

A step is one answer that the visitor waits for. Its name is what a service-level objective may be stated
about. A journey may skip steps, or repeat one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Actor = Literal["citizen", "official"]
ACTORS: tuple[Actor, ...] = get_args(Actor)


@dataclass(frozen=True, slots=True)
class Journey:
    """One thing somebody comes for.

    ``requests`` is how many it usually takes, where all goes well at the front door: with the mean number of
    files of a dossier, and two dossiers in an official's inbox. The way by a closed portal adds one or two.
    """

    actor: Actor
    requests: int
    steps: tuple[str, ...]
    whole: bool = False  # it leads to systems beyond the core


_ARRIVE = ("old-portal", "bookmark", "home")
"""Through a closed portal, by an old bookmark, or by the front door."""
_SIGN_IN = ("login", "identity-page", "identity-confirm", "callback", "my-dossiers")
_SIGN_IN_WITH_CODE = (
    "login", "identity-page", "send-code", "look-at-phone", "type-code", "callback", "my-dossiers",
)  # fmt: skip
_SUBMIT = ("refused-at-closed-portal", *_ARRIVE, *_SIGN_IN, "form", "attach", "submit", "track")
_PAY = ("payment-order", "checkout", "consent", "pay", "payment-state")

JOURNEYS: Mapping[str, Journey] = {
    "read-procedure": Journey("citizen", 6, (*_ARRIVE, "search", "procedure", "blank-form")),
    "look-up-dossier": Journey("citizen", 2, (*_ARRIVE, "look-up")),
    "sign-in": Journey("citizen", 6, (*_ARRIVE, *_SIGN_IN)),
    "submit-dossier": Journey("citizen", 11, _SUBMIT),
    "submit-and-pay": Journey("citizen", 15, (*_SUBMIT, *_PAY)),
    "collect-result": Journey("citizen", 7, (*_ARRIVE, *_SIGN_IN, "result")),
    "try-closed-procedure": Journey("citizen", 9, ("home", *_SIGN_IN, "attach", "refused-closed-procedure")),
    "reload-page": Journey("citizen", 6, ("reload", *_SIGN_IN)),
    "find-centre": Journey("citizen", 2, ("centres", "centre"), whole=True),
    "report-hotline": Journey("citizen", 1, ("call",), whole=True),
    "give-feedback": Journey("citizen", 3, ("ticket", "ticket-state"), whole=True),
    "sign-in-with-code": Journey("citizen", 9, ("home", *_SIGN_IN_WITH_CODE), whole=True),
    "register-birth": Journey("citizen", 11, _SUBMIT, whole=True),
    "register-civil-status": Journey("citizen", 11, _SUBMIT, whole=True),
    "register-household": Journey("citizen", 11, _SUBMIT, whole=True),
    "register-land-change": Journey("citizen", 11, _SUBMIT, whole=True),
    "renew-licence": Journey("citizen", 7, (*_SIGN_IN, "licence", "renewal"), whole=True),
    "ask-registers": Journey(
        "citizen", 8, (*_SIGN_IN, "insurance", "judicial-record", "judicial-record-state"), whole=True
    ),
    "found-enterprise": Journey("citizen", 7, (*_SIGN_IN, "enterprise", "found-enterprise"), whole=True),
    "use-ministry-portal": Journey(
        "citizen", 8, ("old-portal", "home", *_SIGN_IN, "submit-to-ministry"), whole=True
    ),
    "follow-to-second-site": Journey("citizen", 13, (*_SUBMIT, "second-site"), whole=True),
    "order-pick-up": Journey("citizen", 14, (*_SUBMIT, "look-up", "pick-up"), whole=True),
    "process-dossiers": Journey("official", 8, ("official-sign-in", "inbox", "open", "receive", "process")),
    "official-first-sign-in": Journey(
        "official",
        7,
        ("sso-page", "sso-confirm", "sso-token", "who-am-i", "sso-refresh", "official-sign-in", "inbox"),
        whole=True,
    ),
    "abolished-official-sign-in": Journey(
        "official", 2, ("sso-page", "refused-abolished-rights"), whole=True
    ),
    "sign-result": Journey("official", 3, ("certificate", "sign", "verify"), whole=True),
    "reissue-certificate": Journey(
        "official", 3, ("certificate", "order-certificate", "new-certificate"), whole=True
    ),
    "replace-revoked-certificate": Journey(
        "official",
        4,
        ("certificate", "revoke-certificate", "order-certificate", "new-certificate"),
        whole=True,
    ),
    "exchange-document": Journey("official", 4, ("send-document", "delivery", "old-document"), whole=True),
    "document-to-closed-agency": Journey(
        "official", 4, ("send-document", "delivery", "dead-letters"), whole=True
    ),
    "switch-over": Journey("official", 3, ("lag", "switch-over"), whole=True),
}


def names(actor: str) -> tuple[str, ...]:
    """The journeys that an actor makes, in the order of the registry; none for an unknown actor."""
    return tuple(name for name, journey in JOURNEYS.items() if journey.actor == actor)


def steps(journey: str) -> tuple[str, ...]:
    """The steps of a journey. Raises ``KeyError`` for an unknown one."""
    return JOURNEYS[journey].steps
