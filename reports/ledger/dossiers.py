"""Where every dossier is, and how often."""

from __future__ import annotations

import numpy as np

from reports.ledger.book import CASE, NATIONAL, NOBODY, PORTAL, Book, Flags
from reports.ledger.examples import Examples
from reports.ledger.model import PLACES, Violation
from reports.lookup import Ints, distinct
from reports.plan import Plan

IN_FLIGHT = 1.0
"""Seconds after T0 within which a closed portal may still store what was sent to it before T0."""

LIES_AFTER = 15.0
"""Seconds after a fault that does and then refuses (``errors-after``) in which its answers may arrive."""


class Dossiers:
    """The submissions with the places of their records; every array has one place per intent.

    ``national``, ``right``, ``wrong``: how many records are at the national portal, in its own and in other
    case systems. ``place``: index into :data:`~reports.ledger.model.PLACES`. ``effects``: how often it took
    effect. ``synchronised``: its history ends alike at the portal and in its case system.
    """

    def __init__(self, book: Book, examples: Examples) -> None:
        self._book, self._examples = book, examples
        self._national, self._cases, self._portals = map(book.rows, (NATIONAL, CASE, PORTAL))
        self._in_right = book.home[self._cases] == book.expected[self._cases]
        self.national = self._held(self._national)
        self.right = self._held(self._cases[self._in_right])
        self.wrong = self._held(self._cases[~self._in_right])
        portal, right, wrong = self.national > 0, self.right > 0, self.wrong > 0
        found = {"both": portal & right, "case-only": right, "wrong-case": wrong, "portal-only": portal}
        self.place = np.select(
            list(found.values()), [PLACES.index(name) for name in found], PLACES.index("nowhere")
        )
        self.effects = np.maximum(self.national, self.right + self.wrong)
        self.synchronised, self._diverged = self._compare_ends()

    def at(self, *places: str) -> Flags:
        """Which submissions are at one of the places."""
        here: Flags = self._book.intents.submission & np.isin(self.place, [PLACES.index(p) for p in places])
        return here

    @property
    def carried_over(self) -> int:
        """How many dossiers were there before the run."""
        return len(np.unique(self._book.code[self._carried()]))

    def violations(self) -> dict[str, Violation]:
        """Every rule about where dossiers are, by name, with those that break it."""
        book, intents = self._book, self._book.intents
        of_intents, of_records = self._examples.of_intents, self._examples.of_records
        refused = intents.submission & intents.failed & ~_told_by_a_fault(book)
        stored = (self.place != PLACES.index("nowhere")) | (self._held(self._portals) > 0)
        twice = intents.submission & intents.unknown & (self.effects > 1)
        invented = np.concatenate([self._national, self._cases, self._portals])
        return {
            "lost": of_intents(np.flatnonzero(self.at("nowhere") & intents.ok)),
            "undelivered": of_intents(np.flatnonzero(self.at("portal-only"))),
            "unsynchronised": of_records(self._diverged),
            "duplicated": of_records(self._duplicated()),
            "invented": of_records(invented[book.invented[invented]]),
            "misrouted": of_records(self._cases[~self._in_right]),
            "codes-shared": self._codes_shared(),
            "closed-portal-stored": of_records(self._stored_after_closure()),
            "failed-but-stored": of_intents(np.flatnonzero(refused & stored)),
            "unknown-twice": of_intents(np.flatnonzero(twice)),
            "carried-over-missing": of_records(self._carried_over_missing()),
        }

    def _held(self, rows: Ints) -> Ints:
        owner = self._book.owner[rows]
        return np.bincount(owner[owner >= 0], minlength=len(self._book.intents))

    def _compare_ends(self) -> tuple[Flags, Ints]:
        """Submissions whose history ends alike at both ends, and the case systems' records where it does not.

        A dossier that only the case system holds has not been synchronised either. One that only the portal
        holds is undelivered, and counted there; what is nobody's and lacks an end is counted elsewhere too.
        """
        book = self._book
        own = book.first_of_key(self._cases[self._in_right])
        own = np.sort(own[own >= 0])
        portal = book.first_of_key(self._national)[book.key[own]]
        end = _last_status(book)
        alike = (portal >= 0) & (end[own] == end[portal])
        synchronised = np.zeros(len(book.intents) + 1, dtype=np.bool_)
        synchronised[book.owner[own[alike]]] = True
        alone = (book.owner[own] == NOBODY) & (portal < 0)
        return synchronised[:-1], own[~alike & ~alone]

    def _duplicated(self) -> Ints:
        """Dossiers with two records in one system, or records in two case systems."""
        book = self._book
        twice = np.concatenate([_again(book, rows) for rows in (self._national, self._cases)])
        numbers = (book.key[self._cases], book.code[self._cases])
        elsewhere = [self._cases[_in_several(book, self._cases, number)] for number in numbers]
        return np.concatenate([twice, *elsewhere])

    def _codes_shared(self) -> Violation:
        """Codes that were given to more than one submission, or to one of before the run and a new one."""
        book = self._book
        rows = np.flatnonzero(book.records.dossier & (book.code >= 0) & ((book.owner >= 0) | book.carried))
        told = np.flatnonzero(book.intents.submission & book.intents.ok & (book.code_of_intent >= 0))
        codes = np.concatenate([book.code[rows], book.code_of_intent[told]]).astype(np.int64)
        owners = np.concatenate([book.owner[rows], told])
        pairs = distinct(codes * (len(book.intents) + 1) + owners + 1)
        code, owner = np.divmod(pairs, len(book.intents) + 1)
        again = np.flatnonzero(code[1:] == code[:-1]) + 1
        _, first = np.unique(code[again], return_index=True)
        return self._examples.of_intents(owner[again[first]] - 1)

    def _stored_after_closure(self) -> Ints:
        """Records of provincial portals from after T0, save those of requests that were under way at T0."""
        book = self._book
        late = self._portals[book.records.at[self._portals] >= 0]
        invoked = np.append(book.intents.at, np.nan)[book.owner[late]]
        return late[~((invoked < 0) & (book.records.at[late] < IN_FLIGHT))]

    def _carried(self) -> Ints:
        held = np.concatenate([self._national, self._cases])
        carried: Ints = held[self._book.carried[held]]
        return carried

    def _carried_over_missing(self) -> Ints:
        book, carried = self._book, self._carried()
        by_kind = [book.first_of_key(carried[book.kind[carried] == kind]) for kind in (NATIONAL, CASE)]
        gone = (by_kind[0] < 0) | (by_kind[1] < 0)
        missing: Ints = carried[gone[book.key[carried]]]
        return missing


