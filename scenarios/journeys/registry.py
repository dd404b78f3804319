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
    "process-dossiers": Journey("official", 8, ("official-sign-in", "inbox", "open", "receive", "process")),
}


def names(actor: str) -> tuple[str, ...]:
    """The journeys that an actor makes, in the order of the registry; none for an unknown actor."""
    return tuple(name for name, journey in JOURNEYS.items() if journey.actor == actor)


def steps(journey: str) -> tuple[str, ...]:
    """The steps of a journey. Raises ``KeyError`` for an unknown one."""
    return JOURNEYS[journey].steps
