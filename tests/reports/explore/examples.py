"""Explorations to be rendered."""

from __future__ import annotations

from msgspec.structs import replace

from reports.explore.model import (
    Bracket,
    Capacity,
    Column,
    Exploration,
    Healing,
    Limits,
    Point,
    Probe,
    Scenario,
    State,
    Timeline,
    Trigger,
)
from reports.text import Text


def probe(load: float, trigger: float, state: State, lowered: float | None = None) -> Probe:
    reason = Text("Vì thế <b>.", "Because of <b>.")
    return Probe(Point(load, trigger, lowered), state, reason, None, f"probes/{load:g}-{trigger:g}", 1, 60.0)


FOUND = Exploration(
    scenario=Scenario("metastable", Text("Cổng gọi lại", "A portal that retries"), 11, 30.0, "abc"),
    trigger=Trigger(
        "population-unheard",
        "request-lost",
        Text("Mất yêu cầu", "Request lost"),
        Text("Gửi mà không đến.", "What was sent never arrives."),
        ["national-portal--population"],
    ),
    limits=Limits(0.125, 1.0, 0.312, 10.0, 0.1, 2, 8.0),
    outcome="found",
    complete=True,
    probes=[
        probe(1.0, 10.0, "stayed-down"),
        probe(0.2, 10.0, "recovered"),
        probe(0.22, 10.0, "stayed-down"),
        probe(1.0, 1.1, "recovered"),
        probe(1.0, 1.2, "stayed-down"),
        probe(0.5, 2.4, "not-known"),
        probe(0.5, 2.8, "stayed-down"),
        probe(0.5, 2.6, "recovered"),
        probe(1.0, 2.4, "recovered", lowered=0.125),
    ],
    lowest_load=Bracket(0.2, 0.22, settled=True),
    boundary=[Column(0.5, Bracket(2.6, 2.8, settled=True)), Column(1.0, Bracket(1.1, 1.2, settled=True))],
    contradictions=0,
    healing=Healing(1.0, 2.4, 0.125, Bracket(0.4, 0.44, settled=True)),
    capacity=Capacity("population", 1.11, 1.0),
    collapse=Timeline(
        Point(1.0, 1.2),
        -6,
        [30] * 20,
        [30] * 5 + [12] + [0] * 14,
        [200] * 6 + list(range(220, 500, 20)),
        [0] * 6 + list(range(20, 300, 20)),
        0.01,
        1.22,
    ),
    seconds=540.0,
)

NONE_FOUND = replace(
    FOUND,
    outcome="none-found",
    probes=[probe(1.0, 10.0, "recovered"), probe(1.0, 1.7, "recovered")],
    lowest_load=Bracket(None, None),
    boundary=[],
    healing=None,
    collapse=None,
)

NOT_KNOWN = replace(NONE_FOUND, outcome="not-known", probes=[probe(1.0, 10.0, "not-known")], capacity=None)

BEYOND_HEALING = replace(FOUND, healing=Healing(1.0, 2.4, 0.125, Bracket(None, 0.125)))

UNSETTLED = replace(
    FOUND,
    complete=False,
    contradictions=2,
    lowest_load=Bracket(None, 0.125),
    boundary=[Column(1.0, Bracket(None, 0.312))],
    healing=None,
    collapse=None,
    capacity=Capacity("population", 9.0, 1.0),
)
