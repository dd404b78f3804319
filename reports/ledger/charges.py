"""Whether every payment was taken once, for what it was meant for, and is shown."""

from __future__ import annotations

import numpy as np

from reports.ledger.book import NATIONAL, Book, Flags
from reports.ledger.examples import Examples
from reports.ledger.model import Charges, Violation
from reports.lookup import Ints

ACCEPTED = 202
"""The status of an answer that says only that a payment is under way."""


def reconcile_charges(book: Book, examples: Examples) -> tuple[Charges, dict[str, Violation]]:
    """Hold payment intents against stored charges. A charge belongs to the intent whose key it carries.

    Doubled is counted per dossier: a citizen who was charged under two intents has paid twice all the same. A
    dossier is looked for at the national portal, where it was paid for: the province's copy shows no payment.
    """
    records, intents = book.records, book.intents
    charges = np.flatnonzero(records.charge)
    intent, about = book.intent[charges], book.about[charges]
    paid = (intent >= 0) & np.append(intents.payment, False)[intent]
    for_what, per_intent = _what_it_is_for(book, charges)
    again = _seen_before(for_what) | _seen_before(per_intent)
    at_home = np.zeros(book.codes + 1, dtype=np.bool_)
    at_home[book.code[book.rows(NATIONAL)]] = True
    at_home[-1] = False
    told = paid & np.append(intents.ok, False)[intent]
    amount = np.append(intents.amount, 0)[intent]
    meant = np.append(book.paid_for, -1)[intent]

    acknowledged = intents.payment & intents.ok
    carried = np.zeros(len(intents) + 1, dtype=np.bool_)
    carried[intent] = True
    taken = np.zeros(book.codes + 1, dtype=np.bool_)
    taken[book.code[charges]] = True
    taken[-1] = False
    captured = carried[:-1] | taken[book.code_of_intent]
    pending = acknowledged & (intents.status == ACCEPTED) & (book.code_of_intent < 0)
    of_intents, of_records = examples.of_intents, examples.of_records
    found = {
        "doubled": of_records(charges[again], for_what[again]),
        "orphaned": of_records(charges[~at_home[about]], book.code[charges[~at_home[about]]]),
        "misposted": _each(book, examples, charges[paid & (meant >= 0) & (about != meant)]),
        "unacknowledged": of_records(charges[~told], for_what[~told]),
        "uncaptured": of_intents(np.flatnonzero(acknowledged & ~captured & ~pending)),
        "unsettled": of_intents(np.flatnonzero(pending & ~captured)),
        "misstated": _each(book, examples, charges[paid & (amount != records.amount[charges])]),
        "misquoted": of_intents(np.flatnonzero(_misquoted(book))),
        "hidden": of_records(rows := _hidden(book, about, acknowledged & ~pending), book.code[rows]),
        "unfounded": of_records(rows := _unfounded(book, charges), book.code[rows]),
    }
    counts = {name: violation.count for name, violation in found.items()}
    totals = Charges(
        intended=int(intents.payment.sum()), expected=int(acknowledged.sum()), captured=len(charges), **counts
    )
    return totals, {f"charges-{name}": violation for name, violation in found.items()}


def _each(book: Book, examples: Examples, charges: Ints) -> Violation:
    return examples.of_records(charges, book.code[charges])


def _what_it_is_for(book: Book, charges: Ints) -> tuple[Ints, Ints]:
    """Per charge a number of its dossier, else of its intent; and of its intent, else of itself."""
    own = np.arange(len(charges))
    known, strange = book.intent[charges], book.foreign[charges]
    strangers = len(charges) + len(book.intents)
    per_intent = np.where(known >= 0, len(charges) + known, np.where(strange >= 0, strangers + strange, own))
    beyond = strangers + book.strangers
    about = book.about[charges]
    return np.where(about >= 0, beyond + about, per_intent), per_intent


def _seen_before(numbers: Ints) -> Flags:
    again = np.ones(len(numbers), dtype=np.bool_)
    again[np.unique(numbers, return_index=True)[1]] = False
    return again


def _misquoted(book: Book) -> Flags:
    """Payments of another amount than the fee of the dossier that was handed in, where that is known."""
    intents = book.intents
    fee = np.append(intents.amount, 0)[book.owner_of_code[book.paid_for]]
    other: Flags = (book.paid_for >= 0) & (fee > 0) & (intents.amount != fee)
    return intents.payment & other


def _hidden(book: Book, about: Ints, told: Flags) -> Ints:
    """The portal's records of dossiers that were charged or acknowledged as paid, and carry no receipt."""
    portal = book.rows(NATIONAL)
    due = np.zeros(book.codes + 1, dtype=np.bool_)
    due[about] = True
    due[book.paid_for[told]] = True
    due[book.code[portal[book.receipt[portal] >= 0]]] = False
    due[-1] = False
    return portal[due[book.code[portal]]]


def _unfounded(book: Book, charges: Ints) -> Ints:
    """Dossiers of this run that are held paid by a charge that was not taken, or not for them."""
    if not any(system.kind == "payment" for system in book.plan.systems):
        return np.zeros(0, dtype=np.int64)
    about = np.full(book.codes + 1, -1, dtype=np.int64)
    about[book.code[charges]] = book.about[charges]
    about[-1] = -1
    rows = np.flatnonzero(book.records.dossier & ~book.carried & (book.receipt >= 0))
    unfounded: Ints = rows[about[book.receipt[rows]] != book.code[rows]]
    return unfounded
