"""What a fault may do to a journey: one rule, from the part its dependency has in it and what it does.

::

                    delays      silences     refuses     repeats
    asked           degraded    unanswered   refused     full
    waited-for      degraded    refused      refused     full
    done-without    degraded    degraded     degraded    full
    behind          queued      queued       queued      queued
    unused          full        full         full        full

Whoever asks a system directly cannot be answered by anybody else: where the way there is dead, no country
can do better than silence. Whoever waits for a system that asks another must be told so, quickly and
honestly. What goes on behind an answer waits and arrives afterwards. Never expected, whatever the fault: a
wrong answer, something lost, something doubled, or harm to visitors whom the fault does not concern.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Literal, get_args

from reports.matrix.files import PlannedFault, Role, Seen, Use

Level = Literal["full", "queued", "degraded", "refused", "unanswered", "wrong", "doubled", "lost"]
"""What visitors got, the best first. full: right answers, 99 of 100 within a second; queued: the same, and
what they handed in arrived later; degraded: right answers, later; refused: some were told "not now";
unanswered: some were told nothing; wrong: some were told what is not so; doubled and lost: what they handed
in was."""
LEVELS: tuple[Level, ...] = get_args(Level)

Effect = Literal["delays", "silences", "refuses", "repeats", "nothing"]
"""What a fault does to an answer: it comes later, not at all, says "no", comes twice, or is as ever."""

EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        "nothing": "nothing",
        "slow": "delays",
        "jitter": "delays",
        "thin-line": "delays",
        "reordered": "delays",
        "brown-out": "delays",
        "frozen": "delays",  # for a shorter time than anybody's patience
        "errors": "refuses",
        "throttled": "refuses",
        "errors-after": "refuses",
        "says-not-found": "refuses",
        "duplicate-delivery": "repeats",
    }
)
"""By kind of fault; any other silences."""

RULE: Mapping[Role, Mapping[Effect, Level]] = MappingProxyType(
    {
        "asked": {"delays": "degraded", "silences": "unanswered", "refuses": "refused"},
        "waited-for": {"delays": "degraded", "silences": "refused", "refuses": "refused"},
        "done-without": {"delays": "degraded", "silences": "degraded", "refuses": "degraded"},
        "behind": {"delays": "queued", "silences": "queued", "refuses": "queued", "repeats": "queued"},
        "unused": {},
    }
)
"""What may be seen at worst; "full" where nothing is said."""

ROLES: tuple[Role, ...] = get_args(Role)

DECLARED: tuple[tuple[str, str, Role, Role], ...] = (
    ("*", "national-portal--population", "waited-for", "done-without"),  # the form is shown empty
    ("*", "national-portal--payment", "waited-for", "done-without"),  # taken as pending, settled later
    # the portal has a copy; whoever comes when it is old, and that is seldom, waits for a new one
    ("read-procedure", "national-portal--procedures", "unused", "done-without"),
    ("submit-*", "national-portal--procedures", "unused", "done-without"),
    # statuses go up behind what officials do, and carry nobody's trace
    ("process-dossiers", "case-system--lgsp", "unused", "behind"),
    ("process-dossiers", "lgsp--national-portal", "unused", "behind"),
)
"""What no journal can know: journey, way, the role that is derived, and the one that it is."""

REFUSALS = frozenset({"connect", "http-400", "http-401", "http-403", "http-408", "http-409", "http-425"})
"""Errors besides 429 and 5xx by which a visitor knows at once that it was not done."""
WRONG = ("wrong-", "http-404", "http-410")
"""How errors begin that tell what is not so: what was asked for is there."""

SLOW_SHARE = 0.01
"""Share of right answers that may take longer than a second in a service that is not degraded."""


def effect(kind: str) -> Effect:
    """What a kind of fault does to an answer."""
    return EFFECTS.get(kind, "silences")


def roles(uses: Iterable[Use], *, before_t0: bool) -> dict[tuple[str, str], Role]:
    """The role of each way in each journey, as derived and then declared; a pair that is absent: unused."""
    found = {(use.journey, use.way): use.role for use in uses if use.before_t0 == before_t0}
    for pair, derived in found.items():
        found[pair] = _declared(*pair, derived)
    return found


def role_of(found: Mapping[tuple[str, str], Role], journey: str, ways: Iterable[str]) -> Role:
    """The most essential role that any of the ways has in the journey."""
    each = (found.get((journey, way)) or _declared(journey, way, "unused") for way in ways)
    return min(each, key=ROLES.index, default="unused")


def expected(faults: Iterable[PlannedFault], found: Mapping[tuple[str, str], Role], journey: str) -> Level:
    """The worst that visitors of the journey may see while the faults are on, and until all is as before."""
    return worst(
        RULE[role_of(found, journey, fault.ways)].get(effect(fault.kind), "full") for fault in faults
    )


def level(seen: Seen, *, lied_to: bool) -> Level:
    """What visitors got.

    ``lied_to``: the very system they ask says that nothing exists, which is then a refusal like any other.
    """
    levels: list[Level] = ["full"]
    if seen.late:
        levels.append("queued")
    if seen.slow > SLOW_SHARE * seen.requests:
        levels.append("degraded")
    levels += [_of_error(error, lied_to=lied_to) for error in seen.errors]
    if seen.doubled or seen.charged_twice:
        levels.append("doubled")
    if seen.lost or seen.undelivered:
        levels.append("lost")
    return worst(levels)


def not_worse(seen: Level, expected_at_worst: Level) -> bool:
    """Whether what was seen is as good as what may be seen at worst, or better."""
    return LEVELS.index(seen) <= LEVELS.index(expected_at_worst)


def worst(levels: Iterable[Level]) -> Level:
    """The last of them in :data:`LEVELS`."""
    return max(levels, key=LEVELS.index, default="full")


def _of_error(error: str, *, lied_to: bool) -> Level:
    if error.startswith(WRONG):
        return "refused" if lied_to and error == "http-404" else "wrong"
    refused = error in REFUSALS or error == "http-429" or error.startswith("http-5")
    return "refused" if refused else "unanswered"


def _declared(journey: str, way: str, derived: Role) -> Role:
    for journeys, named, before, after in DECLARED:
        if derived == before and fnmatchcase(journey, journeys) and way == named:
            return after
    return derived
