"""A worker process: one share of the arrivals, one Locust worker runner, one set of files."""

from __future__ import annotations

import gc
import logging
import resource
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import gevent
from gevent.event import AsyncResult, Event

from rehearsal.errors import ExitCode, RehearsalError, UsageError, suggest
from rehearsal.swarm import messages
from rehearsal.swarm.channel import Channel
from rehearsal.swarm.connecting import connect
from rehearsal.swarm.courier import Courier
from rehearsal.swarm.crowd import Crowd
from rehearsal.swarm.messages import Clock, Ready
from rehearsal.swarm.pool import Pool
from rehearsal.swarm.progress import Progress
from rehearsal.swarm.pulse import Pulse
from rehearsal.swarm.recorder import Recorder
from rehearsal.swarm.settings import Policy, Settings, check_schedule, load_settings, load_share
from rehearsal.swarm.transport import Limits
from rehearsal.swarm.walk import walk
from rehearsal.swarm.world import Journal, Wire, World
from scenarios.journeys.visitor import Arrival, Playbook

logger = logging.getLogger(__name__)

CONNECT_WITHIN = 5.0
"""Seconds until a visitor's browser reports that it cannot connect; never more than the patience."""

GRACE = 3
"""Journeys under way after the last arrival have this many times the patience to come to their end."""

FLUSH_EVERY = 1.0
MOST_CONNECTIONS = 200_000
"""Descriptors that a worker asks for: visitors of a system that stands still keep theirs while more come."""

LOOK_EVERY = 0.5
"""Seconds after which the worker sees whether it goes on."""

MASTER_SILENCE = 10.0
"""Seconds without a sign of life after which the master counts as gone."""

LAST_WORDS = 10.0
"""Seconds that a finished worker waits for the master to dismiss it."""


class Worker:
    """Plays one share of a plan from its first arrival to its last answer."""

    def __init__(self, folder: Path, index: int, workers: int, playbook: Playbook) -> None:
        self._index = index
        self._settings = load_settings(folder)
        self._sha256 = check_schedule(folder)
        self._share = load_share(folder, index, workers)
        self._playbook = playbook
        _check_journeys(self._share, playbook)
        self._progress = Progress(planned=len(self._share))
        self._recorder = Recorder(folder, index, self._progress)
        self._pulse = Pulse(folder, f"worker-{index}", lambda: self._recorder.in_flight)
        self._people = playbook.people(self._settings.seed)
        self._clock: AsyncResult = AsyncResult()
        self._ended = Event()
        self._walking: gevent.Greenlet | None = None
        self._crowd: Crowd | None = None
        self._failure = ""
        self._exit_code = 0
        self._say_ready: Callable[[], None]

    def run(self, channel: Channel, courier: Courier | None = None) -> int:
        """Play, report to the master, and give the exit code of the process.

        A ``courier`` brings everything that is written to the master.
        """
        for number in (signal.SIGTERM, signal.SIGINT):  # not before: there is nothing to write down yet
            gevent.signal_handler(number, self._interrupt)
        channel.on(messages.CLOCK, self._on_clock)
        channel.on(messages.STOP, self._on_stop)
        channel.on_walk = self._offer
        channel.environment.events.report_to_master.add_listener(self._on_report)  # type: ignore[no-untyped-call]  # Locust's
        flusher = gevent.spawn(self._flush_regularly)
        if courier is not None:
            courier.start(self._fail)
        _settle_memory()
        self._say_ready = lambda: channel.send(
            messages.READY, Ready(self._index, len(self._share), socket.gethostname(), self._sha256)
        )
        channel.send(messages.JOINED)
        patience = LAST_WORDS
        listening_since = looked = time.monotonic()
        while not self._ended.wait(LOOK_EVERY) and channel.open:  # or dismissed before the end
            gevent.sleep(0)  # behind all who are ready to run, as is whoever hears the master
            since, looked = looked, time.monotonic()
            if looked - since > 2 * LOOK_EVERY:  # too busy to hear anybody
                listening_since = looked
            if min(channel.silence, looked - listening_since) > MASTER_SILENCE:
                patience = 0.0
                self._fail(RehearsalError(f"the master was not heard for {MASTER_SILENCE:g} s"))
        flusher.kill()
        self._close()
        if courier is not None:
            self._finish(courier)
        if self._failure:
            logger.error(self._failure)
            channel.send(messages.FAILED, {"worker": self._index, "reason": self._failure})
        channel.send(messages.FINISHED, self._progress.to_message())
        channel.close(patience)
        return self._exit_code

    def _offer(self) -> None:
        """The task of Locust's user, who only waits.

        When workers come or go Locust spreads its users anew: it kills this one, or places another. The walk
        over the share is not theirs to end, and is done only once.
        """
        if self._walking is None:
            self._walking = gevent.spawn(self._play)
        self._walking.join()

    def _play(self) -> None:
        try:
            self._say_ready()
            clock: Clock = self._clock.get()
            self._recorder.on_clock(clock.offset_ns)
            self._pulse.on_clock(clock.offset_ns)
            self._pulse.start()  # not before: its instants would be on a clock that nobody knows
            t0_ns = clock.t0_monotonic_ns
            world = self._world(t0_ns)
            crowd = Crowd(world, self._playbook.scripts, self._progress, self._recorder, self._fail)
            self._crowd = crowd
            walk(self._share, t0_ns, crowd.start, crowd.drop, now=time.monotonic_ns, sleep=gevent.sleep)
            self._crowd.end(GRACE * self._settings.policy.patience)
        except Exception as error:
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
                self._pulse.flush()
        except Exception as error:  # whatever it is, the evidence is no longer written
            logger.exception("the samples cannot be written")
            self._fail(error)

    def _close(self) -> None:
        if self._walking is not None:
            self._walking.kill()
        if self._crowd is not None:
            self._crowd.end(0)
        try:
            self._pulse.close()
            self._recorder.close()
        except Exception as error:
            self._fail(error)

    def _finish(self, courier: Courier) -> None:
        try:
            courier.finish(MASTER_SILENCE)
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

    def _on_clock(self, body: dict[str, Any]) -> None:
        self._clock.set(Clock.unpack(body))

    def _on_stop(self, _body: None) -> None:
        self._interrupt()

    def _on_report(self, data: dict[str, Any], **_: object) -> None:
        data[messages.REPORT] = self._progress.to_message()


def make_world(settings: Settings, journal: Journal, t0_ns: int, people: Any) -> World:
    """The surroundings of visitors who speak to the plan's links over real connections."""
    limits = limits_of(settings.policy)

    return World(
        seed=str(settings.seed),
        t0_ns=t0_ns,
        policy=settings.policy,
        targets=settings.targets,
        journal=journal,
        people=people,
        pool=Pool[Wire](lambda target: connect(target, limits)),
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
    for most in (MOST_CONNECTIONS, hard):
        with suppress(ValueError, OSError):  # more than the system's own limit takes a privilege
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, max(most, hard)))
            break
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
