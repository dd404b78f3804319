"""Virtual time for asyncio: nothing waits, the clock jumps to what happens next.

::

    with VirtualTime() as time:
        time.run(something())        # asyncio.sleep(3600) takes microseconds
        time.advance_to(5.0)         # background tasks do what they have to do until then

``time.monotonic`` and ``time.monotonic_ns`` follow the same clock while the block lasts. Only one thread may
take part: whoever waits for another thread would see time jump past it.
"""

from __future__ import annotations

import asyncio
import math
import selectors
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, TypeVar
from unittest import mock

T = TypeVar("T")
SECOND = 1_000_000_000
START = 1_000 * SECOND
"""Where the virtual clock begins; not 0, which the monotonic clock of a machine never shows either."""


class _Jumping(selectors.SelectSelector):
    """Never waits: where nothing is ready, the clock jumps by what it would have waited."""

    def __init__(self, owner: VirtualTime) -> None:
        super().__init__()
        self._owner = owner

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everything waits for something that will never happen")
        if not ready and timeout is not None and timeout > 0:
            self._owner.now_ns += math.ceil(timeout * SECOND)
        return ready


class VirtualTime:
    """An event loop whose clock is ``now_ns`` (nanoseconds)."""

    def __init__(self) -> None:
        self.now_ns = START
        self._clocks = mock.patch.multiple("time", monotonic_ns=self._read_ns, monotonic=self._read)
        self._loop: asyncio.SelectorEventLoop

    def __enter__(self) -> VirtualTime:
        self._clocks.start()
        self._loop = asyncio.SelectorEventLoop(_Jumping(self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            while asyncio.all_tasks(self._loop):
                self._end_all()
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            self._loop.close()
            self._clocks.stop()

    def _end_all(self) -> None:
        """End all tasks, or some: where one ends by an interrupt, the loop raises that or stops too early."""
        try:
            self._loop.run_until_complete(_cancel_all())
        except (KeyboardInterrupt, SystemExit):
            pass
        except RuntimeError as error:
            if "stopped before" not in str(error):
                raise

    def _read_ns(self) -> int:
        return self.now_ns

    def _read(self) -> float:
        return self.now_ns / SECOND

    @property
    def seconds(self) -> float:
        """Virtual seconds since the block was entered."""
        return (self.now_ns - START) / SECOND

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one thing to its end, and others beside it as far as that takes."""
        return self._loop.run_until_complete(work)

    def advance(self, seconds: float) -> None:
        """Let so much time pass."""
        self._loop.run_until_complete(asyncio.sleep(seconds))


async def _cancel_all() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
