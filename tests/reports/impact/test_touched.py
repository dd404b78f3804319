"""Which requests waited for a call: joined by the next call, it is as if each were held against all."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from reports.impact.touched import waited

SPAN = st.tuples(st.integers(1, 3), st.integers(0, 12), st.integers(0, 6))
SPANS = st.lists(SPAN, min_size=1, max_size=12)


def _frame(spans: list[tuple[int, int, int]], begun: str) -> pd.DataFrame:
    rows = [(trace, float(at), float(at + took)) for trace, at, took in spans]
    return pd.DataFrame(rows, columns=["trace", begun, "done"]).astype({"trace": "uint64"})


@given(SPANS, SPANS)
def test_a_request_waited_where_any_call_of_its_trace_lies_within_it(
    requests: list[tuple[int, int, int]], calls: list[tuple[int, int, int]]
) -> None:
    expected = [
        any(trace == other and at >= sent and at + lasted <= sent + took for other, at, lasted in calls)
        for trace, sent, took in requests
    ]
    frame = _frame(requests, "sent")
    frame.index = pd.RangeIndex(100, 100 + len(frame))
    assert waited(frame, _frame(calls, "at")).sort_index().tolist() == expected
