"""What the visitors of a trial do where nothing else is asked for: one page, once."""

from __future__ import annotations

from scenarios.journeys.visitor import Playbook, Visitor

SYSTEM = "stub"


def get(visitor: Visitor) -> None:
    """Read one page of the stub."""
    visitor.request("get", SYSTEM, "GET", "/")


PLAYBOOK = Playbook({"get": get}, people=lambda seed: seed)
