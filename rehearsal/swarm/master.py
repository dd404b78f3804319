"""The master process: between the conductor (JSON lines on stdin and stdout) and the workers (Locust)."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterable
from typing import Any

import gevent
import msgspec
from gevent.event import Event as Signal
from gevent.fileobject import FileObjectPosix
from locust.env import Environment
from locust.runners import STATE_MISSING, MasterRunner

from rehearsal.errors import ExitCode
from rehearsal.swarm import messages
from rehearsal.swarm.progress import Progress
from rehearsal.swarm.roll import Event, Roll
from rehearsal.swarm.walker import walker

TELL_EVERY = 1.0
STOP_WITHIN = 10.0
"""Seconds that the workers have to cut, write and report once they were told to stop."""


class _Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    t0_monotonic_ns: int


class Master:
    """Brings the workers together, passes on the clock, and tells the conductor what happens."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._roll = Roll(workers)
        self._t0_ns: int | None = None
        self._over = Signal()
        self._joined = 0
        self._stopping = False
        self._exit_code = 0
        self._runner: MasterRunner

    def run(self, port: int) -> int:
        """Serve on ``port`` (0 takes a free one) until every worker has finished; give the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            gevent.signal_handler(number, self._stop, ExitCode.INTERRUPTED)
        environment = Environment(user_classes=[walker(self._workers, lambda: None)])
        self._runner = environment.create_master_runner("127.0.0.1", port)
        self._runner.register_message(messages.JOINED, self._on_joined)
        self._runner.register_message(messages.READY, self._on_ready)
        self._runner.register_message(messages.FINISHED, self._on_finished)
        self._runner.register_message(messages.FAILED, self._on_failed)
        environment.events.worker_report.add_listener(self._on_report)  # type: ignore[no-untyped-call]  # Locust's
        self._tell([{"event": "listening", "port": self._runner.server.port}])
        listener = gevent.spawn(self._listen)
        while not self._over.wait(TELL_EVERY):
            self._look_after_workers()
        listener.kill()
        if self._t0_ns is not None:
            self._tell([self._roll.progress((time.monotonic_ns() - self._t0_ns) / 1e9)])
        self._tell([self._roll.end()])
        self._runner.quit()
        self._runner.server.close(linger=1000)  # type: ignore[no-untyped-call]  # Locust's
        return self._exit_code

    def _listen(self) -> None:
        """Read the conductor's lines: the clock, once. The end of the stream means that it is gone."""
        with FileObjectPosix(sys.stdin.fileno(), "rb", closefd=False) as stdin:
            for line in stdin:
                try:
                    clock = msgspec.json.decode(line, type=_Clock)
                except msgspec.MsgspecError as error:
                    self._fail(f'stdin: {line!r}: {error}; legal is one line, {{"t0_monotonic_ns": N}}')
                    continue
                if self._t0_ns is not None or not self._roll.all_ready:
                    self._fail("stdin: the clock came twice, or before every worker was ready")
                    continue
                self._t0_ns = clock.t0_monotonic_ns
                self._runner.send_message(messages.CLOCK, {"t0_monotonic_ns": self._t0_ns})
        self._stop(ExitCode.INTERRUPTED)

    def _look_after_workers(self) -> None:
        for client in self._roll.clients:
            node = self._runner.clients.get(client)
            missing = node is None or node.state == STATE_MISSING
            self._tell(self._roll.silent(client) if missing else self._roll.heard(client))
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

    def _on_joined(self, **_: object) -> None:
        self._joined += 1
        if self._joined == self._workers:
            gevent.spawn(self._runner.start, self._workers, self._workers)  # all users in one step

    def _on_ready(self, msg: Any, **_: object) -> None:
        self._tell(self._roll.ready(msg.node_id, msg.data["worker"], msg.data["planned"]))
        if self._roll.failure:
            self._stop(ExitCode.OUR_FAULT)

    def _on_report(self, client_id: str, data: dict[str, Any], **_: object) -> None:
        if messages.REPORT in data:
            self._roll.report(client_id, Progress.from_message(data[messages.REPORT]))

    def _on_failed(self, msg: Any, **_: object) -> None:
        self._tell(self._roll.failed(msg.data["worker"], msg.data["reason"]))
        self._stop(ExitCode.OUR_FAULT)

    def _on_finished(self, msg: Any, **_: object) -> None:
        self._roll.finished(msg.node_id, Progress.from_message(msg.data))
        self._end_if_complete()
