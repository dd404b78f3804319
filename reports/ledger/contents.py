"""Whether every record still says what its citizen sent, and only what it may say."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.ledger.book import CASE, NATIONAL, Book, Flags
from reports.ledger.examples import Examples
from reports.ledger.model import Violation
from reports.lookup import Ints

AT_ONCE = 1_000_000
"""Digests compared at once: 64 bytes each, twice."""

MOST_AHEAD = 2.0
"""Seconds by which a system's calendar may differ: whole seconds alone make up to one."""


class Contents:
    """The dossiers' records held against what was submitted; those carried over against each other."""

    def __init__(self, book: Book, examples: Examples) -> None:
        self._book, self._examples = book, examples
        self._owned = np.flatnonzero(book.owner >= 0)
        cases = book.rows(CASE)
        cases = cases[book.carried[cases]]
        twin = book.first_of_key(book.rows(NATIONAL))[book.key[cases]]
        self._carried, self._twin = cases[twin >= 0], twin[twin >= 0]

    def violations(self) -> dict[str, Violation]:
        """Every rule about what dossiers say, by name, with those that break it."""
        of_records = self._examples.of_records
        return {
            "altered": of_records(self._altered()),
            "files-missing": of_records(self._files_missing()),
            "units-altered": of_records(self._units_altered()),
            "closed-procedure-stored": of_records(self._of_closed_procedures()),
            "calendars-off": of_records(rows := self._calendars_off(), each=rows),
        }

    def calendars(self) -> dict[str, float]:
        """Seconds by which the calendars of systems were ahead (median), of those that were off."""
        book, rows = self._book, self._calendars_off()
        system = book.records.system[rows]
        return {
            book.systems.names[number]: round(float(np.median(book.records.ahead[rows[system == number]])), 1)
            for number in np.unique(system)
        }

    def _altered(self) -> Ints:
        book = self._book
        owner = book.owner[self._owned]
        meant = book.intents.procedure[owner]
        other = (meant > 0) & (book.records.procedure[self._owned] != meant)
        other |= _differ(book.records.digest, self._owned, book.intents.digest, owner)
        apart = _differ(book.records.digest, self._carried, book.records.digest, self._twin)
        return np.concatenate([self._owned[other], self._carried[apart]])

    def _files_missing(self) -> Ints:
        """Records with fewer files than another record of the dossier, or than were put up for it."""
        book = self._book
        rows = np.flatnonzero(book.records.dossier)
        files, key = book.records.files[rows], book.key[rows]
        most = np.zeros(int(key.max(initial=0)) + 1, dtype=np.int64)
        np.maximum.at(most, key, files)
        put_up = np.append(book.intents.files, 0)[book.owner[rows]]
        missing: Ints = rows[files < np.maximum(most[key], put_up)]
        return missing

    def _units_altered(self) -> Ints:
        book, records, intents = self._book, self._book.records, self._book.intents
        owner = book.owner[self._owned]
        other = np.zeros(len(owner), dtype=np.bool_)
        apart = np.zeros(len(self._carried), dtype=np.bool_)
        for stored, sent in ((records.commune, intents.commune), (records.province, intents.province)):
            other |= (sent[owner] > 0) & (stored[self._owned] != sent[owner])
            apart |= stored[self._carried] != stored[self._twin]
        return np.concatenate([self._owned[other], self._carried[apart]])

    def _of_closed_procedures(self) -> Ints:
        book = self._book
        closed = [book.procedures.of(code) for code in book.plan.closed_procedures]
        return np.flatnonzero(
            book.records.dossier & ~book.records.before & np.isin(book.records.procedure, closed)
        )

    def _calendars_off(self) -> Ints:
        return np.flatnonzero(np.abs(self._book.records.ahead) > MOST_AHEAD)


def _differ(texts: pa.Array, rows: Ints, others: pa.Array, places: Ints) -> Flags:
    """Per pair whether the text differs from the other, where that says something."""
    found = np.zeros(len(rows), dtype=np.bool_)
    for begin in range(0, len(rows), AT_ONCE):
        chunk = slice(begin, begin + AT_ONCE)
        sent = others.take(pa.array(places[chunk]))
        other = pc.and_(pc.not_equal(texts.take(pa.array(rows[chunk])), sent), pc.not_equal(sent, ""))
        found[chunk] = other.to_numpy(zero_copy_only=False)
    return found
