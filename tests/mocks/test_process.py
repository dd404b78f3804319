"""A process of mocks from start to end: it serves, keeps its journals, and says how punctually it ran."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import httpx
import msgspec
import pytest

from mocks.operator import ClockReading
from reports.journal import CALLS, PULSE, RECEIVED
from reports.journal_reader import read_stream
from tests.mocks.country import configuration
from tests.mocks.processes import MockProcess, on_ports

pytestmark = pytest.mark.e2e


def test_a_process_serves_until_it_is_asked_to_end_and_leaves_whole_journals(tmp_path: Path) -> None:
    system = on_ports(configuration())["vneid"]
    with MockProcess("national", tmp_path, [system]) as process, httpx.Client() as browser:
        base = f"http://127.0.0.1:{system.port}"
        for _ in range(3):
            assert browser.get(f"{base}/oauth2/userinfo").status_code == 401
        told = browser.put(f"{base}/-/clock", json={"t0_monotonic_ns": 7}).content
        clock = msgspec.json.decode(told, type=ClockReading)
        assert clock.answered_monotonic_ns >= clock.received_monotonic_ns
        assert process.stop() == 0
    tables = {}
    for name, schema in (
        ("received.national", RECEIVED),
        ("calls.national", CALLS),
        ("pulse.mocks-national", PULSE),
    ):
        tables[name], torn = read_stream(tmp_path / f"{name}.1.arrows", schema)
        assert not torn, f"{name} has no end"
        assert (tmp_path / f"{name}.1.arrows.crc").stat().st_size % 24 == 0
    assert tables["received.national"]["status"].to_pylist() == [401] * 3
    pulse = tables["pulse.mocks-national"].to_pylist()
    assert pulse, "not one beat"
    assert {row["process"] for row in pulse} == {"mocks-national"}
    assert all(row["loop_lag"] >= 0 and row["thread_lag"] >= 0 and row["in_flight"] == 0 for row in pulse)
    assert all(earlier["cpu"] <= later["cpu"] for earlier, later in pairwise(pulse))
