"""The contract that journeys are written against.

A journey is plain synchronous code: a function that takes one :class:`Visitor`. It knows neither the
network nor the clock of the swarm, so the same code runs in a rehearsal, behind Locust's web interface
and against :class:`scenarios.journeys.testing.FakeVisitor` in a unit test. The smallest journey::

    def look_up_status(visitor: Visitor) -> None:
        visitor.request("home", "national-portal", "GET", "/")
        visitor.think(5, 15)
        visitor.request("status", "national-portal", "GET", "/status/42", check=shows_a_status)

Every request is one *step* and leaves one sample per attempt. A request that does not end well after all
its attempts raises :class:`GaveUp`; a journey lets it pass and so ends.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from scenarios.journeys.answer import Answer, Check

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
IntentKind = Literal["submission", "payment"]

OK = (200,)
"""The statuses of a right answer where a step names none."""


class Arrival(NamedTuple):
    """One planned visit: a row of ``arrivals.arrow``, columns in its order."""

    number: int
    planned: int
    """Nanoseconds after T0, negative before it."""
    actor: str
    journey: str
    province: str
    commune: str
    old_province: str
    entrance: str
    subject: int


@dataclass(frozen=True, slots=True)
class Intent:
    """Something that must happen once or not at all: a dossier handed in, a fee paid.

    Its ``id`` is on disk before its first byte is sent and travels as ``Idempotency-Key``; attempts of the
    same intent carry the same id. ``digest`` is the SHA-256 of the content (hex); left empty it is taken
    over the body as sent. ``amount`` is in dong.
    """

    id: str
    kind: IntentKind
    system: str
    province: str
    commune: str = ""
    procedure: str = ""
    dossier: str = ""
    amount: int = 0
    digest: str = ""


class GaveUp(Exception):  # noqa: N818 -- what a visitor does in the end, no fault of the program
    """The visitor gave up at a step; the journey ends there.

    ``error`` is the error of the last sample (``connect``, ``timeout``, ``http-503``, ``wrong-dossier``),
    ``answer`` the last complete answer, where one came.
    """

    def __init__(self, step: str, error: str, answer: Answer | None = None) -> None:
        super().__init__(f"gave up at {step}: {error}")
        self.step = step
        self.error = error
        self.answer = answer


class Visitor(Protocol):
    """A person at a screen, with connections of their own."""

    @property
    def arrival(self) -> Arrival:
        """The planned visit that this visitor carries out."""

    @property
    def random(self) -> random.Random:
        """Seeded from the plan's seed and the arrival: a visitor draws the same in every run."""

    @property
    def people(self) -> Any:
        """The synthetic people and dossiers of the rehearsal; ``arrival.subject`` picks from them."""

    @property
    def after_t0(self) -> bool:
        """Whether the cutover minute has passed."""

    def now_ns(self) -> int:
        """The clock of all instants of a run: ``CLOCK_MONOTONIC`` in nanoseconds."""

    def think(self, low: float, high: float) -> None:
        """Pause between two steps.

        ``low`` to ``high`` seconds, drawn uniformly and multiplied by the plan's ``think_scale``, counted
        from the end of the last step: the next request is planned for the end of the pause.
        """

    def intent(
        self,
        kind: IntentKind,
        *,
        system: str,
        province: str,
        commune: str = "",
        procedure: str = "",
        dossier: str = "",
        amount: int = 0,
        digest: str = "",
    ) -> Intent:
        """A new intent with an id of its own."""

    def request(
        self,
        step: str,
        system: str,
        method: Method,
        path: str,
        *,
        body: bytes | None = None,
        json: object | None = None,
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = OK,
        check: Check | None = None,
        intent: Intent | None = None,
        record: Callable[[Answer], str] | None = None,
        retry: bool = True,
    ) -> Answer:
        """Carry out one step, trying again as people do, and give the right answer.

        ``expect`` names the statuses of a right answer, ``check`` looks at the content of one (see
        :data:`~scenarios.journeys.answer.Check`). Give ``body`` or ``json``, not both. ``record`` reads the
        dossier code or receipt id with which a system acknowledges the ``intent``. With ``retry`` false the
        first failure is final. A redirect that is expected must lead to a known system.

        Raises :class:`GaveUp`.
        """

    def follow(
        self,
        step: str,
        answer: Answer,
        *,
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = OK,
        check: Check | None = None,
    ) -> Answer:
        """Carry out the step to which ``answer`` redirects, with GET, at whichever system that is.

        Raises :class:`GaveUp` as :meth:`request` does.
        """


Script = Callable[[Visitor], None]
"""A journey as code: what a visitor does, from the first request to the last."""


@dataclass(frozen=True, slots=True)
class Playbook:
    """What a swarm plays: the code of every journey by its name, and the people of a seed.

    ``people`` makes the ``people`` of all visitors of a worker once, from the plan's seed.
    """

    scripts: Mapping[str, Script]
    people: Callable[[int], Any]
