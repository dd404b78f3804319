"""The same request twice has its effect once: idempotency keys."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Effects by key. While the first request with a key is under way, a second one waits for its result."""

    def __init__(self) -> None:
        self._done: dict[str, T] = {}
        self._under_way: dict[str, asyncio.Future[T]] = {}

    def remember(self, key: str, result: T) -> None:
        """A result that is durable already, from an earlier life of the process."""
        self._done[key] = result

    def known(self, key: str) -> T | None:
        """The result of a key, if it has one."""
        return self._done.get(key)

    async def do(self, key: str, effect: Callable[[], Awaitable[T]]) -> tuple[T, bool]:
        """The result of the key, and whether this call brought it about. A failed effect leaves no trace."""
        while key in self._under_way:
            first = self._under_way[key]
            await asyncio.wait([first])
            if not first.cancelled():
                return first.result(), False
            # whoever came first was cancelled and has left nothing: the next one does it
        if key in self._done:
            return self._done[key], False
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._under_way[key] = future
        try:
            result = await effect()
        except asyncio.CancelledError:
            future.cancel()
            raise
        except BaseException as error:
            future.set_exception(error)
            future.exception()  # seen: nobody may be waiting
            raise
        else:
            self._done[key] = result
            future.set_result(result)
            return result, True
        finally:
            del self._under_way[key]
