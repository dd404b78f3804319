"""The rules of the ledger once more, record by record and in plain Python: slow, and easy to read.

Counts as :class:`reports.ledger.Ledger` and its violations have them, without a join, an array or a sort.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

from reports.plan import Plan

Row = dict[str, Any]

STRENGTH = {"failed": 0, "unknown": 1, "ok": 2}


def fold(lines: list[Row]) -> list[Row]:
    """One row per intent, with its strongest end."""
    intents: dict[str, Row] = {}
    for line in lines:
        if line["event"] == "invoke":
            intents.setdefault(
                line["intent"], {**line, "outcome": "", "status": 0, "record": "", "attempts": 0}
            )
    for line in lines:
        intent = intents.get(line["intent"])
        if line["event"] == "invoke" or intent is None:
            continue
        intent["attempts"] += 1
        if not intent["outcome"] or STRENGTH[line["event"]] > STRENGTH[intent["outcome"]]:
            intent |= {"outcome": line["event"], "status": line["status"], "record": line["record"]}
    for intent in intents.values():
        intent["outcome"] = intent["outcome"] or "unknown"
    return list(intents.values())


class Naive:
    """Everything that breaks a rule, by name: what is counted, as a set."""

    def __init__(self, plan: Plan, lines: list[Row], records: list[Row]) -> None:
        self.plan = plan
        self.kind = {system.name: system.kind for system in plan.systems}
        self.home = {system.name: system.province for system in plan.systems}
        self.intents = {intent["intent"]: intent for intent in fold(lines)}
        self.submissions = {i: row for i, row in self.intents.items() if row["kind"] == "submission"}
        self.payments = {i: row for i, row in self.intents.items() if row["kind"] == "payment"}
        self.dossiers = [dict(row) for row in records if row["kind"] == "dossier"]
        self.charges = [row for row in records if row["kind"] == "charge"]
        for row in self.dossiers:
            row["owner"] = self._owner(row)
            sent = self.submissions.get(row["owner"], {})
            row["expected"] = sent.get("province") or row["province"]
            row["key"] = row["owner"] or (
                f"foreign {row['intent']}"
                if row["intent"] and row["intent"] not in self.intents
                else f"code {row['record']}"
            )
        self.found: dict[str, set[Any]] = defaultdict(set)
        self._where()
        self._what()
        self._paid()

    def counts(self) -> dict[str, int]:
        """Per rule how many break it, where any do."""
        return {name: len(found) for name, found in self.found.items() if found}

    def _owner(self, row: Row) -> str:
        if row["intent"] in self.submissions:
            return str(row["intent"])
        if row["intent"] or row["before"]:
            return ""
        told = [
            i
            for i, sent in self.submissions.items()
            if sent["outcome"] == "ok" and sent["record"] and sent["record"] == row["record"]
        ]
        return told[0] if told else ""

    def _at(self, kind: str) -> list[Row]:
        return [row for row in self.dossiers if self.kind.get(row["system"]) == kind]

    def _carried(self, row: Row) -> bool:
        return row["before"] and not row["owner"]

    def _where(self) -> None:
        national, cases, portals = map(self._at, ("national-portal", "case-system", "provincial-portal"))
        for name, sent in self.submissions.items():
            mine = [[row for row in rows if row["owner"] == name] for rows in (national, cases, portals)]
            self._placed(name, sent["outcome"], *mine)
        for rows in (national, cases):
            for number, row in enumerate(rows):
                before = [(other["system"], other["key"]) for other in rows[:number]]
                if (row["system"], row["key"]) in before:
                    self.found["duplicated"].add(row["key"])
        for row in cases:
            if row["expected"] != self.home[row["system"]]:
                self.found["misrouted"].add(row["key"])
            for other in cases:
                same = other["key"] == row["key"] or (row["record"] and other["record"] == row["record"])
                if same and other["system"] != row["system"]:
                    self.found["duplicated"].add(row["key"])
        for row in national + cases + portals:
            if not row["owner"] and not row["before"]:
                self.found["invented"].add(row["key"])
        self._closed(portals)
        self._ends(national, cases)
        self._codes()

    def _placed(
        self, name: str, outcome: str, national: list[Row], cases: list[Row], portals: list[Row]
    ) -> None:
        if not national and not cases:
            if outcome == "ok":
                self.found["lost"].add(name)
        elif not cases:
            self.found["undelivered"].add(name)
        if outcome == "failed" and (national or cases or portals):
            self.found["failed-but-stored"].add(name)
        if outcome == "unknown" and max(len(national), len(cases)) > 1:
            self.found["unknown-twice"].add(name)

    def _closed(self, portals: list[Row]) -> None:
        for row in portals:
            sent = self.submissions.get(row["owner"])
            under_way = sent is not None and sent["at"] < 0 and row["at"] < 1.0
            if row["at"] >= 0 and not under_way:
                self.found["closed-portal-stored"].add(row["key"])

    def _ends(self, national: list[Row], cases: list[Row]) -> None:
        def end(row: Row) -> str:
            return str(row["history"].rpartition(",")[2] or row["status"])

        first_own: dict[str, Row] = {}
        first_national: dict[str, Row] = {}
        for row in cases:
            if row["expected"] == self.home[row["system"]]:
                first_own.setdefault(row["key"], row)
        for row in national:
            first_national.setdefault(row["key"], row)
        for key, row in first_own.items():
            twin = first_national.get(key, {})
            if (row["owner"] or twin) and (not twin or end(row) != end(twin)):
                self.found["unsynchronised"].add(key)
        carried = [row for row in national + cases if self._carried(row)]
        for row in carried:
            kinds = {self.kind[other["system"]] for other in carried if other["key"] == row["key"]}
            if len(kinds) < 2:
                self.found["carried-over-missing"].add(row["key"])

    def _codes(self) -> None:
        holders: dict[str, set[str]] = defaultdict(set)
        for row in self.dossiers:
            if row["record"] and (row["owner"] or self._carried(row)):
                holders[row["record"]].add(row["owner"])
        for name, sent in self.submissions.items():
            if sent["outcome"] == "ok" and sent["record"]:
                holders[sent["record"]].add(name)
        self.found["codes-shared"] = {code for code, names in holders.items() if len(names) > 1}

    def _what(self) -> None:
        most_files: dict[str, int] = defaultdict(int)
        for row in self.dossiers:
            most_files[row["key"]] = max(most_files[row["key"]], row["files"])
        for row in self.dossiers:
            sent = self.submissions.get(row["owner"], {})
            if any(sent.get(name) and sent[name] != row[name] for name in ("digest", "procedure")):
                self.found["altered"].add(row["key"])
            if any(sent.get(name) and sent[name] != row[name] for name in ("commune", "province")):
                self.found["units-altered"].add(row["key"])
            if row["files"] < max(most_files[row["key"]], sent.get("files", 0)):
                self.found["files-missing"].add(row["key"])
            if row["procedure"] in self.plan.closed_procedures and not row["before"]:
                self.found["closed-procedure-stored"].add(row["key"])
            if row["history"]:
                self._steps(row)
        self._twins()

    def _steps(self, row: Row) -> None:
        following = {status.code: status.next for status in self.plan.statuses} | {0: [1]}
        for before, after in pairwise([0, *map(int, row["history"].split(","))]):
            if after not in following[before]:
                self.found[f"statuses-{'backwards' if after <= before else 'skipped'}"].add(row["key"])
                return

    def _twins(self) -> None:
        """Of what was carried over, the two ends against each other."""
        first: dict[str, Row] = {}
        for row in self._at("national-portal"):
            first.setdefault(row["key"], row)
        for row in filter(self._carried, self._at("case-system")):
            twin = first.get(row["key"])
            if twin is None:
                continue
            if twin["digest"] and twin["digest"] != row["digest"]:
                self.found["altered"].add(row["key"])
            if (twin["commune"], twin["province"]) != (row["commune"], row["province"]):
                self.found["units-altered"].add(row["key"])

    def _paid(self) -> None:
        self._charged()
        due = {row["dossier"] for row in self.charges if row["dossier"]}
        for name, intent in self.payments.items():
            fee = self._fee(intent["dossier"])
            if fee and intent["amount"] != fee:
                self.found["charges-misquoted"].add(name)
            if intent["outcome"] != "ok":
                continue
            pending = intent["status"] == 202 and not intent["record"]
            taken = any(
                row["intent"] == name or (intent["record"] and row["record"] == intent["record"])
                for row in self.charges
            )
            if not taken:
                self.found[f"charges-{'unsettled' if pending else 'uncaptured'}"].add(name)
            if not pending and intent["dossier"]:
                due.add(intent["dossier"])
        national = self._at("national-portal")
        shown = {row["record"] for row in national if row["receipt"]}
        self.found["charges-hidden"] = {row["record"] for row in national if row["record"] in due - shown}
        last = {row["record"]: row["dossier"] for row in self.charges}
        self.found["charges-unfounded"] = {
            row["record"]
            for row in self.dossiers
            if row["receipt"] and not self._carried(row) and last.get(row["receipt"]) != row["record"]
        }

    def _fee(self, code: str) -> int:
        """What the dossier costs, as the first citizen who was given its code was told."""
        for sent in self.submissions.values():
            if sent["outcome"] == "ok" and sent["record"] and sent["record"] == code:
                return int(sent["amount"])
        return 0

    def _charged(self) -> None:
        found, dossiers, intents = self.found, set(), set()
        homes = {row["record"] for row in self._at("national-portal")}
        for number, row in enumerate(self.charges):
            under = row["intent"] or f"charge {number}"
            of_what = row["dossier"] or under
            if of_what in dossiers or under in intents:
                found["charges-doubled"].add(of_what)
            dossiers.add(of_what)
            intents.add(under)
            if row["dossier"] not in homes:
                found["charges-orphaned"].add(row["record"])
            intent = self.payments.get(row["intent"])
            if intent is None or intent["outcome"] != "ok":
                found["charges-unacknowledged"].add(of_what)
            if intent is not None and intent["amount"] != row["amount"]:
                found["charges-misstated"].add(row["record"])
            if intent is not None and intent["dossier"] and intent["dossier"] != row["dossier"]:
                found["charges-misposted"].add(row["record"])
