"""Find out where the centre of one's commune is now, and what it receives; anonymous."""

from __future__ import annotations

from scenarios.journeys.answer import Answer
from scenarios.journeys.visitor import Visitor

PORTAL = "information-portal"


def run(visitor: Visitor) -> None:
    """The centres of the province, then that of the commune."""
    arrival = visitor.arrival

    def lists_mine(answer: Answer) -> str | None:
        return None if any(each["unit"] == arrival.commune for each in answer.json()) else "centre"

    def has_address(answer: Answer) -> str | None:
        centre = answer.field("centre")
        right = centre["unit"] == arrival.commune and centre["address"]
        return None if right else "address"

    visitor.request("centres", PORTAL, "GET", f"/api/provinces/{arrival.province}/centres", check=lists_mine)
    visitor.think(5, 20)
    visitor.request("centre", PORTAL, "GET", f"/api/centres/{arrival.commune}", check=has_address)
