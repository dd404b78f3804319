"""What the systems of one process share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from fixtures.people import Registry
from mocks.caller import Caller
from mocks.gaps import Gaps
from mocks.received import Journal
from mocks.store import Committer

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Context:
    """Who the people are, who commits, writes the journal and calls other systems.

    ``in_flight`` counts the requests that the systems of this process have received and not answered;
    ``failed`` is told the name of whatever ran beside the requests and has failed.
    """

    seed: int
    people: Registry
    committer: Committer
    received: Journal
    caller: Caller
    gaps: Gaps = field(default_factory=Gaps)
    in_flight: int = 0
    failed: Callable[[str], None] = lambda _: None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run something beside the requests until the process stops; its failure is logged and told."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """End everything that was spawned."""
        ended = list(self.tasks)
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("%s ended and will not go on", task.get_name(), exc_info=error)
            self.failed(task.get_name())
