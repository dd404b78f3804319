"""The prober as the conductor sees it."""

from __future__ import annotations

import msgspec

from rehearsal.children import Child
from rehearsal.errors import RehearsalError
from rehearsal.run_record import RunFolder

READY_WITHIN = 60.0
MODULE = "rehearsal.prober"


class Prober:
    """The process of one run. If it dies the run goes on: its journal then says that a witness is missing."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._child: Child | None = None

    async def start(self) -> None:
        """Start it and wait until it is ready; ``targets.json`` is written. Raises :class:`SetUpError`."""
        command = [MODULE, "--run", str(self._folder.path)]
        self._child = await Child.start("prober", command, self._folder.logs / "prober.log")
        await self._child.ready(READY_WITHIN)

    async def begin(self, t0_monotonic_ns: int) -> None:
        """Give it the clock."""
        await self._started.tell(msgspec.json.encode({"t0_monotonic_ns": t0_monotonic_ns}))

    async def wait(self) -> int:
        """Wait until its last probe is answered, which takes the patience at most; its exit status."""
        return await self._started.wait()

    async def stop(self) -> None:
        """End it, if it still runs; it writes down what it has."""
        if self._child is not None:
            await self._child.stop()

    @property
    def _started(self) -> Child:
        if self._child is None:
            raise RehearsalError("the prober has not been started")
        return self._child
