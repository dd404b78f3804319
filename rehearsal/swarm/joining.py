"""A worker that is started elsewhere: it asks the master for a place and files, then is like any other."""

from __future__ import annotations

import contextlib
import logging
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gevent
from gevent.queue import Empty, Queue

from rehearsal.errors import EvidenceError, ExitCode, RehearsalError, SetUpError
from rehearsal.swarm import messages
from rehearsal.swarm.channel import Channel
from rehearsal.swarm.courier import Courier
from rehearsal.swarm.messages import Hello, Piece, Place, Want
from rehearsal.swarm.reception import FILES
from rehearsal.swarm.settings import load_playbook
from rehearsal.swarm.software import software
from rehearsal.swarm.worker import Worker

logger = logging.getLogger(__name__)

ANSWER_WITHIN = 10.0
"""Seconds in which the master, which is there, must have answered."""


def join(host: str, port: int, spool: Path | None, playbook: str, *, within: float, keep: bool) -> int:
    """Be a worker of the master at an address; the exit code of the process.

    The files are written to a folder of their own below ``spool`` (None: the system's for temporary files)
    and removed when the master holds them all, unless they are to be kept. Raises :class:`SetUpError` where
    no master answers within ``within`` seconds, or it refuses us.
    """
    journeys = load_playbook(playbook)  # its import takes a second, in which nobody should wait for us
    with _leaving_at_once():
        channel = Channel(host, port, within)
        place = _place(channel)
    _say(f"worker {place.worker} of {place.workers} in {place.run}")
    folder = _folder(spool, place)
    _fetch(channel, place, folder)
    try:
        worker = Worker(folder, place.worker, place.workers, journeys)
    except RehearsalError as error:
        channel.send(messages.FAILED, {"worker": place.worker, "reason": str(error)})
        channel.leave()
        raise
    code = worker.run(channel, Courier(channel, folder, place.worker))
    if code == ExitCode.MET and not keep:
        shutil.rmtree(folder)
    else:
        _say(f"what this worker wrote is in {folder}")
    return code


def _place(channel: Channel) -> Place:
    ask = _Asking(channel, messages.PLACE, messages.REFUSED)
    message, body = ask(messages.HELLO, Hello(socket.gethostname(), dict(software())))
    if message == messages.REFUSED:
        channel.leave()
        raise SetUpError(f"the master refuses this worker: {body['reason']}")
    return Place.unpack(body)


def _fetch(channel: Channel, place: Place, folder: Path) -> None:
    """The files of the run, piece by piece: a new one is asked for when the one before is on disk."""
    ask = _Asking(channel, messages.PIECE)
    for name in FILES:
        with (folder / name).open("wb") as file:
            while (offset := file.tell()) < place.files[name]:
                piece = Piece.unpack(ask(messages.WANT, Want(name, offset))[1])
                if (piece.file, piece.offset) != (name, offset) or not piece.content:
                    raise EvidenceError(f"{name}: the master sent something else than byte {offset} on")
                file.write(piece.content)


class _Asking:
    """Sends a question and waits for one of the messages that answer it."""

    def __init__(self, channel: Channel, *answers: str) -> None:
        self._channel = channel
        self._answers: Queue = Queue()
        for message in answers:
            channel.on(message, self._listener(message))

    def __call__(self, question: str, body: messages.Body) -> tuple[str, Any]:
        self._channel.send(question, body)
        try:
            message, answer = self._answers.get(timeout=ANSWER_WITHIN)
        except Empty:
            raise SetUpError(f"the master did not answer within {ANSWER_WITHIN:g} s") from None
        return message, answer

    def _listener(self, message: str) -> Callable[[Any], None]:
        return lambda body: self._answers.put((message, body))


def _folder(spool: Path | None, place: Place) -> Path:
    name = "".join(letter if letter.isalnum() else "-" for letter in place.run)
    try:
        if spool is not None:
            spool.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f"{name}-worker-{place.worker}-", dir=spool))
    except OSError as error:
        raise SetUpError(f"{spool}: cannot be made ({error.strerror}); name another with --spool") from error


@contextlib.contextmanager
def _leaving_at_once() -> Iterator[None]:
    """As long as there is nothing to write down, a signal ends the process."""
    handlers = [
        gevent.signal_handler(number, sys.exit, ExitCode.INTERRUPTED)
        for number in (signal.SIGTERM, signal.SIGINT)
    ]
    try:
        yield
    finally:
        for handler in handlers:
            handler.cancel()


def _say(message: str) -> None:
    sys.stderr.write(f"swarm: {message}\n")
    sys.stderr.flush()
