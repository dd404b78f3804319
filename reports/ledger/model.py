"""What a ledger says: what citizens were told, held against what the stores hold after the drain.

Follows Jepsen's set test: an acknowledged (``ok``) submission must be in the stores, a ``failed`` one should
not be, an ``unknown`` one may be there once or not at all, never twice. A read begun after the
acknowledgements and after the drain sees all that was ever going to arrive.

::

    submitted ─┬─ acknowledged ─┬─ both          at the national portal and in its case system
               ├─ failed        ├─ portal-only   undelivered: never reached its case system
               └─ unknown       ├─ case-only     the portal does not know it: the citizen cannot follow it
                                ├─ wrong-case    misrouted: only in another province's case system
                                └─ nowhere       lost
"""

from __future__ import annotations

from typing import Literal

import msgspec

Place = Literal["both", "portal-only", "case-only", "wrong-case", "nowhere"]
PLACES: tuple[Place, ...] = ("both", "portal-only", "case-only", "wrong-case", "nowhere")

EXAMPLES = 3
"""How many example ids a violation keeps per province."""
CASES = 3
"""How many of them it keeps with what is needed to follow them through all systems."""


class Case(msgspec.Struct, frozen=True):
    """One that breaks a rule: its dossier code or charge, and the intent and number of the arrival behind it.

    What was carried over has no intent and the arrival -1.
    """

    record: str
    intent: str = ""
    arrival: int = -1

    @property
    def label(self) -> str:
        """By what to look it up."""
        return self.record or self.intent


class Violation(msgspec.Struct, frozen=True):
    """One way in which the stores contradict the intents: how often, where, and a few ids to look up.

    ``systems`` counts the records at fault by the system that holds them, where records are at fault;
    ``cases`` are those with the shortest way.
    """

    count: int
    provinces: dict[str, int] = {}
    examples: dict[str, list[str]] = {}
    systems: dict[str, int] = {}
    cases: list[Case] = []


class Charges(msgspec.Struct, frozen=True):
    """The payments: ``expected`` were acknowledged to a citizen, ``captured`` are stored at the payment
    system.

    ``doubled`` dossiers hold more than one charge; ``orphaned`` charges name a dossier that the portal does
    not hold, ``misposted`` ones another than their citizen paid for; ``unacknowledged`` ones were taken and
    the citizen was not told so. ``uncaptured`` acknowledgements have no charge, nor have ``unsettled`` ones,
    which said only that the payment was under way. ``misstated`` charges differ from the amount the citizen
    agreed to, ``misquoted`` payments from what the dossier costs. ``hidden`` payments were taken or
    acknowledged and the portal does not show their dossier as paid; ``unfounded`` dossiers are shown as paid
    by a charge that is not theirs.
    """

    intended: int = 0
    expected: int = 0
    captured: int = 0
    doubled: int = 0
    orphaned: int = 0
    misposted: int = 0
    unacknowledged: int = 0
    uncaptured: int = 0
    unsettled: int = 0
    misstated: int = 0
    misquoted: int = 0
    hidden: int = 0
    unfounded: int = 0

    @property
    def double_bound(self) -> float | None:
        """Upper bound at 95 % for the share of charges that are taken twice, where none was."""
        return None if self.doubled else rule_of_three(self.captured)


class ProvinceLedger(msgspec.Struct, frozen=True):
    """The ledger of one province. ``forwarded`` dossiers were acknowledged by the national portal and had to
    travel to the province; ``arrived`` of them did."""

    province: str
    submitted: int
    acknowledged: int
    stored: int
    delivered: int
    synchronised: int
    forwarded: int
    arrived: int
    lost: int
    undelivered: int
    duplicated: int


class Ledger(msgspec.Struct, frozen=True):
    """The counts of the whole run; ids are kept only as examples in ``violations``.

    ``places`` says where the acknowledged dossiers are; its values add up to ``acknowledged``. ``held``
    dossiers are in some store, those of before the run too. ``effective``
    submissions took effect at least once; ``invented`` dossiers came in the run and nobody submitted them.
    ``calendars``: system → seconds by which its calendar was ahead (median), of those that were off.
    """

    submitted: int
    acknowledged: int
    failed: int
    unknown: int
    effective: int
    held: int
    stored: int
    delivered: int
    synchronised: int
    lost: int
    undelivered: int
    unsynchronised: int
    duplicated: int
    invented: int
    misrouted: int
    altered: int
    files_missing: int
    units_altered: int
    statuses_backwards: int
    statuses_skipped: int
    codes_shared: int
    closed_portal_stored: int
    closed_procedure_stored: int
    failed_but_stored: int
    unknown_once: int
    unknown_twice: int
    carried_over: int
    carried_over_missing: int
    charges: Charges
    places: dict[Place, int]
    violations: dict[str, Violation]
    provinces: list[ProvinceLedger]
    calendars: dict[str, float] = {}

    @property
    def loss_bound(self) -> float | None:
        """Upper bound at 95 % for the share of lost acknowledgements, where none was lost."""
        return None if self.lost else rule_of_three(self.acknowledged)

    @property
    def double_bound(self) -> float | None:
        """Upper bound at 95 % for the share of submissions with two effects, where none had two."""
        return None if self.duplicated else rule_of_three(self.effective)


def rule_of_three(trials: int) -> float | None:
    """Upper bound at 95 % for the probability of what did not happen once: 3/n; None without a trial.

    With n independent trials and no event, (1 − p)^n = 0.05 gives p ≈ −ln(0.05)/n ≈ 3/n (Hanley and
    Lippman-Hand, JAMA 249, 1983).
    """
    return 3 / trials if trials else None
