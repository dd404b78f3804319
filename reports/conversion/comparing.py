"""Where two rows that are one differ, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.conversion.digests import plain
from reports.conversion.judging import JUDGES, Row, Wrong, judge_dossier
from reports.conversion.reading import key
from reports.conversion.schema import FINDINGS, KEYS, TARGET
from reports.lookup import Ints

AT_ONCE = 20_000
"""Rows that differ, in memory as Python values at once."""
HANOI = timezone(timedelta(hours=7))
Finding = tuple[str, str, str, str, str, str]
"""Kind, province, record, field, expected, found: the columns of `FINDINGS`."""


def findings(rows: list[Finding]) -> pa.Table:
    """Findings in columns."""
    columns = list(zip(*rows, strict=True)) or [()] * len(FINDINGS)
    return pa.table([pa.array(each, pa.string()) for each in columns], schema=FINDINGS)


def judge_of(name: str, districts: frozenset[str]) -> Callable[[Row, Row], Wrong]:
    """The judge of a table."""
    if name == "dossiers":
        return lambda must, has: judge_dossier(must, has, districts)
    return JUDGES[name]


def differing(name: str, expected: pa.Table, found: pa.Table) -> Ints:
    """Places at which two tables of as many rows differ in a column of the target."""
    differs = np.zeros(len(found), dtype=np.bool_)
    for column in TARGET[name].names:
        differs |= pc.not_equal(plain(expected[column]), plain(found[column])).to_numpy(zero_copy_only=False)
    return np.flatnonzero(differs)


def compared(
    name: str, expected: pa.Table, found: pa.Table, judge: Callable[[Row, Row], Wrong], province: str
) -> Iterator[pa.Table]:
    """The findings of rows that are one, given side by side."""
    rows = differing(name, expected, found)
    for begin in range(0, len(rows), AT_ONCE):
        chunk = pa.array(rows[begin : begin + AT_ONCE])
        records = key(expected.take(chunk), KEYS[name]).to_pylist()
        musts, others = listed(expected.take(chunk)), listed(found.take(chunk))
        yield findings(
            [
                (kind, province, record, field, told(field, must[field]), told(field, has[field]))
                for record, must, has in zip(records, musts, others, strict=True)
                for kind, field in judge(must, has)
            ]
        )


def listed(table: pa.Table) -> list[dict[str, Any]]:
    """Rows as mappings, instants as Unix seconds."""
    return pa.table({name: plain(table[name]) for name in table.column_names}).to_pylist()  # type: ignore[no-any-return]  # Arrow has no types


def told(field: str, value: object) -> str:
    """A value as a reader sees it."""
    if field in ("received", "due", "issued") and isinstance(value, int):
        return datetime.fromtimestamp(value, UTC).astimezone(HANOI).isoformat(timespec="seconds")
    return str(value).lower() if isinstance(value, bool) else str(value)
