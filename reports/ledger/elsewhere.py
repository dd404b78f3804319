"""What other systems hold because of dossiers, charges and documents, held against these. Pure.

=============  ==========================================  ============================================
family         owed                                        by
=============  ==========================================  ============================================
registrations  one in each register that the plan names    new dossiers in case systems
signatures     one of the result                           new dossiers in case systems
returns        one postal order                            new dossiers in case systems
events         one for each status                         new dossiers in all case systems
replicas       the dossier itself                          all dossiers at the national portal
settlements    the same amount                             charges
documents      one on the axis, one at the recipient       documents that were sent
figures        one report of how many there are            provincial case systems
=============  ==========================================  ============================================

What is owed follows from the plan and from the dossiers alone, never from what was acknowledged. A family
of which the plan has no system is None.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reports.ledger.examples import places_of
from reports.ledger.model import Violation
from reports.plan import Due, Plan

_CASES = {"dossier": "case-system", "ministry-dossier": "ministry-case"}
"""Kind of dossier → kind of system that settles it."""
PICK_UP = "pick-up"
"""What citizens order of the post themselves is owed to no dossier."""
_WATCHERS = ("ioc", "reporting")
_FINISHED, _REFUSED = ("9", "10"), ("3", "7", "8")
"""Statuses that figures count as such; all others are open."""
_CONTENT = ("status", "history", "digest", "procedure", "province", "commune", "files")


@dataclass(frozen=True)
class Family:
    """``owed`` records, and ``kept`` ones; ``violations`` by rule, those that nothing breaks left out.

    ``missing``: owed and not there. ``doubled``: there more than once. ``differing``: there, and not as it
    has to be. ``uncalled``: there, and not owed.
    """

    owed: int
    kept: int
    violations: dict[str, Violation]


def owed_once(plan: Plan, stored: pd.DataFrame, family: str) -> Family | None:
    """The family of which the plan says what is owed (:attr:`Plan.dues`), of the dossiers of the run."""
    dues = [due for due in plan.dues if due.family == family]
    if not dues:
        return None
    systems = {due.system for due in dues}
    held = stored[stored["system"].isin(systems) & ~stored["kind"].isin([*_CASES, PICK_UP])]
    dossiers = _new_dossiers(plan, stored, "dossier")
    owed = pd.concat([_due_for(dossiers, due) for due in dues], ignore_index=True)
    # what citizens ask of a register themselves has no dossier
    kept = _plain(held[held["dossier"].isin(dossiers["dossier"])], "system", "dossier", "province", "commune")
    found = _compared(owed, kept, ("system", "dossier"), ("province",))
    misplaced = owed.merge(kept, on=["system", "dossier"], suffixes=("", "_kept"))
    units = misplaced["commune_kept"]
    strange = (units != "") & (units != misplaced["commune"]) & (units != misplaced["province"])
    found["differing"] = pd.concat([found["differing"], misplaced[strange]]).drop_duplicates(
        ["system", "dossier"]
    )
    return _family(len(owed), len(kept), found)


def events(plan: Plan, stored: pd.DataFrame) -> Family | None:
    """EMC holds each status that a dossier of the run took in its case system, once."""
    if not plan.systems_of("emc"):
        return None
    dossiers = pd.concat([_new_dossiers(plan, stored, kind) for kind in _CASES])
    taken = dossiers.assign(status=dossiers["history"].str.split(",")).explode("status")
    taken = taken[taken["status"] != ""].assign(system="emc").drop_duplicates(["dossier", "status"])
    held = stored[stored["kind"] == "event"]
    kept = _plain(held, "system", "dossier", "province", "status")
    return _family(
        len(taken), len(kept), _compared(taken, kept, ("system", "dossier", "status"), ("province",))
    )


def replicas(plan: Plan, stored: pd.DataFrame) -> Family | None:
    """The second site holds every dossier of the national portal, as the portal does, and no other."""
    sites, portals = plan.systems_of("national-data-centre"), plan.systems_of("national-portal")
    if not sites or not portals:
        return None
    at_portal = stored["system"].eq(portals[0].name) & stored["kind"].isin(_CASES)
    owed = _plain(stored[at_portal], "dossier", *_CONTENT).drop_duplicates("dossier")
    kept = _plain(stored[stored["kind"] == "replica"], "dossier", *_CONTENT)
    owed, kept = (each.assign(system=sites[0].name) for each in (owed, kept))
    return _family(len(owed), len(kept), _compared(owed, kept, ("system", "dossier"), _CONTENT))


def settlements(plan: Plan, stored: pd.DataFrame) -> Family | None:
    """The treasury holds every charge, with its amount and for its dossier, and no other."""
    treasuries = plan.systems_of("treasury")
    if not treasuries:
        return None
    columns = ("record", "dossier", "amount", "province")
    owed = _plain(stored[stored["kind"] == "charge"], *columns).drop_duplicates("record")
    kept = _plain(stored[stored["kind"] == "settlement"], *columns)
    owed, kept = (each.assign(system=treasuries[0].name) for each in (owed, kept))
    return _family(len(owed), len(kept), _compared(owed, kept, ("system", "record"), ("dossier", "amount")))


def documents(plan: Plan, stored: pd.DataFrame) -> Family | None:
    """What a sender holds as delivered is on the axis and at one recipient, unaltered; the rest at none."""
    axes = plan.systems_of("document-axis")
    if not axes:
        return None
    sent, taken, carried = (
        _plain(stored[stored["kind"] == kind], "system", "record", "province", "history", "digest")
        for kind in ("document-sent", "document-received", "document")
    )
    owed = sent[sent["history"] != "bounced"].drop_duplicates("record")
    ways = [
        _compared(owed.assign(system=axes[0].name), carried, ("system", "record"), ("history", "digest")),
        _compared(owed, taken, ("record",), ("history", "digest")),
    ]
    # what the axis had and could not deliver is told to its sender, and stays there
    ways[0]["uncalled"] = carried[~carried["record"].isin(sent["record"])]
    found = {rule: pd.concat([way[rule] for way in ways]) for rule in ways[0]}
    return _family(len(owed), len(taken), found)


def figures(plan: Plan, stored: pd.DataFrame) -> Family | None:
    """Centres and the reporting system show of each province what its case system holds, from before, too.

    ``history`` of a record is how many dossiers are received, open, finished and refused. Of several days
    the newest counts.
    """
    homes = {system.name: system.province for system in plan.systems_of("case-system")}
    watchers = {system.name for kind in _WATCHERS for system in plan.systems_of(kind)}
    ways = [link for link in plan.links if link.caller in homes and link.callee in watchers]
    if not ways:
        return None
    at_home = stored["system"].isin(homes) & stored["kind"].eq("dossier")
    statuses = _plain(stored[at_home], "system", "dossier", "status").drop_duplicates(["system", "dossier"])
    counted = {name: _counted(statuses["status"][statuses["system"] == name]) for name in homes}
    owed = pd.DataFrame(
        [(link.callee, homes[link.caller], counted[link.caller]) for link in ways],
        columns=["system", "province", "history"],
    )
    shown = stored[stored["kind"].eq("figures") & stored["system"].isin(watchers)]
    newest = shown.groupby(["system", "province"], observed=True)["at"].transform("max")
    kept = _plain(shown[shown["at"] == newest], "system", "province", "history")
    owed, kept = (each.assign(record=each["province"]) for each in (owed, kept))
    return _family(len(owed), len(kept), _compared(owed, kept, ("system", "record"), ("history",)))


def _counted(statuses: pd.Series[str]) -> str:
    finished, refused = statuses.isin(_FINISHED).sum(), statuses.isin(_REFUSED).sum()
    return f"{len(statuses)},{len(statuses) - finished - refused},{finished},{refused}"


def _new_dossiers(plan: Plan, stored: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The dossiers that came to a case system of their kind in the run, each once."""
    systems = [system.name for system in plan.systems_of(_CASES[kind])]
    rows = (stored["kind"] == kind) & stored["system"].isin(systems) & (stored["at"] > float("-inf"))
    wanted = ("dossier", "province", "commune", "procedure", "history")
    return _plain(stored[rows], *wanted).drop_duplicates("dossier")


