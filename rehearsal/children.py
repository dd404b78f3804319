"""The processes of a run: started in sessions of their own, bound to our life, ended for certain.

A session of its own keeps the terminal's Ctrl-C from a child: the conductor hears it and ends the children in
order. Being bound to our life (``PR_SET_PDEATHSIG``) ends them even where the conductor is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.processes import die_with_parent
from rehearsal.together import together

GOODBYE = 8.0
"""Seconds that a process has to end after it was asked to, before it is killed."""
TAIL = 12
"""Lines of a log that an error message shows."""


class Child:
    """One running process; its standard error goes to a log, its standard output is read line by line.

    ``dismissed`` says that it may end at any time: it was told to.
    """

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.name = name
        self.log = log
        self.dismissed = False
        self._process = process

    @classmethod
    async def start(
        cls, name: str, command: Sequence[str], log: Path, *, dies_by: int = signal.SIGTERM
    ) -> Child:
        """Start ``python -m <command>``. Raises :class:`SetUpError` where it cannot be started.

        ``dies_by`` is the signal that it gets when we die: SIGKILL where it may have been stopped by then,
        because a stopped process hears no other.
        """
        with log.open("ab") as errors:
            try:
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    *command,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=errors,
                    start_new_session=True,
                    preexec_fn=partial(die_with_parent, dies_by),  # the event loop's thread stays
                )
            except OSError as error:
                raise SetUpError(f"process {name} cannot be started ({error.strerror})") from error
        return cls(name, process, log)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """Its exit status; None while it runs."""
        return self._process.returncode

    async def line(self) -> bytes:
        """The next line it prints, b"" at the end."""
        if self._process.stdout is None:
            return b""
        return await self._process.stdout.readline()

    async def ready(self, within: float) -> bytes:
        """Its first line, by which it says that it is ready. Raises :class:`SetUpError`."""
        try:
            line = await asyncio.wait_for(self.line(), within)
        except TimeoutError:
            raise SetUpError(
                f"process {self.name} was not ready within {within:g} s{self.last_words()}"
            ) from None
        if not line:
            await self._process.wait()
            raise SetUpError(f"process {self.name} ended with status {self.status}{self.last_words()}")
        return line

    async def tell(self, line: bytes) -> None:
        """Write one line to its standard input."""
        if self._process.stdin is not None:
            with contextlib.suppress(ConnectionError):
                self._process.stdin.write(line + b"\n")
                await self._process.stdin.drain()

    async def wait(self) -> int:
        """Wait for its end; its exit status."""
        return await self._process.wait()

    async def stop(self, with_signal: int = signal.SIGTERM) -> None:
        """Ask it to end, wait, and kill its whole session where it does not."""
        if self._process.returncode is None:
            self.send(with_signal)
            self.send(signal.SIGCONT)  # one that stands still would not hear it
            try:
                await asyncio.wait_for(self._process.wait(), GOODBYE)
            except TimeoutError:
                self.send(signal.SIGKILL)
                await self._process.wait()

    def send(self, number: int) -> None:
        """Send a signal to its whole session; no harm where it has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def last_words(self) -> str:
        """The end of its log, for an error message."""
        with contextlib.suppress(OSError):
            lines = self.log.read_text(errors="replace").splitlines()[-TAIL:]
            if lines:
                return "; the end of its log:\n  " + "\n  ".join(lines)
        return ""


async def stop_all(children: Sequence[Child]) -> None:
    """End several processes at once."""
    await asyncio.gather(*(child.stop() for child in children))


@contextlib.asynccontextmanager
async def none_may_end(children: Iterable[Child]) -> AsyncIterator[Callable[[Child], None]]:
    """While this lasts, the end of one of the processes is an :class:`EvidenceError`.

    One that was dismissed may end. The value takes one more process under watch, which came later.
    """

    async def watch(child: Child) -> None:
        status = await child.wait()
        if not child.dismissed:
            raise EvidenceError(
                f"process {child.name} ended in the middle of the run, status {status}{child.last_words()}"
            )

    async with together() as group:
        watchers: list[asyncio.Task[None]] = []

        def also(child: Child) -> None:
            watchers.append(group.create_task(watch(child)))

        for child in children:
            also(child)
        yield also
        for watcher in watchers:
            watcher.cancel()
