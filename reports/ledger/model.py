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
import pandas as pd

Place = Literal["both", "portal-only", "case-only", "wrong-case", "nowhere"]
PLACES: tuple[Place, ...] = ("both", "portal-only", "case-only", "wrong-case", "nowhere")

EXAMPLES = 3
"""How many example ids a violation keeps per province."""


class Violation(msgspec.Struct, frozen=True):
    """One way in which the stores contradict the intents: how often, where, and a few ids to look up."""

    count: int
    provinces: dict[str, int] = {}
    examples: dict[str, list[str]] = {}


class Charges(msgspec.Struct, frozen=True):
    """The payments: ``expected`` were acknowledged to a citizen, ``captured`` are stored at the payment
    system.

    ``doubled`` dossiers hold more than one charge, ``orphaned`` charges name a dossier that no system holds,
    ``unacknowledged`` charges were taken though the citizen was not told so, ``uncaptured`` acknowledgements
    have no charge, ``misstated`` charges differ from the amount the citizen agreed to.
    """

    intended: int = 0
    expected: int = 0
    captured: int = 0
    doubled: int = 0
    orphaned: int = 0
    unacknowledged: int = 0
    uncaptured: int = 0
    misstated: int = 0


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

    ``places`` says where the acknowledged dossiers are; its values add up to ``acknowledged``.
    """

    submitted: int
    acknowledged: int
    failed: int
    unknown: int
    stored: int
    delivered: int
    synchronised: int
    lost: int
    undelivered: int
    unsynchronised: int
    duplicated: int
    misrouted: int
    altered: int
    closed_portal_stored: int
    failed_but_stored: int
    unknown_once: int
    unknown_twice: int
    carried_over: int
    carried_over_missing: int
    charges: Charges
    places: dict[Place, int]
    violations: dict[str, Violation]
    provinces: list[ProvinceLedger]

    @property
    def loss_bound(self) -> float | None:
        """Upper bound at 95 % for the share of lost acknowledgements, where none was lost: 3/n.

        The rule of three: with n independent trials and no event, (1 − p)^n = 0.05 gives p ≈ −ln(0.05)/n ≈
        3/n (Hanley and Lippman-Hand, JAMA 249, 1983). None where there is nothing to bound.
        """
        return 3 / self.acknowledged if self.acknowledged and not self.lost else None


def violation(ids: pd.Series, provinces: pd.Series) -> Violation:
    """Count ids by province and keep a few of each. Both series are aligned."""
    if ids.empty:
        return Violation(0)
    province = provinces.astype(str)
    return Violation(
        count=len(ids),
        provinces={str(code): int(n) for code, n in province.value_counts().sort_index().items()},
        examples={
            str(code): [str(name) for name in group.sort_values().head(EXAMPLES)]
            for code, group in ids.astype(str).groupby(province, sort=True)
        },
    )
