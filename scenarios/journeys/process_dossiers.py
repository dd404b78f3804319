"""An official takes dossiers from the inbox, receives them and begins to process them."""

from __future__ import annotations

from scenarios.journeys.answer import Answer
from scenarios.journeys.visitor import Visitor

AT_ONCE = 2
RECEIVED, IN_PROCESSING = 2, 4


def run(visitor: Visitor) -> None:
    """Sign in to the province's case system; open, receive and process what waits."""
    system = f"case-{visitor.arrival.province}"
    token = visitor.request(
        "official-sign-in",
        system,
        "POST",
        "/api/officials/sign-in",
        json={"official": f"can-bo-{visitor.arrival.subject:06d}"},
    ).field("token")
    headers = {"Authorization": f"Bearer {token}"}
    visitor.think(5, 15)
    inbox = visitor.request("inbox", system, "GET", f"/api/inbox?limit={AT_ONCE}", headers=headers)
    for row in inbox.field("dossiers"):
        path = f"/api/dossiers/{row['code']}"
        visitor.request("open", system, "GET", path, headers=headers)
        for step, status in (("receive", RECEIVED), ("process", IN_PROCESSING)):
            visitor.think(30, 90)

            def stands(answer: Answer, status: int = status) -> str | None:
                return None if answer.field("status") == status else "status"

            visitor.request(
                step, system, "POST", f"{path}/status", json={"status": status}, headers=headers, check=stands
            )
