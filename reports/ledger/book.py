"""Intents and records as aligned arrays of whole numbers, so that every rule is arithmetic.

Texts are compared once: each dossier code, receipt and id gets a number here, and nothing after this joins
texts. A dossier's record belongs to the submission whose intent it carries. One without an intent belongs to
the submission that was acknowledged with its code, was carried over from before the run, or is nobody's.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from reports.intents import FAILED, OK, OUTCOMES, UNKNOWN
from reports.lookup import Ints, Numbers, arrow, numbered, places
from reports.plan import Plan

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NATIONAL, CASE, PORTAL, PAYMENT = 1, 2, 3, 4
_KINDS = {"national-portal": NATIONAL, "case-system": CASE, "provincial-portal": PORTAL, "payment": PAYMENT}

NOBODY = -1


class Intents:
    """One place per intent in each array: names as numbers, instants in seconds relative to T0."""

    def __init__(self, book: Book, frame: pd.DataFrame) -> None:
        kinds = Numbers()
        kind = kinds.column(frame["kind"])
        self.submission: Flags = kind == kinds.of("submission")
        self.payment: Flags = kind == kinds.of("payment")
        outcomes = frame["outcome"].astype("category").cat
        rank = np.array([OUTCOMES.index(str(name)) for name in outcomes.categories], dtype=np.int8)
        outcome = rank[outcomes.codes]
        self.ok: Flags = outcome == OK
        self.unknown: Flags = outcome == UNKNOWN
        self.failed: Flags = outcome == FAILED
        self.system = book.systems.column(frame["system"])
        self.province = book.provinces.column(frame["province"])
        self.commune = book.communes.column(frame["commune"])
        self.procedure = book.procedures.column(frame["procedure"])
        self.at: Floats = frame["at"].to_numpy()
        self.ended: Floats = frame["ended"].to_numpy()
        self.arrival: Ints = frame["arrival"].to_numpy()
        self.attempts: Ints = frame["attempts"].to_numpy()
        self.amount: Ints = frame["amount"].to_numpy()
        self.status: Ints = frame["status"].to_numpy()
        self.files: Ints = frame["files"].to_numpy()
        self.id = arrow(frame["intent"])
        self.said = arrow(frame["record"])
        self.digest = arrow(frame["digest"])

    def __len__(self) -> int:
        return len(self.id)


class Records:
    """One place per stored record in each array. ``before``: it was in its store before the run."""

    def __init__(self, book: Book, frame: pd.DataFrame) -> None:
        kinds = Numbers()
        kind = kinds.column(frame["kind"])
        self.dossier: Flags = kind == kinds.of("dossier")
        self.charge: Flags = kind == kinds.of("charge")
        self.system = book.systems.column(frame["system"])
        self.province = book.provinces.column(frame["province"])
        self.commune = book.communes.column(frame["commune"])
        self.procedure = book.procedures.column(frame["procedure"])
        self.histories = Numbers()
        self.history = self.histories.column(frame["history"])
        self.status: Ints = frame["status"].to_numpy()
        self.amount: Ints = frame["amount"].to_numpy()
        self.files: Ints = frame["files"].to_numpy()
        self.at: Floats = frame["at"].to_numpy()
        self.before: Flags = np.isneginf(self.at)
        self.ahead: Floats = frame["ahead"].to_numpy()
        self.said = arrow(frame["record"])
        self.digest = arrow(frame["digest"])

    def __len__(self) -> int:
        return len(self.said)


class Book:
    """The two sides of the ledger, joined.

    ``code_of_intent``, ``code``: the record with which an intent was acknowledged, and that a system holds;
    ``paid_for``, ``about``: the dossier that a payment or a charge is for; ``receipt``: the charge by which a
    dossier is held paid. All are numbers of one series of ``codes``, -1 where nothing is said. ``intent``:
    the place of the intent that a record carries, ``foreign`` where it carries one that nobody had.
    ``owner``: the submission that a dossier's record belongs to, or :data:`NOBODY`. ``key``: one number per
    dossier, whoever holds it. ``kind`` and ``home``: of the system that holds a record.
    """

    def __init__(self, plan: Plan, intents: pd.DataFrame, stored: pd.DataFrame) -> None:
        self.plan = plan
        self.systems, self.provinces, self.communes, self.procedures = (Numbers() for _ in range(4))
        self.intents = Intents(self, intents)
        self.records = Records(self, stored)
        charges = np.flatnonzero(self.records.charge)
        (self.code, self.code_of_intent, self.receipt, self.paid_for, about), self.codes = numbered(
            self.records.said,
            self.intents.said,
            arrow(stored["receipt"]),
            arrow(intents["dossier"]),
            arrow(stored["dossier"]).take(pa.array(charges)),
        )
        self.about: Ints = np.full(len(stored), -1, dtype=np.int32)
        self.about[charges] = about
        self.intent = places(stored["intent"], intents["intent"])
        strange = np.flatnonzero((self.intent < 0) & (stored["intent"] != "").to_numpy())
        (names,), self.strangers = numbered(arrow(stored["intent"]).take(pa.array(strange)))
        self.foreign: Ints = np.full(len(stored), -1, dtype=np.int32)
        self.foreign[strange] = names
        self.owner = self._owners()
        self.key = self._keys()
        kinds = {system.name: _KINDS.get(system.kind, 0) for system in plan.systems}
        homes = {system.name: self.provinces.of(system.province) for system in plan.systems}
        names_of = self.systems.names
        self.kind = np.array([kinds.get(name, 0) for name in names_of], dtype=np.int8)[self.records.system]
        self.home = np.array([homes.get(name, 0) for name in names_of], dtype=np.int32)[self.records.system]

    def rows(self, kind: int) -> Ints:
        """The places of the dossiers that one kind of system holds."""
        return np.flatnonzero(self.records.dossier & (self.kind == kind))

    def first_of_key(self, rows: Ints) -> Ints:
        """Per key the first of these records, -1 where there is none."""
        first = np.full(len(self.intents) + 1 + self.codes + self.strangers, -1, dtype=np.int32)
        first[self.key[rows[::-1]]] = rows[::-1]
        return first

    @cached_property
    def expected(self) -> Ints:
        """The province that each record is for: as the citizen sent it, else as the record says."""
        known = np.append(self.intents.province, 0)[self.owner]
        expected: Ints = np.where(known > 0, known, self.records.province)
        return expected

    @cached_property
    def carried(self) -> Flags:
        """Dossiers that were there before the run and nobody submitted in it."""
        return self._nobodys & self.records.before

    @cached_property
    def invented(self) -> Flags:
        """Dossiers that came in the run and nobody submitted."""
        return self._nobodys & ~self.records.before

    @cached_property
    def _nobodys(self) -> Flags:
        nobodys: Flags = self.records.dossier & (self.owner == NOBODY)
        return nobodys

    @cached_property
    def owner_of_code(self) -> Ints:
        """Per code the submission that was acknowledged with it first, or :data:`NOBODY`."""
        told = np.flatnonzero(self.intents.submission & self.intents.ok & (self.code_of_intent >= 0))[::-1]
        owner = np.full(self.codes + 1, NOBODY, dtype=np.int32)  # the last place: no code
        owner[self.code_of_intent[told]] = told
        return owner

    def _owners(self) -> Ints:
        carries = self.intent >= 0
        submitted = carries & np.append(self.intents.submission, False)[self.intent]
        by_code = np.where(self.records.before, NOBODY, self.owner_of_code[self.code])
        without = ~carries & (self.foreign < 0)
        owner = np.where(submitted, self.intent, np.where(without, by_code, NOBODY))
        return np.where(self.records.dossier, owner, NOBODY).astype(np.int32)

    def _keys(self) -> Ints:
        first_code = len(self.intents) + 1
        strange = self.foreign >= 0
        nobodys = np.where(strange, first_code + self.codes + self.foreign, first_code + self.code)
        return np.where(self.owner >= 0, self.owner, nobodys).astype(np.int32)
