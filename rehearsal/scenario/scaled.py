"""The same scenario with more or fewer visitors."""

from __future__ import annotations

from rehearsal.scenario.model import Scenario


def scaled(scenario: Scenario, scale: float) -> Scenario:
    """Every rate of arrivals times ``scale``; the shapes of the curves, and all else, stay as they are."""
    blocks = tuple(block.model_copy(update={"factor": block.factor * scale}) for block in scenario.arrivals)
    return scenario.model_copy(update={"arrivals": blocks})
