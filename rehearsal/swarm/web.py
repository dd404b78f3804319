"""Locust's own web interface on the same journeys: closed users against a running country.

``REHEARSAL_RUN`` names the run folder of a country that ``rehearse up`` has brought up. Without it, a
country of its own is brought up when Locust begins and taken down when it quits.

Each user carries out one planned visit after the other, drawn from the plan's arrivals, so the mix of
journeys, provinces and entrances is the plan's; how many visits there are is up to Locust. What Locust shows
are its own statistics of closed users: good to look at, nothing that a verdict is based on.
"""

from __future__ import annotations

import itertools
import logging
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import gevent
import msgspec
from locust import User, between
from locust.env import Environment
from locust.runners import WorkerRunner

from rehearsal.errors import RehearsalError, SetUpError
from rehearsal.processes import die_with_parent
from rehearsal.swarm.recorder import Outcome, Sample
from rehearsal.swarm.settings import load_playbook, load_settings, load_share
from rehearsal.swarm.visitor import HttpVisitor
from rehearsal.swarm.worker import make_world
from scenarios.journeys import names
from scenarios.journeys.visitor import Arrival, GaveUp, Intent, Playbook

logger = logging.getLogger(__name__)

VARIABLE = "REHEARSAL_RUN"
COUNTRY_WITHIN = 180.0
"""Seconds that a country may take to come up (Toxiproxy may have to be built first)."""

STOP_WITHIN = 30.0


class _Clock(msgspec.Struct, frozen=True):
    t0_monotonic_ns: int


@dataclass(slots=True)
class LocustJournal:
    """Fires Locust's request event for every sample; keeps nothing."""

    environment: Environment

    def begin(self) -> None:
        """Locust is told when the request has ended."""

    def sample(self, sample: Sample) -> None:
        """Show one request as ``<journey>/<step>``, with the time that its visitor waited."""
        self.environment.events.request.fire(  # type: ignore[no-untyped-call]  # Locust's
            request_type=sample.link.partition("--")[2],
            name=f"{sample.journey}/{sample.step}",
            response_time=(sample.done - sample.planned) / 1e6,
            response_length=sample.bytes_received,
            exception=None if sample.outcome == "ok" else RequestError(sample.error),
            context={"province": sample.province},
        )

    def invoke(self, intent: Intent, at: int, arrival: int, digest: str) -> None:
        """Nobody reconciles the visits of a web session."""

    def settle(self, intent: Intent, at: int, outcome: Outcome, status: int, record: str) -> None:
        """Nobody reconciles the visits of a web session."""


class RequestError(Exception):
    """What Locust groups failures by: the error of a sample."""


class Country:
    """A running country and the visits that are planned for it."""

    def __init__(self, folder: Path, playbook: Playbook, environment: Environment) -> None:
        settings = load_settings(folder)
        world = make_world(
            settings, LocustJournal(environment), _t0_ns(folder), playbook.people(settings.seed)
        )
        self._world = replace(world, seed=uuid4().hex)  # ids of a session meet no ids of another
        self._scripts = playbook.scripts
        self._numbers = itertools.count()
        self._visits: dict[str, list[Arrival]] = {}
        for arrival in load_share(folder, 0, 1):
            self._visits.setdefault(arrival.journey, []).append(arrival)

    def planned(self, journey: str) -> int:
        """How many visits of a journey the plan holds."""
        return len(self._visits.get(journey, ()))

    def visit(self, journey: str) -> None:
        """Carry out one of the planned visits of a journey, beginning now."""
        like = random.choice(self._visits[journey])
        now = time.monotonic_ns() - self._world.t0_ns
        visitor = HttpVisitor(self._world, like._replace(number=next(self._numbers), planned=now))
        try:
            self._scripts[journey](visitor)
        except GaveUp as gave_up:
            logger.debug("%s: %s", journey, gave_up)  # its samples have told Locust
        finally:
            visitor.close()


class Guest(User):
    """A closed user of Locust's interface: one visit after the other, as its actor."""

    abstract = True
    country: ClassVar[Country]
    wait_time = between(1, 5)


def _task(journey: str) -> Callable[[Guest], None]:
    def visit(user: Guest) -> None:
        user.country.visit(journey)

    visit.__name__ = journey  # the name that the web interface shows
    return visit


class Citizen(Guest):
    """Citizens and businesses at their screens."""

    tasks = [_task(journey) for journey in names("citizen")]  # noqa: RUF012 -- Locust declares it so


class Official(Guest):
    """Officials at the case systems of their provinces."""

    tasks = [_task(journey) for journey in names("official")]  # noqa: RUF012 -- Locust declares it so


def open_country(environment: Environment, **_: object) -> None:
    """Locust's ``init`` event: find or bring up the country, and weigh the journeys as its plan does."""
    folder = os.environ.get(VARIABLE)
    try:
        if folder is None and isinstance(environment.runner, WorkerRunner):
            raise SetUpError(
                f"a Locust worker needs {VARIABLE}, the run folder that its master plays against"
            )
        path = Path(folder) if folder else _bring_up(environment)
        Guest.country = Country(path, load_playbook(), environment)
    except RehearsalError as error:
        logger.error("%s", error)  # noqa: TRY400 -- a message for the user, without a traceback
        sys.exit(error.exit_code)
    for user in (Citizen, Official):
        weigh(user, Guest.country.planned)


def weigh(user: type[User], planned: Callable[[str], int], parts: int = 100) -> None:
    """Repeat each task in proportion to the visits planned for it: about ``parts`` tasks in all."""
    counts = {task: planned(getattr(task, "__name__", "")) for task in dict.fromkeys(user.tasks)}
    total = sum(counts.values())
    if total:
        user.tasks = [task for task, count in counts.items() for _ in range(math.ceil(parts * count / total))]


def _bring_up(environment: Environment) -> Path:
    """Start a country of our own and wait for its addresses; stop it when Locust quits."""
    folder = Path(tempfile.mkdtemp(prefix="rehearsal-"))
    country = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        [sys.executable, "-m", "rehearsal", "up", "--run", str(folder)],
        preexec_fn=die_with_parent,  # noqa: PLW1509 -- it loads and locks nothing
    )

    def stop(**_: object) -> None:
        country.terminate()
        try:
            country.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            country.kill()
            country.wait()

    environment.events.quit.add_listener(stop)  # type: ignore[no-untyped-call]  # Locust's
    deadline = time.monotonic() + COUNTRY_WITHIN
    while not (folder / "targets.json").exists():
        if country.poll() is not None:
            raise SetUpError(f"the country ended with exit code {country.returncode} before it was up")
        if time.monotonic() > deadline:
            stop()
            raise SetUpError(f"the country did not come up within {COUNTRY_WITHIN:g} s")
        gevent.sleep(0.2)
    return folder


def _t0_ns(folder: Path) -> int:
    """T0 of the country as ``run.json`` says it; where it says nothing, the cutover is now."""
    try:
        return msgspec.json.decode((folder / "run.json").read_bytes(), type=_Clock).t0_monotonic_ns
    except (OSError, msgspec.MsgspecError):
        return time.monotonic_ns()
