"""Every kind of link fault, held to its word against the real Toxiproxy: three questions each.

Was the write executed? What did the caller see? And what came after the cure?
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, NamedTuple

import pytest

from chaos.catalogue import KINDS, LinkFault
from chaos.links import Links
from tests.chaos.support import ANSWER, NAME, Callee, Caller, Callers, eventually, made

pytestmark = pytest.mark.e2e

PATIENT, IMPATIENT = 20.0, 0.4
"""Seconds a caller waits where something is due, and where silence is."""

Executed = Literal["at once", "late", "at the cure", "never"]


class Case(NamedTuple):
    """What is true of one fault.

    Attributes:
        fault: the kind, with parameters as small as can be measured.
        sees: a caller who begins while the fault lasts, on a new connection.
        kept: one who does so on a connection kept alive since before.
        executed: when what those two sent is carried out, if ever.
        waiting: what a caller sees who began while the fault lasted, and waits for as long as it takes.
        opened: a caller whose connection was opened while the fault lasted, and is first used after the cure.
        older: one whose connection was opened before the fault, and was not used while it lasted.
        at_least: seconds until ``sees``.
        received: most bytes of the answer's body that come through.
        closes: connections that are open when the fault comes are closed, so that ``kept`` never arrives.
    """

    fault: dict[str, Any]
    sees: str
    kept: str
    executed: Executed
    waiting: str
    opened: str
    older: str
    at_least: float = 0.0
    received: int = len(ANSWER)
    closes: bool = False


def passes(fault: dict[str, Any], *, at_least: float = 0.0) -> Case:
    """The caller is served, if not as well as usual, and notices nothing of the cure."""
    return Case(
        fault,
        sees="answered",
        kept="answered",
        executed="at once",
        waiting="answered",
        opened="answered",
        older="answered",
        at_least=at_least,
    )


def severed(fault: dict[str, Any]) -> Case:
    """The caller is refused at once; whatever was open is closed."""
    return Case(
        fault,
        sees="refused",
        kept="broken",
        executed="never",
        waiting="refused",
        opened="answered",
        older="broken",
        closes=True,
    )


def swallowed(fault: dict[str, Any], executed: Executed) -> Case:
    """The caller hears nothing; the cure closes every connection there is."""
    return Case(
        fault,
        sees="silence",
        kept="silence",
        executed=executed,
        waiting="broken",
        opened="broken",
        older="broken",
    )


def held(fault: dict[str, Any], executed: Executed) -> Case:
    """The caller hears nothing; at the cure everything arrives that was held."""
    return Case(
        fault,
        sees="silence",
        kept="silence",
        executed=executed,
        waiting="answered",
        opened="answered",
        older="answered",
    )


def broken_off(fault: dict[str, Any], what: str, *, received: int) -> Case:
    """The answer ends too early; connections on which none has come yet live on."""
    return Case(
        fault,
        sees=what,
        kept=what,
        executed="at once",
        waiting=what,
        opened="answered",
        older="answered",
        received=received,
    )


def reset(fault: dict[str, Any], *, at_least: float = 0.0) -> Case:
    """The connection breaks instead of an answer; the fault comes with a closing of all that is open."""
    return Case(
        fault,
        sees="broken",
        kept="broken",
        executed="at once",
        waiting="broken",
        opened="answered",
        older="broken",
        at_least=at_least,
        closes=True,
    )


CASES = {
    "nothing": passes({"kind": "nothing"}),
    "cut": severed({"kind": "cut"}),
    "partition": severed({"kind": "partition"}),
    "flapping, which begins with a cut": severed({"kind": "flapping"}),
    "request lost": swallowed({"kind": "request-lost"}, "never"),
    "acknowledgement lost": swallowed({"kind": "acknowledgement-lost"}, "at once"),
    "zombie that arrives while the fault lasts": held({"kind": "zombie", "late": "800ms"}, "late"),
    "zombie that is still on its way at the cure": held({"kind": "zombie", "late": "1m"}, "at the cure"),
    "slow answers": passes({"kind": "slow", "latency": "200ms"}, at_least=0.2),
    "slow both ways": passes({"kind": "slow", "latency": "150ms", "direction": "both"}, at_least=0.3),
    "slow, with jitter": passes({"kind": "slow", "latency": "150ms", "jitter": "50ms"}, at_least=0.1),
    "slow answers, slower than the caller's patience": held({"kind": "slow", "latency": "1m"}, "at once"),
    "slow requests, slower than the caller's patience": held(
        {"kind": "slow", "latency": "1m", "direction": "requests"}, "at the cure"
    ),
    "jitter": passes({"kind": "jitter", "latency": "50ms", "jitter": "100ms"}, at_least=0.1),
    "thin line": passes({"kind": "thin-line", "rate": 10, "round_trip": "100ms"}, at_least=0.3),
    "thin line that is only narrow": passes({"kind": "thin-line", "rate": 10, "round_trip": 0}, at_least=0.2),
    "thin line that drips": passes(
        {"kind": "thin-line", "rate": 1000, "round_trip": 0, "drip": 500, "drip_every": "50ms"}, at_least=0.2
    ),
    "truncated in the body": broken_off({"kind": "truncated", "limit": 300}, "cut short", received=299),
    "truncated before the body": broken_off({"kind": "truncated", "limit": 1}, "broken", received=0),
    "reset": reset({"kind": "reset"}),
    "reset a while after the answer": reset({"kind": "reset", "after": "200ms"}, at_least=0.2),
    "one direction, answers": held({"kind": "one-direction"}, "at once"),
    "one direction, requests": held({"kind": "one-direction", "direction": "requests"}, "at the cure"),
    "brown-out, at first": passes({"kind": "brown-out", "mild": "150ms", "mild_rate": 50}, at_least=0.18),
}


def test_every_kind_of_link_fault_has_a_case() -> None:
    assert {case.fault["kind"] for case in CASES.values()} == {
        name for name, kind in KINDS.items() if issubclass(kind, LinkFault)
    }


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_fault_does_what_it_says_and_its_cure_undoes_it(case: Case, links: Links, callee: Callee) -> None:
    fault = made(**case.fault)
    patience = IMPATIENT if case.sees == "silence" else PATIENT
    with Callers(links) as callers, ThreadPoolExecutor(3) as pool:
        kept, older = callers.one(patience=patience), callers.one()
        assert [kept.write("before"), older.write("before")] == ["answered"] * 2

        [state] = links.apply(fault, [NAME]).values()
        assert state == links.proxy(NAME).state()
        opened, new, waiting = callers.one(), callers.one(patience=patience), callers.one()
        opened.open()
        waiting.open()
        waited = pool.submit(waiting.see, "waiting")
        seen_kept, seen = pool.map(Caller.see, (kept, new), ("kept", "new"))

        assert (seen.what, seen_kept.what) == (case.sees, case.kept)
        assert seen.seconds >= case.at_least
        assert seen.received <= case.received
        if case.waiting == case.sees:
            assert waited.result().what == case.sees, "waiting longer changes nothing"
        check_executed_while_it_lasts(case, callee)

        [state] = links.cure(fault, [NAME]).values()
        assert state.healthy
        assert callers.one().write("after") == "answered", "passes again at once"
        assert waited.result().what == case.waiting
        assert opened.write("opened") == case.opened
        assert older.write("older") == case.older
    check_executed_in_the_end(case, callee)


def check_executed_while_it_lasts(case: Case, callee: Callee) -> None:
    if case.executed in ("at once", "late"):
        due = {"new", "waiting"} if case.closes else {"new", "waiting", "kept"}
        assert eventually(lambda: due <= set(callee.executed), within=PATIENT)
    else:
        assert callee.executed == ["before", "before"]


def check_executed_in_the_end(case: Case, callee: Callee) -> None:
    """Each write that is executed is executed once."""
    seen = {"opened": case.opened, "older": case.older, "after": "answered", "waiting": case.waiting}
    due = {body for body, what in seen.items() if what == "answered"}
    if case.executed != "never":
        due |= {"new", "waiting"} if case.closes else {"new", "waiting", "kept"}
    assert eventually(lambda: due <= set(callee.executed), within=PATIENT)
    assert sorted(callee.executed) == sorted([*due, "before", "before"])


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param({"kind": "cut"}, ConnectionRefusedError, id="cut"),
        pytest.param({"kind": "reset"}, ConnectionResetError, id="reset"),
        pytest.param({"kind": "request-lost"}, TimeoutError, id="request lost"),
    ],
)
def test_the_error_is_the_one_that_a_real_network_gives(
    fault: dict[str, Any], error: type[Exception], links: Links
) -> None:
    links.apply(made(**fault), [NAME])
    with Callers(links) as callers:
        assert type(callers.one(patience=IMPATIENT).see("x").error) is error


def test_a_truncated_answer_is_as_long_as_is_said(links: Links) -> None:
    with Callers(links) as callers:
        received: dict[int, int] = {}
        for limit in (500, 800):
            fault = made("truncated", limit=limit)
            links.apply(fault, [NAME])
            received[limit] = callers.one().see("x").received
            links.cure(fault, [NAME])
    assert received[800] - received[500] == 300
