"""Payments in the ledger: taken once, for what they were meant for, and shown."""

from __future__ import annotations

import pytest

from tests.reports.ledgers import Row, broken, charged, end, held, ledger_of, payment, submission

PORTAL = held("national-portal", "d1", "i1", receipt="c1")
OTHER = held("national-portal", "d2", "i2", receipt="")
CASES = [held("case-01", "d1", "i1"), held("case-01", "d2", "i2")]


@pytest.mark.parametrize(
    ("outcome", "charges", "changed", "expected"),
    [
        pytest.param("ok", [charged("c1", "d1", "p1")], {}, {}, id="once"),
        pytest.param(
            "ok", [charged("c1", "d1", "p1"), charged("c2", "d1", "p1")], {}, {"charges-doubled": 1},
            id="twice-under-one-intent",
        ),
        pytest.param(
            "ok", [charged("c1", "d1", "p1"), charged("c2", "d1", "p2")], {},
            {"charges-doubled": 1, "charges-unacknowledged": 1}, id="under-two-intents",
        ),
        pytest.param(
            "ok", [charged("c1", "gone", "p1")], {},
            {"charges-orphaned": 1, "charges-misposted": 1, "charges-unfounded": 1}, id="for-no-dossier",
        ),
        pytest.param(
            "ok", [charged("c1", "d1", "p1")], None,
            {"unsynchronised": 1, "charges-orphaned": 1}, id="the-portal-lost-the-dossier",
        ),
        pytest.param(
            "ok", [charged("c1", "d2", "p1")], {},
            {"charges-misposted": 1, "charges-hidden": 1, "charges-unfounded": 1}, id="for-another-dossier",
        ),
        pytest.param("ok", [], {}, {"charges-uncaptured": 1, "charges-unfounded": 1}, id="never-taken"),
        pytest.param(
            "unknown", [charged("c1", "d1", "p1")], {}, {"charges-unacknowledged": 1}, id="never-told"
        ),
        pytest.param("unknown", [], {"receipt": ""}, {}, id="unknown-and-not-taken"),
        pytest.param("failed", [], {"receipt": ""}, {}, id="refused"),
        pytest.param(
            "ok", [charged("c1", "d1", "p1", amount=6)], {}, {"charges-misstated": 1}, id="another-amount"
        ),
        pytest.param(
            "ok", [charged("c1", "d1", "p1")], {"receipt": ""}, {"charges-hidden": 1}, id="not-shown"
        ),
        pytest.param(
            "unknown", [charged("c1", "d1", "p1")], {"receipt": ""},
            {"charges-hidden": 1, "charges-unacknowledged": 1}, id="taken-and-neither-told-nor-shown",
        ),
        pytest.param(
            "ok", [charged("c1", "d1", "p1")], {"receipt": "c9"}, {"charges-unfounded": 1},
            id="shown-by-a-charge-of-nobody",
        ),
    ],
)  # fmt: skip
def test_one_payment(outcome: str, charges: list[Row], changed: Row | None, expected: dict[str, int]) -> None:
    lines = [
        submission("i1", amount=5), end("i1", "ok", "d1"), submission("i2"), end("i2", "ok", "d2"),
        payment("p1", "d1"), end("p1", outcome, "c1" if outcome == "ok" else ""),
    ]  # fmt: skip
    portal = [] if changed is None else [PORTAL | changed]
    ledger = ledger_of(lines, [*portal, OTHER, *CASES, *charges])
    assert broken(ledger) == expected
    assert (ledger.charges.captured, ledger.charges.intended) == (len(charges), 1)


@pytest.mark.parametrize(
    ("charges", "receipt", "expected"),
    [
        pytest.param([], "", {"charges-unsettled": 1}, id="never-settled"),
        pytest.param([charged("c1", "d1", "p1")], "c1", {}, id="settled"),
        pytest.param([charged("c1", "d1", "p1")], "", {"charges-hidden": 1}, id="settled-and-not-shown"),
    ],
)
def test_a_payment_that_was_said_to_be_under_way(
    charges: list[Row], receipt: str, expected: dict[str, int]
) -> None:
    lines = [submission("i1"), end("i1", "ok", "d1"), payment("p1", "d1"), end("p1", status=202)]
    assert broken(ledger_of(lines, [PORTAL | {"receipt": receipt}, CASES[0], *charges])) == expected


@pytest.mark.parametrize(
    ("fee", "asked", "expected"),
    [(5, 5, 0), (7, 5, 1), pytest.param(0, 5, 0, id="what-it-costs-is-not-known")],
)
def test_the_fee_that_was_asked(fee: int, asked: int, expected: int) -> None:
    lines = [
        submission("i1", amount=fee), end("i1", "ok", "d1"), payment("p1", "d1", amount=asked),
        end("p1", "ok", "c1"),
    ]  # fmt: skip
    ledger = ledger_of(lines, [PORTAL, CASES[0], charged("c1", "d1", "p1", amount=asked)])
    assert ledger.charges.misquoted == expected
