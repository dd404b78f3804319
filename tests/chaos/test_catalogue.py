"""Each kind of fault, held to what it says about itself: without a server, then against the real one."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple

import pytest
from pydantic import ValidationError

from chaos.catalogue import KINDS, Executes, Fault, Proxy
from chaos.client import Client
from chaos.errors import ToxiproxyError
from chaos.fake import FakeProxy
from chaos.links import Link, Links
from chaos.ports import free_ports
from tests.chaos.support import Callee, Caller, eventually

_PATIENT, _IMPATIENT = 5.0, 0.4
"""Seconds a caller waits where an answer is due, and where silence is."""


class Row(NamedTuple):
    """What a caller sees of a fault, on a new connection and on one kept alive since before it."""

    fault: dict[str, Any]
    sees: str
    sees_kept: str
    executes: Executes
    at_least: float = 0.0


ROWS = [
    pytest.param(Row({"kind": "nothing"}, "answered", "answered", "yes"), id="nothing"),
    pytest.param(Row({"kind": "cut"}, "refused", "broken", "no"), id="cut"),
    pytest.param(
        Row({"kind": "slow", "latency": "200ms"}, "answered", "answered", "yes", 0.2), id="slow answers"
    ),
    pytest.param(
        Row(
            {"kind": "slow", "latency": "150ms", "jitter": "10ms", "direction": "both"},
            "answered",
            "answered",
            "late",
            0.28,
        ),
        id="slow both ways",
    ),
    pytest.param(
        Row({"kind": "slow", "latency": "2s", "direction": "requests"}, "silence", "silence", "late"),
        id="slow requests, slower than the caller's patience",
    ),
    pytest.param(
        Row({"kind": "slow", "latency": "2s"}, "silence", "silence", "yes"),
        id="slow answers, slower than the caller's patience",
    ),
    pytest.param(Row({"kind": "request-lost"}, "silence", "silence", "no"), id="request-lost"),
    pytest.param(
        Row({"kind": "acknowledgement-lost"}, "silence", "silence", "yes"), id="acknowledgement-lost"
    ),
    pytest.param(Row({"kind": "reset"}, "broken", "broken", "yes"), id="reset"),
    pytest.param(Row({"kind": "reset", "after": "200ms"}, "broken", "broken", "yes", 0.2), id="late reset"),
]


def made(parameters: dict[str, Any]) -> Fault:
    return KINDS[parameters["kind"]].model_validate(parameters)


def every_row() -> list[Row]:
    return [value for parameter in ROWS for value in parameter.values if isinstance(value, Row)]


def test_every_kind_has_a_row_here() -> None:
    assert {row.fault["kind"] for row in every_row()} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_registered_under_its_own_name(kind: str) -> None:
    assert KINDS[kind].model_fields["kind"].default == kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_says_what_it_is_in_both_languages(kind: str) -> None:
    for text in (KINDS[kind].title, KINDS[kind].meaning):
        assert set(text) == {"vi", "en"}
        assert text["vi"].strip()
        assert text["en"].strip()
        assert text["vi"] != text["en"]


def test_colours_are_colours_and_differ() -> None:
    colours = [kind.colour for kind in KINDS.values()]
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours)
    assert len(set(colours)) == len(colours)


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        pytest.param(
            {"kind": "cut", "latency": 1}, "latency\n  Extra inputs", id="a parameter it does not have"
        ),
        pytest.param({"kind": "slow"}, "latency\n  Field required", id="one that it lacks"),
        pytest.param({"kind": "slow", "latency": "2"}, "'2' has no unit", id="a duration without a unit"),
        pytest.param(
            {"kind": "slow", "latency": "-1s"}, "greater than or equal to 0.001", id="a negative one"
        ),
        pytest.param({"kind": "slow", "latency": "11m"}, "less than or equal to 600", id="a very long one"),
        pytest.param(
            {"kind": "slow", "latency": "1s", "jitter": "2s"}, "jitter = 2.0 s is more than", id="much jitter"
        ),
        pytest.param(
            {"kind": "slow", "latency": "1s", "direction": "sideways"},
            "'answers', 'requests' or 'both'",
            id="a way",
        ),
        pytest.param({"kind": "reset", "after": "1m"}, "less than or equal to 10", id="a reset in a minute"),
    ],
)
def test_bad_parameters_are_refused_when_the_fault_is_made(parameters: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError) as error:
        made(parameters)
    assert named in str(error.value)


@pytest.mark.parametrize("row", ROWS)
class TestContract:
    """The rules of the two methods, on a proxy in memory."""

    def test_the_cure_leaves_a_healthy_proxy(self, row: Row) -> None:
        proxy = FakeProxy()
        fault = made(row.fault)
        shown = fault.apply(proxy)
        assert shown == proxy.state(), "apply returns what was read back"
        assert shown.healthy is (row.fault["kind"] == "nothing")
        assert fault.cure(proxy) == proxy.state()
        assert proxy.state().healthy

    def test_a_cure_without_the_fault_does_no_harm(self, row: Row) -> None:
        proxy = FakeProxy()
        made(row.fault).cure(proxy)
        assert proxy.state().healthy

    def test_what_other_faults_did_stays(self, row: Row) -> None:
        others = [
            {"kind": kind} for kind in ("acknowledgement-lost", "request-lost") if kind != row.fault["kind"]
        ]
        proxy = FakeProxy()
        for other in others:
            made(other).apply(proxy)
        before = proxy.state()
        made(row.fault).apply(proxy)
        made(row.fault).cure(proxy)
        assert proxy.state() == before

    def test_a_server_that_will_not_is_heard_of(self, row: Row) -> None:
        proxy = FakeProxy()
        proxy.broken = True
        if row.fault["kind"] == "nothing":
            made(row.fault).apply(proxy)
            return
        with pytest.raises(ToxiproxyError, match="503"):
            made(row.fault).apply(proxy)


def test_a_reset_closes_the_open_connections_once_the_toxic_is_there() -> None:
    """The toxic spares connections that are older than itself."""
    proxy = FakeProxy()
    made({"kind": "reset"}).apply(proxy)
    assert proxy.history == ["add reset", "disable", "enable"]


def test_a_reset_on_a_link_that_is_cut_does_not_open_it() -> None:
    proxy = FakeProxy()
    made({"kind": "cut"}).apply(proxy)
    assert not made({"kind": "reset"}).apply(proxy).enabled


def test_one_kind_twice_on_one_link_is_refused() -> None:
    proxy: Proxy = FakeProxy()
    made({"kind": "slow", "latency": "1s"}).apply(proxy)
    with pytest.raises(ToxiproxyError, match="already exists"):
        made({"kind": "slow", "latency": "2s"}).apply(proxy)


@pytest.fixture
def link(client: Client, callee: Callee) -> Iterator[Links]:
    [port] = free_ports(1)
    with Links(client, [Link("caller", "callee", f"127.0.0.1:{port}", callee.address)]) as links:
        yield links


@pytest.mark.e2e
@pytest.mark.parametrize("row", ROWS)
def test_a_fault_does_what_it_says_and_its_cure_undoes_it(row: Row, link: Links, callee: Callee) -> None:
    [name] = link.links
    address = link.links[name].listen
    fault = made(row.fault)
    assert fault.executes == row.executes
    patience = _IMPATIENT if row.sees == "silence" else _PATIENT
    with (
        closing(Caller(address, patience=patience)) as kept,
        closing(Caller(address, patience=patience)) as new,
    ):
        assert kept.write("before") == "answered"

        [state] = link.apply(fault, [name]).values()
        assert state == link.proxy(name).state()
        assert kept.write("kept") == row.sees_kept
        took = _time_of(new, "new", row.sees)
        assert took >= row.at_least
        if row.executes == "yes":
            assert eventually(lambda: "new" in callee.executed)
            # A connection that was closed by the fault itself never carried its next request.
            assert ("kept" in callee.executed) is (row.sees_kept != "broken")
        elif row.sees == "silence":
            assert "new" not in callee.executed, "not while the caller still waits"

    if row.executes == "late":  # the zombie: nobody waits for it any more
        assert eventually(lambda: "new" in callee.executed)
    [state] = link.cure(fault, [name]).values()
    assert state.healthy
    with closing(Caller(address, patience=2)) as caller:
        assert caller.write("after") == "answered"
    assert callee.executed.count("after") == 1
    if row.executes == "no":
        assert callee.executed == ["before", "after"]
    else:
        assert callee.executed.count("new") == 1, "no fault of ours executes twice"


def _time_of(caller: Caller, body: str, sees: str) -> float:
    start = time.monotonic()
    assert caller.write(body) == sees
    return time.monotonic() - start
