"""The master process: between the conductor (JSON lines on stdin and stdout) and the workers (Locust).

Lines on stdin: ``{"measure": "clocks"}``, as often as wanted, answered by a ``clocks`` event, and
``{"t0_monotonic_ns": N}``, once: the run begins. Lines on stdout are events: :mod:`rehearsal.swarm.roll`.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import gevent
import msgspec
from gevent.event import Event as Signal
from gevent.fileobject import FileObjectPosix
from locust.env import Environment
from locust.runners import STATE_MISSING, MasterRunner

from rehearsal.errors import ExitCode
from rehearsal.swarm import messages
from rehearsal.swarm.desk import Desk
from rehearsal.swarm.messages import Clock, Ready
from rehearsal.swarm.progress import Progress
from rehearsal.swarm.reception import Reception
from rehearsal.swarm.roll import Event, Roll
from rehearsal.swarm.timekeeper import Timekeeper
from rehearsal.swarm.walker import walker

TELL_EVERY = 1.0
STOP_WITHIN = 10.0
"""Seconds that the workers have to cut, write and report once they were told to stop."""

_LEGAL = '{"measure": "clocks"} or, once every worker is ready, {"t0_monotonic_ns": N}'


class _Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    t0_monotonic_ns: int | None = None
    measure: Literal["clocks", ""] = ""


class Master:
    """Brings the workers together, passes on the clock, and tells the conductor what happens.

    Of ``workers``, the last ``joining`` were started elsewhere: they get their places and their files here.
    """

    def __init__(self, folder: Path, workers: int, joining: int = 0) -> None:
        self._workers = workers
        self._reception = Reception(folder, workers, range(workers - joining, workers))
        self._roll = Roll(workers)
        self._t0_ns: int | None = None
        self._all_set = False
        self._over = Signal()
        self._joined: set[str] = set()
        self._heard: dict[str, int] = {}
        self._stopping = False
        self._exit_code = 0
        self._runner: MasterRunner
        self._timekeeper: Timekeeper
        self._desk: Desk

    def run(self, host: str, port: int) -> int:
        """Serve on ``port`` (0 takes a free one) until every worker has finished; give the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            gevent.signal_handler(number, self._stop, ExitCode.INTERRUPTED)
        environment = Environment(user_classes=[walker(self._workers, lambda: None)])
        self._runner = runner = environment.create_master_runner(host, port)
        self._timekeeper = Timekeeper(runner)
        self._desk = Desk(runner, self._reception, self._tell, self._fail)
        runner.register_message(messages.JOINED, self._on_joined)
        runner.register_message(messages.READY, self._on_ready)
        runner.register_message(messages.FINISHED, self._on_finished)
        runner.register_message(messages.FAILED, self._on_failed)
        environment.events.worker_report.add_listener(self._on_report)  # type: ignore[no-untyped-call]  # Locust's
        environment.events.heartbeat_sent.add_listener(self._on_heartbeat)  # type: ignore[no-untyped-call]  # Locust's
        self._tell([{"event": "listening", "port": runner.server.port}])
        listener = gevent.spawn(self._listen)
        while not self._over.wait(TELL_EVERY):
            self._look_after_workers()
        listener.kill()
        if self._t0_ns is not None:
            self._tell([self._roll.progress((time.monotonic_ns() - self._t0_ns) / 1e9)])
        self._tell([self._roll.end()])
        runner.quit()
        runner.server.close(linger=1000)  # type: ignore[no-untyped-call]  # Locust's
        self._reception.close()
        return self._exit_code

    def _listen(self) -> None:
        """Follow the conductor's lines. The end of the stream means that it is gone."""
        with FileObjectPosix(sys.stdin.fileno(), "rb", closefd=False) as stdin:
            for line in stdin:
                try:
                    order = msgspec.json.decode(line, type=_Order)
                except msgspec.MsgspecError as error:
                    self._fail(f"stdin: {line!r}: {error}; legal is {_LEGAL}")
                    continue
                if order.measure and self._all_set:
                    gevent.spawn(self._compare_clocks)
                elif order.t0_monotonic_ns is not None and self._all_set and self._t0_ns is None:
                    self._begin(order.t0_monotonic_ns)
                else:
                    self._fail(f"stdin: {line!r}: twice, or too early, or nothing; legal is {_LEGAL}")
        self._stop(ExitCode.INTERRUPTED)

    def _begin(self, t0_ns: int) -> None:
        self._t0_ns = t0_ns
        for client, worker in self._roll.clients.items():
            correction = self._roll.clocks.correction(worker)
            self._runner.send_message(messages.CLOCK, Clock(t0_ns + correction, correction).pack(), client)

    def _make_ready(self) -> None:
        if self._measure_clocks():
            self._all_set = True
            self._tell(self._roll.all_set())

    def _compare_clocks(self) -> None:
        if self._measure_clocks():
            self._tell(self._roll.compared())

    def _measure_clocks(self) -> bool:
        clients = self._roll.clients
        measured = self._timekeeper.measure(clients)
        for client, worker in clients.items():
            if client not in measured:
                self._fail(f"worker {worker} does not answer when it is asked for its clock")
                return False
            self._roll.clocks.begin(worker, measured[client])
        return True

    def _look_after_workers(self) -> None:
        for client in self._roll.clients:
            node = self._runner.clients.get(client)
            missing = node is None or node.state == STATE_MISSING
            last_heard = self._heard.get(client, 0)
            self._tell(self._roll.silent(client, last_heard) if missing else self._roll.heard(client))
        if len(self._joined) < self._workers:  # from then on, Locust counts on everybody who has joined
            for client in self._desk.release_silent(self._heard):
                self._joined.discard(client)
        if self._t0_ns is not None:
            self._tell([self._roll.progress((time.monotonic_ns() - self._t0_ns) / 1e9)])
        self._end_if_complete()

    def _end_if_complete(self) -> None:
        if self._roll.complete:
            self._over.set()

    def _fail(self, reason: str) -> None:
        self._tell([{"event": "failed", "reason": reason}])
        self._stop(ExitCode.OUR_FAULT)

    def _stop(self, exit_code: int) -> None:
        if self._stopping:
            return
        self._stopping = True
        self._exit_code = exit_code
        self._runner.send_message(messages.STOP)
        if not self._roll.clients:
            self._over.set()
        gevent.spawn_later(STOP_WITHIN, self._over.set)

    def _tell(self, events: Iterable[Event]) -> None:
        try:
            for event in events:
                sys.stdout.write(json.dumps(event) + "\n")
                sys.stdout.flush()
        except BrokenPipeError:  # the conductor is gone
            self._stop(ExitCode.INTERRUPTED)

    # called by Locust, which logs and swallows what they raise

    def _on_heartbeat(self, client_id: str, **_: object) -> None:
        self._heard[client_id] = time.monotonic_ns()

    def _on_joined(self, msg: Any, **_: object) -> None:
        self._joined.add(msg.node_id)
        if len(self._joined) == self._workers:
            gevent.spawn(self._runner.start, self._workers, self._workers)  # all users in one step

    def _on_ready(self, msg: Any, **_: object) -> None:
        self._heard[msg.node_id] = time.monotonic_ns()
        self._tell(self._roll.ready(msg.node_id, Ready.unpack(msg.data)))
        if self._roll.failure:
            self._stop(ExitCode.OUR_FAULT)
        elif self._roll.all_ready:
            gevent.spawn(self._make_ready)

    def _on_report(self, client_id: str, data: dict[str, Any], **_: object) -> None:
        self._heard[client_id] = time.monotonic_ns()
        if messages.REPORT in data:
            self._roll.report(client_id, Progress.from_message(data[messages.REPORT]))

    def _on_failed(self, msg: Any, **_: object) -> None:
        self._tell(self._roll.failed(msg.data["worker"], msg.data["reason"]))
        self._stop(ExitCode.OUR_FAULT)

    def _on_finished(self, msg: Any, **_: object) -> None:
        gevent.spawn(self._see_off, msg.node_id, Progress.from_message(msg.data))

    def _see_off(self, client: str, progress: Progress) -> None:
        """A worker has finished: how far has its clock drifted?"""
        if client in self._roll.clients and not self._stopping:
            for measured in self._timekeeper.measure([client]).values():
                self._roll.clocks.end(self._roll.clients[client], measured)
        self._roll.finished(client, progress)
        self._end_if_complete()
