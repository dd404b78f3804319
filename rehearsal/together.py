"""Tasks that are done together, and fail as one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from rehearsal.errors import RehearsalError


@contextlib.asynccontextmanager
async def together() -> AsyncIterator[asyncio.TaskGroup]:
    """A task group that raises the error to be reported by itself, not in an exception group.

    (``except*`` would not do: what is raised in it comes out in a group again.)
    """
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as failures:
        raise to_report(failures) from failures


def to_report(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first of the failures; one that nobody foresaw goes before a :class:`RehearsalError`."""
    foreseen, unforeseen = failures.split(RehearsalError)
    error: BaseException = unforeseen or foreseen or failures
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
