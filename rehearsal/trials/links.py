"""The one link of a trial: straight to the stub, or through the real Toxiproxy."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from chaos.errors import ChaosError
from chaos.finding import find
from chaos.links import Link, Links
from chaos.ports import free_ports
from chaos.server import ToxiproxyServer
from rehearsal import topology
from rehearsal.errors import SetUpError
from rehearsal.run_record import RunFolder, Toxiproxy
from rehearsal.trials.playbook import SYSTEM

Say = Callable[[str], None]


@contextlib.asynccontextmanager
async def proxied(folder: RunFolder, upstream: str, say: Say) -> AsyncIterator[tuple[str, Links]]:
    """A link from the citizens to ``upstream`` (host:port): where it begins, and the links to hurt.

    Raises :class:`SetUpError`.
    """
    with contextlib.ExitStack() as stack:
        try:
            source = await asyncio.to_thread(find, None, say=say)
            # in this thread: the server lives as long as the thread that started it
            server = stack.enter_context(ToxiproxyServer(source, log=folder.logs / "toxiproxy.log", say=say))
            listen = f"{topology.HOST}:{free_ports(1)[0]}"
            link = Link(topology.CITIZENS, SYSTEM, listen, upstream)
            links = stack.enter_context(Links(server.client(), [link], guarded=server.outlives_us))
        except ChaosError as error:
            raise SetUpError(str(error)) from error
        folder.record.toxiproxy = Toxiproxy(server.version, server.how, 1)
        folder.save()
        yield listen, links