def _last_status(book: Book) -> Ints:
    """Per record the number of the last status of its history; of the status itself where none was kept."""
    records, texts = book.records, {"": 0}
    ends = [name.rpartition(",")[2] for name in records.histories.names]
    last = np.array([texts.setdefault(end, len(texts)) for end in ends])[records.history]
    codes, places = np.unique(records.status, return_inverse=True)
    status = np.array([texts.setdefault(str(code), len(texts)) for code in codes], dtype=np.int64)
    ends_at: Ints = np.where(last > 0, last, status[places])
    return ends_at


def _again(book: Book, rows: Ints) -> Ints:
    """Of these records those of which their system holds another one, of the same dossier, before them."""
    place = book.key[rows].astype(np.int64) * len(book.systems) + book.records.system[rows]
    order = np.argsort(place, kind="stable")
    again: Ints = rows[order[1:][place[order][1:] == place[order][:-1]]]
    return again


def _in_several(book: Book, rows: Ints, number: Ints) -> Flags:
    """Per record whether several systems hold one with the same number; -1 is none."""
    known = number >= 0
    place = number[known].astype(np.int64) * len(book.systems) + book.records.system[rows][known]
    there = distinct(place) // len(book.systems)
    several: Flags = np.isin(number, there[1:][there[1:] == there[:-1]])
    return several


def _told_by_a_fault(book: Book) -> Flags:
    """Intents refused while a fault of the plan did what was asked and then refused it: no system's lie."""
    intents, plan = book.intents, book.plan
    told = np.zeros(len(intents), dtype=np.bool_)
    for fault in plan.faults:
        if fault.kind == "errors-after":
            inside = (intents.ended >= fault.start) & (intents.ended < fault.end + LIES_AFTER)
            told |= inside & np.isin(intents.system, _systems(book, plan, fault.links))
    return told


def _systems(book: Book, plan: Plan, links: list[str]) -> list[int]:
    return [book.systems.of(plan.link_ends[link].callee) for link in links if link in plan.link_ends]
