"""How many break a rule, where, and which of them to look at first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from reports.ledger.book import Book
from reports.ledger.model import CASES, EXAMPLES, Case, Violation
from reports.lookup import Ints


class Examples:
    """Makes a :class:`Violation` of the places of intents or records that break a rule.

    Those that took the fewest attempts come first: the shortest way to follow.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    def of_intents(self, found: Ints) -> Violation:
        """Each intent counts once."""
        intents = self._book.intents
        nowhere = np.zeros(0, dtype=np.int64)
        return self._violation(
            intents.province[found],
            nowhere,
            intents.attempts[found],
            lambda at: self._case(int(found[at]), -1),
        )

    def of_records(self, found: Ints, each: Ints | None = None) -> Violation:
        """Each dossier counts once, however many of its records break the rule.

        ``each``, aligned with ``found``, names what counts once instead.
        """
        book = self._book
        _, first = np.unique(book.key[found] if each is None else each, return_index=True)
        once = found[np.sort(first)]
        intent = np.where(book.owner[once] >= 0, book.owner[once], book.intent[once])
        meant = np.append(book.intents.province, 0)[intent]
        return self._violation(
            np.where(meant > 0, meant, book.records.province[once]),
            book.records.system[found],
            np.append(book.intents.attempts, 0)[intent],
            lambda at: self._case(int(intent[at]), int(once[at])),
        )

    def _violation(
        self, province: Ints, system: Ints, attempts: Ints, case: Callable[[int], Case]
    ) -> Violation:
        names, systems = self._book.provinces.names, self._book.systems.names
        order = np.lexsort((attempts, province))
        present, starts, sizes = np.unique(province[order], return_index=True, return_counts=True)
        places = sorted(
            (names[code], int(start), int(size))
            for code, start, size in zip(present, starts, sizes, strict=True)
        )
        holding, times = np.unique(system, return_counts=True)
        return Violation(
            count=len(province),
            provinces={name: size for name, _, size in places},
            examples={
                name: [case(int(at)).label for at in order[start : start + min(size, EXAMPLES)]]
                for name, start, size in places
            },
            systems={systems[number]: int(n) for number, n in zip(holding, times, strict=True)},
            cases=[case(int(at)) for at in np.argsort(attempts, kind="stable")[:CASES]],
        )

    def _case(self, intent: int, row: int) -> Case:
        intents, records = self._book.intents, self._book.records
        said = records.said[row].as_py() if row >= 0 else intents.said[intent].as_py()
        if intent < 0:
            return Case(said)
        return Case(said, intents.id[intent].as_py(), int(intents.arrival[intent]))


def places_of(provinces: pd.Series, records: pd.Series) -> tuple[dict[str, int], dict[str, list[str]]]:
    """How many rows there are by province, and the first few records of each."""
    named = provinces.astype("str")
    counted = named.value_counts().sort_index()
    return (
        {str(code): int(n) for code, n in counted.items()},
        {
            str(code): [str(record) for record in rows.head(EXAMPLES)]
            for code, rows in records.groupby(named, sort=True)
        },
    )
