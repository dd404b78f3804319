"""Whether every dossier went from status to status as it may, at the portal and in the case system each."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

import numpy as np

from reports.ledger.book import Book
from reports.ledger.examples import Examples
from reports.ledger.model import Violation

Step = Literal["backwards", "skipped"]


def statuses_out_of_order(book: Book, examples: Examples) -> dict[str, Violation]:
    """Dossiers with a history that goes back, and with one that leaves something out.

    Few histories differ, so each is judged once, however many dossiers went the same way. A plan without
    statuses forbids none.
    """
    following = {status.code: frozenset(status.next) for status in book.plan.statuses}
    histories = book.records.histories.names
    wrong = [first_wrong_step(history, following) if following else None for history in histories]
    dossier, history = book.records.dossier, book.records.history
    return {
        f"statuses-{name}": examples.of_records(
            np.flatnonzero(dossier & np.array([each == name for each in wrong])[history])
        )
        for name in ("backwards", "skipped")
    }


def first_wrong_step(history: str, following: Mapping[int, frozenset[int]]) -> Step | None:
    """What is wrong with the first step of ``"1,2,4"`` that no status allows; None where all are allowed.

    A history begins where no other status leads. A step to a lower code, or to the same, goes backwards; any
    other leaves something out, and so does a status that does not exist.
    """
    if not history:
        return None
    codes = [int(code) if code.isdecimal() else 0 for code in history.split(",")]
    if codes[0] in frozenset().union(*following.values()) or not set(codes) <= set(following):
        return "skipped"
    for before, after in pairwise(codes):
        if after not in following[before]:
            return "backwards" if after <= before else "skipped"
    return None
