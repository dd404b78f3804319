"""Where every dossier is: submissions joined to the records of all stores."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reports.ledger.model import Violation, violation
from reports.lookup import contained, first_said, number_of, text_of
from reports.plan import Plan

IN_FLIGHT = 1.0
"""Seconds after T0 within which a closed portal may still store what was sent to it before T0."""


class Dossiers:
    """The submissions with the places of their records.

    ``table``: one row per submission with ``national``, ``right`` and ``wrong`` (how many records at the
    national portal, in its own and in other case systems), ``place`` (:data:`~reports.ledger.model.Place`),
    ``effects`` (how often it took effect) and ``synchronised``.

    A record belongs to the submission whose intent it carries; a record without an intent belongs to the
    submission that was acknowledged with its dossier code, or was carried over from before the run.
    """

    def __init__(self, plan: Plan, submissions: pd.DataFrame, records: pd.DataFrame) -> None:
        kinds = {system.name: system.kind for system in plan.systems}
        home = {system.name: system.province for system in plan.systems}
        rows = records.copy()
        codes = submissions[(submissions["outcome"] == "ok") & (submissions["record"] != "")]
        owner_of_code = codes.drop_duplicates("record").set_index("record")["intent"]
        rows["owner"] = first_said(rows["intent"], text_of(rows["record"], owner_of_code))
        rows["at_kind"] = text_of(rows["system"], pd.Series(kinds, dtype="str"))
        rows["home"] = text_of(rows["system"], pd.Series(home, dtype="str"))
        known = submissions.drop_duplicates("intent").set_index("intent")
        rows["known"] = contained(rows["owner"], submissions["intent"])
        # whose dossier it is: as the citizen sent it; for one carried over, as the record says
        rows["expected"] = first_said(text_of(rows["owner"], known["province"]), rows["province"])
        # one key per dossier, whoever holds it
        rows["key"] = rows["owner"].where(rows["owner"] != "", "code " + rows["record"].astype(str))
        self._rows = rows
        self._national = rows[rows["at_kind"] == "national-portal"]
        self._cases = rows[rows["at_kind"] == "case-system"]
        self._portals = rows[rows["at_kind"] == "provincial-portal"]
        self._digests = known["digest"]
        self._invoked = known["at"]
        self._synchronised, self._diverged = self._compare_ends()
        self.table = self._placed(submissions)

    @property
    def carried_over(self) -> int:
        """How many dossiers were there before the run."""
        return int(self._carried()["record"].nunique())

    def violations(self) -> dict[str, Violation]:
        """Every rule for dossiers, by name, with those that break it."""
        table = self.table
        acknowledged = table["outcome"] == "ok"
        return {
            "lost": self._of_submissions(acknowledged & (table["place"] == "nowhere")),
            "undelivered": self._of_submissions(table["place"] == "portal-only"),
            "unsynchronised": self._of_rows(self._diverged),
            "duplicated": self._of_rows(self._duplicated()),
            "misrouted": self._of_rows(self._cases[self._cases["home"] != self._cases["expected"]]),
            "altered": self._of_rows(self._altered()),
            "closed-portal-stored": self._of_rows(self._stored_after_closure()),
            "failed-but-stored": self._of_submissions(
                (table["outcome"] == "failed") & (table["place"] != "nowhere")
            ),
            "unknown-twice": self._of_submissions((table["outcome"] == "unknown") & (table["effects"] > 1)),
            "carried-over-missing": self._of_rows(self._carried_over_missing()),
        }

    def _placed(self, submissions: pd.DataFrame) -> pd.DataFrame:
        table = submissions.copy()
        right = self._cases["home"] == self._cases["expected"]
        for column, rows in (
            ("national", self._national),
            ("right", self._cases[right]),
            ("wrong", self._cases[~right]),
        ):
            held = rows["owner"].value_counts()
            table[column] = number_of(table["intent"], held).fillna(0).astype("int64")
        national, in_right, in_wrong = table["national"] > 0, table["right"] > 0, table["wrong"] > 0
        table["place"] = np.select(
            [national & in_right, in_right, in_wrong, national],
            ["both", "case-only", "wrong-case", "portal-only"],
            "nowhere",
        )
        table["effects"] = np.maximum(table["national"], table["right"] + table["wrong"])
        table["synchronised"] = contained(table["intent"], self._synchronised)
        table["sent_to_national"] = ~table["system"].str.startswith("portal-")
        return table

    def _compare_ends(self) -> tuple[pd.Series, pd.DataFrame]:
        """Keys whose history ends alike at the portal and in the case system, and the rows where it does not.

        A dossier that only the case system holds has not been synchronised either. One that only the portal
        holds is undelivered, and counted there.
        """
        own = self._cases[self._cases["home"] == self._cases["expected"]].drop_duplicates("key")
        portal = self._national.drop_duplicates("key").set_index("key")
        end_at_portal = text_of(own["key"], _last_status(portal))
        alike = end_at_portal == _last_status(own)
        carried_and_gone = (own["owner"] == "") & (end_at_portal == "")  # told as carried-over-missing
        return own.loc[alike, "key"], own[~alike & ~carried_and_gone]

    def _duplicated(self) -> pd.DataFrame:
        """Dossiers with two records in one system, or records in two case systems."""
        held = pd.concat([self._national, self._cases])
        twice = held[held.duplicated(["system", "key"], keep="first")]
        elsewhere = [
            self._cases[self._cases.groupby(column)["system"].transform("nunique") > 1]
            for column in ("key", "record")
        ]
        return pd.concat([twice, *elsewhere])

    def _stored_after_closure(self) -> pd.DataFrame:
        """Records of provincial portals from after T0, save those of requests that were under way at T0."""
        late = self._portals[self._portals["at"] >= 0]
        under_way = (number_of(late["owner"], self._invoked) < 0) & (late["at"] < IN_FLIGHT)
        return late[~under_way]

    def _altered(self) -> pd.DataFrame:
        rows = self._rows[self._rows["known"]]
        sent = text_of(rows["owner"], self._digests)
        return rows[(sent != "") & (rows["digest"] != sent)]

    def _carried(self) -> pd.DataFrame:
        held = pd.concat([self._national, self._cases])
        return held[held["owner"] == ""]

    def _carried_over_missing(self) -> pd.DataFrame:
        carried = self._carried()
        sides = carried.groupby("key")["at_kind"].transform("nunique")
        return carried[sides < 2]

    def _of_submissions(self, where: pd.Series) -> Violation:
        found = self.table[where]
        code = found["record"].where(found["record"] != "", found["intent"])
        return violation(code, found["province"])

    def _of_rows(self, rows: pd.DataFrame) -> Violation:
        """Each dossier counts once, however many of its records break the rule."""
        found = rows.drop_duplicates("key")
        return violation(found["record"], found["expected"])


def _last_status(rows: pd.DataFrame) -> pd.Series:
    """The last status of each history; the status itself where no history was kept."""
    last = rows["history"].str.rpartition(",")[2] if len(rows) else rows["history"]
    result: pd.Series = last.where(last != "", rows["status"].astype(str))
    return result
