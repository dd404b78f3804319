"""Trivial journeys for the end-to-end tests, against :class:`tests.rehearsal.swarm.country.Country`."""

from scenarios.journeys.visitor import Playbook, Visitor


def submit(visitor: Visitor) -> None:
    """Read a page, then hand in a dossier."""
    visitor.request("page", "national-portal", "GET", "/page")
    visitor.think(0.01, 0.05)
    intent = visitor.intent("submission", system="national-portal", province=visitor.arrival.province)
    visitor.request(
        "submit",
        "national-portal",
        "POST",
        "/dossiers",
        json={"arrival": visitor.arrival.number},
        expect=(201,),
        intent=intent,
        record=lambda answer: str(answer.field("code")),
    )


def wait(visitor: Visitor) -> None:
    """Ask for a page that never comes."""
    visitor.request("hang", "national-portal", "GET", "/hang")


PLAYBOOK = Playbook({"submit": submit, "wait": wait}, people=lambda seed: seed)