def _due_for(dossiers: pd.DataFrame, due: Due) -> pd.DataFrame:
    """The dossiers for which this is owed, with the system at which it is."""
    reached = {each: str(due.status) in each.split(",") for each in dossiers["history"].unique()}
    rows = dossiers["history"].map(reached).astype(bool)
    if due.procedures:
        rows &= dossiers["procedure"].isin(due.procedures)
    chosen = dossiers[rows]
    if due.one_in > 1:
        number = chosen["dossier"].map(lambda code: zlib.crc32(f"{due.system}/{code}".encode()))
        chosen = chosen[number.astype("int64") % due.one_in == 0]
    return chosen.assign(system=due.system)


def _compared(
    owed: pd.DataFrame, kept: pd.DataFrame, key: Sequence[str], same: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Rule → the rows that break it; two rows belong together by ``key``, and must be alike in ``same``."""
    on = list(key)
    first = kept.drop_duplicates(on)[[*on, *same]]
    both = owed.merge(first, on=on, how="left", suffixes=("", "_kept"), indicator=True)
    there = both["_merge"] == "both"
    unlike = pd.Series(False, index=both.index)
    for name in same:
        unlike |= there & (both[name] != both[f"{name}_kept"])
    known = kept.merge(owed[on].drop_duplicates(), on=on, how="left", indicator=True)
    return {
        "missing": both[~there],
        "doubled": kept[kept.duplicated(on)],
        "differing": both[unlike],
        "uncalled": known[known["_merge"] == "left_only"].drop_duplicates(on),
    }


def _plain(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """These columns as texts, so that those of two systems compare."""
    return rows[list(columns)].astype("str").reset_index(drop=True)


def _family(owed: int, kept: int, found: dict[str, pd.DataFrame]) -> Family:
    return Family(owed, kept, {rule: _violation(rows) for rule, rows in found.items() if len(rows)})


def _violation(rows: pd.DataFrame) -> Violation:
    name = "dossier" if "dossier" in rows else "record"
    provinces, examples = places_of(rows["province"], rows[name])
    systems = rows["system"].value_counts().sort_index()
    return Violation(
        count=len(rows),
        provinces=provinces,
        examples=examples,
        systems={str(system): int(number) for system, number in systems.items()},
    )
