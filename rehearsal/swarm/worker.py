"""A worker process: one share of the arrivals, one Locust worker runner, one set of files."""

from __future__ import annotations

import gc
import logging
import resource
import signal
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
import locust.runners
from gevent.event import AsyncResult, Event
from locust.env import Environment

from rehearsal.errors import ExitCode, RehearsalError, UsageError, suggest
from rehearsal.swarm import messages
from rehearsal.swarm.crowd import Crowd
from rehearsal.swarm.pool import Pool
from rehearsal.swarm.progress import Progress
from rehearsal.swarm.recorder import Recorder
from rehearsal.swarm.settings import Policy, Settings, Target, load_settings, load_share
from rehearsal.swarm.transport import Connection, Limits
from rehearsal.swarm.walk import walk
from rehearsal.swarm.walker import walker
from rehearsal.swarm.world import Journal, Wire, World
from scenarios.journeys.visitor import Arrival, Playbook

logger = logging.getLogger(__name__)

CONNECT_WITHIN = 5.0
"""Seconds until a visitor's browser reports that it cannot connect; never more than the patience."""

GRACE = 3
"""Journeys under way after the last arrival have this many times the patience to come to their end."""

FLUSH_EVERY = 1.0
MASTER_SILENCE = 10.0
"""Seconds without a sign of life after which the master counts as gone."""

LAST_WORDS = 10.0
"""Seconds that a finished worker waits for the master to dismiss it."""


class Worker:
    """Plays one share of a plan from its first arrival to its last answer."""

    def __init__(self, folder: Path, index: int, workers: int, playbook: Playbook) -> None:
        self._index = index
        self._workers = workers
        self._settings = load_settings(folder)
        self._share = load_share(folder, index, workers)
        self._playbook = playbook
        _check_journeys(self._share, playbook)
        self._progress = Progress(planned=len(self._share))
        self._recorder = Recorder(folder, index, self._progress)
        self._people = playbook.people(self._settings.seed)
        self._clock: AsyncResult = AsyncResult()
        self._ended = Event()
        self._walking: gevent.Greenlet | None = None
        self._crowd: Crowd | None = None
        self._failure = ""
        self._exit_code = 0
        self._say_ready: Callable[[], None]

    def run(self, port: int) -> int:
        """Register at the master on ``port``, play, report, and give the exit code of the process."""
        locust.runners.WORKER_REPORT_INTERVAL = FLUSH_EVERY  # the runner reads it before every pause
        environment = Environment(
            user_classes=[walker(self._workers, self._offer)],
            parsed_options=Namespace(web_base_path=""),  # else Locust looks for options in files of its own
        )
        runner = environment.create_worker_runner("127.0.0.1", port)  # waits until the master answers
        registered = time.time()
        for number in (signal.SIGTERM, signal.SIGINT):  # not before: there is nothing to write down yet
            gevent.signal_handler(number, self._interrupt)
        runner.register_message(messages.CLOCK, self._on_clock)
        runner.register_message(messages.STOP, self._on_stop)
        environment.events.report_to_master.add_listener(self._on_report)  # type: ignore[no-untyped-call]  # Locust's
        flusher = gevent.spawn(self._flush_regularly)
        _settle_memory()
        self._say_ready = lambda: runner.send_message(
            messages.READY, {"worker": self._index, "planned": len(self._share)}
        )
        runner.send_message(messages.JOINED)
        patience = LAST_WORDS
        while not self._ended.wait(0.5):
            if not runner.greenlet:  # dismissed before the end
                break
            heard = runner.last_heartbeat_timestamp or registered
            if time.time() - heard > MASTER_SILENCE:
                patience = 0.0
                self._fail(RehearsalError(f"the master was not heard for {MASTER_SILENCE:g} s"))
        flusher.kill()
        self._close()
        if self._failure:
            logger.error(self._failure)
            runner.send_message(messages.FAILED, {"worker": self._index, "reason": self._failure})
        runner.send_message(messages.FINISHED, self._progress.to_message())
        runner.greenlet.join(timeout=patience)
        runner.greenlet.kill()  # before its socket goes: Locust would try to read from it for ever
        runner.client.close(linger=0)  # type: ignore[no-untyped-call]  # Locust's
        return self._exit_code

    def _offer(self) -> None:
        """The walker's task. Locust asks again when it spreads users anew: a share is walked only once."""
        if self._walking is not None:
            return
        self._walking = gevent.getcurrent()
        try:
            self._say_ready()
            t0_ns = self._clock.get()
            world = self._world(t0_ns)
            self._crowd = Crowd(world, self._playbook.scripts, self._progress, self._fail)
            walk(self._share, t0_ns, self._crowd.start, now=time.monotonic_ns, sleep=gevent.sleep)
            self._crowd.end(GRACE * self._settings.policy.patience)
        except Exception as error:  # Locust would log it and call the task again
            logger.exception("the walk over the arrivals failed")
            self._fail(error)
        self._ended.set()

    def _world(self, t0_ns: int) -> World:
        return make_world(self._settings, self._recorder, t0_ns, self._people)

    def _flush_regularly(self) -> None:
        try:
            while True:
                gevent.sleep(FLUSH_EVERY)
                self._recorder.flush()
        except Exception as error:  # whatever it is, the evidence is no longer written
            logger.exception("the samples cannot be written")
            self._fail(error)

    def _close(self) -> None:
        if self._walking is not None:
            self._walking.kill()
        if self._crowd is not None:
            self._crowd.end(0)
        try:
            self._recorder.close()
        except Exception as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self._failure = self._failure or str(error) or type(error).__name__
        self._exit_code = ExitCode.OUR_FAULT
        self._ended.set()

    def _interrupt(self) -> None:
        self._exit_code = self._exit_code or ExitCode.INTERRUPTED
        self._ended.set()

    # called by Locust, which logs and swallows what they raise: they do nothing that can fail

    def _on_clock(self, msg: Any, **_: object) -> None:
        self._clock.set(msg.data["t0_monotonic_ns"])

    def _on_stop(self, **_: object) -> None:
        self._interrupt()

    def _on_report(self, data: dict[str, Any], **_: object) -> None:
        data[messages.REPORT] = self._progress.to_message()


def make_world(settings: Settings, journal: Journal, t0_ns: int, people: Any) -> World:
    """The surroundings of visitors who speak to the plan's links over real connections."""
    limits = limits_of(settings.policy)

    def connect(target: Target) -> Connection:
        return Connection(target.host, target.port, limits)

    return World(
        seed=str(settings.seed),
        t0_ns=t0_ns,
        policy=settings.policy,
        targets=settings.targets,
        journal=journal,
        people=people,
        pool=Pool[Wire](connect),
        now=time.monotonic_ns,
        sleep=gevent.sleep,
    )


def limits_of(policy: Policy) -> Limits:
    """The bounds of one exchange of a visitor."""
    return Limits(connect=min(CONNECT_WITHIN, policy.patience), answer=policy.patience)


def _check_journeys(share: list[Arrival], playbook: Playbook) -> None:
    for arrival in share:
        if arrival.journey not in playbook.scripts:
            known = suggest(arrival.journey, playbook.scripts)
            raise UsageError(
                f'arrivals.arrow: arrival {arrival.number}: journey "{arrival.journey}": {known}'
            )


def _settle_memory() -> None:
    """Allow as many connections as the system does, and keep the set-up out of the collector's sight.

    A full collection over everything that was imported takes tens of milliseconds, in which no request is
    sent; what a journey leaves behind is freed by reference counts but for a few cycles.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
