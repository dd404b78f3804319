"""Ten million entries are counted as a few are: the same as going through them one by one."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.intents import IntentLine
from tests.reports.factory import ns
from tests.reports.ledgers import PLAN as COUNTRY
from tests.reports.ledgers import ledger_of
from tests.reports.naive_ledger import Naive, Row

PLAN = msgspec.structs.replace(COUNTRY, closed_procedures=["closed"])
SYSTEMS = ["national-portal", "case-01", "case-15", "portal-01", "elsewhere"]
INTENTS = [f"i{number}" for number in range(5)]
CODES = ["d1", "d2", "d3"]

ends = st.lists(
    st.tuples(
        st.sampled_from(["ok", "failed", "unknown"]),
        st.sampled_from([200, 202]),
        st.sampled_from([*CODES, "c1", ""]),
    ),
    max_size=2,
)
intents = st.lists(
    st.fixed_dictionaries(
        {
            "intent": st.sampled_from(INTENTS),
            "kind": st.sampled_from(["submission", "submission", "payment"]),
            "at": st.sampled_from([-1, 1]),
            "system": st.sampled_from(["national-portal", "portal-01"]),
            "province": st.sampled_from(["01", "15"]),
            "commune": st.sampled_from(["00001", ""]),
            "procedure": st.sampled_from(["open", ""]),
            "dossier": st.sampled_from([*CODES, ""]),
            "amount": st.sampled_from([0, 5, 7]),
            "digest": st.sampled_from(["x", ""]),
            "files": st.integers(0, 2),
            "ends": ends,
        }
    ),
    max_size=6,
)
records = st.lists(
    st.fixed_dictionaries(
        {
            "system": st.sampled_from([*SYSTEMS, "payment"]),
            "record": st.sampled_from(CODES),
            "intent": st.sampled_from([*INTENTS, "foreign", ""]),
            "dossier": st.sampled_from([*CODES, ""]),
            "province": st.sampled_from(["01", "01", "15"]),
            "commune": st.sampled_from(["00001", "00001", "00002"]),
            "procedure": st.sampled_from(["open", "open", "closed"]),
            "status": st.just(4),
            "history": st.sampled_from(["1,2,4", "1,2,4", "1,2", "1,2,4,2", "1,4", "2,4", "1,2,4,4", ""]),
            "digest": st.sampled_from(["x", "x", "y"]),
            "amount": st.sampled_from([5, 7]),
            "at": st.sampled_from([-1.0, 0.5, 2.0]),
            "before": st.booleans(),
            "receipt": st.sampled_from(["", "", "c1", "c2"]),
            "files": st.sampled_from([1, 1, 2]),
            "charge": st.sampled_from(["c1", "c2", "c3"]),
        }
    ),
    max_size=9,
)


def _lines(rows: list[Row]) -> list[Row]:
    invoked = [{"event": "invoke", **row} for row in rows]
    ended = [
        {"event": event, "intent": row["intent"], "at": 5, "status": status, "record": record}
        for row in rows
        for event, status, record in row["ends"]
    ]
    return invoked + ended


def _records(rows: list[Row]) -> list[Row]:
    """Charges at the payment platform, dossiers everywhere else; of before the run without an instant."""
    whole = []
    for row in rows:
        charge = row["system"] == "payment"
        whole.append(
            {
                **row,
                "kind": "charge" if charge else "dossier",
                "record": row["charge"] if charge else row["record"],
                "receipt": "" if charge else row["receipt"],
                "at": float("-inf") if row["before"] else row["at"],
            }
        )
    return whole


def _bare(line: Row) -> Row:
    """As it stands in the journal: instants are nanoseconds there."""
    known = set(IntentLine.__struct_fields__)
    return {name: value for name, value in line.items() if name in known} | {"at": ns(line["at"])}


def _in_journal(row: Row) -> Row:
    return row | {"at": 0 if row["before"] else ns(row["at"]), "stamped": 0}


@given(intents, records)
@settings(max_examples=400, deadline=None)
def test_every_rule_counts_what_a_reader_would_count(sent: list[Row], held: list[Row]) -> None:
    lines, rows = _lines(sent), _records(held)
    naive = Naive(PLAN, lines, rows)
    files = {intent["intent"]: intent["files"] for intent in naive.intents.values()}
    ledger = ledger_of(
        [_bare(line) for line in lines], [_in_journal(row) for row in rows], plan=PLAN, files=files
    )
    assert {name: found.count for name, found in ledger.violations.items()} == naive.counts()
    assert ledger.submitted == len(naive.submissions)
    assert ledger.charges.captured == len(naive.charges)
