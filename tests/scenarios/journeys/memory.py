"""Visitors of the in-memory country: the clock of a visitor and that of the country are one."""

from __future__ import annotations

from functools import cache
from itertools import count
from urllib.parse import quote

from scenarios.journeys.answer import Answer, Headers
from scenarios.journeys.people import People
from scenarios.journeys.testing import FakeVisitor, Request
from scenarios.journeys.visitor import Arrival
from tests.mocks.country import SEED, Country
from tests.virtual_time import SECOND

TRANSIT = 0.05
"""Seconds that a request and its answer take together; the request is at its system half-way."""

_visits = count()


@cache
def people() -> People:
    """The people of the country in memory."""
    return People(SEED)


class Visit(FakeVisitor):
    """A visitor who comes to the country ``arrival.planned`` nanoseconds after T0.

    Every system is told where T0 lies. Two visits never share an Idempotency-Key, also where the same person
    comes twice. ``hurry`` shortens all thinking; ``answered`` holds each request with its answer's status.
    """

    def __init__(self, country: Country, arrival: Arrival, *, hurry: float = 1.0) -> None:
        super().__init__(self.ask, arrival, people=people(), seed=SEED, service=TRANSIT)
        self._country = country
        self._hurry = hurry
        self._number = next(_visits)
        self.answered: list[tuple[Request, int]] = []
        self._caller = {"X-Caller": "officials" if arrival.actor == "official" else "citizens"}
        lead = max(0, -arrival.planned) + SECOND
        country.set_t0(lead / SECOND)
        self._t0_ns = country.time.now_ns + lead

    def think(self, low: float, high: float) -> None:
        """See :meth:`FakeVisitor.think`."""
        super().think(low * self._hurry, high * self._hurry)

    def ask(self, request: Request) -> Answer:
        """One request, at the country, at the visitor's own time."""
        arrives = self._t0_ns + request.at + round(TRANSIT / 2 * SECOND)
        self._country.time.advance(max(0, arrives - self._country.time.now_ns) / SECOND)
        headers = {**self._caller, **request.headers}
        if request.intent is not None:
            headers["Idempotency-Key"] = f"visit-{self._number}-{request.intent.id}"
        answer = self._country.time.run(
            self._country.ask(
                request.system,
                request.method,
                quote(request.path, safe="/?&=%:;,+@!$'()*~-._"),
                content=request.body or None,
                headers=headers,
            )
        )
        self.answered.append((request, answer.status_code))
        return Answer(answer.status_code, Headers(answer.headers.raw), answer.content)
