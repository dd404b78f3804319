"""Which client speaks to a target: the lean one, or the stock one for what that does not speak."""

from __future__ import annotations

import ssl
from functools import cache

from rehearsal.errors import UsageError
from rehearsal.swarm.connection import Connection
from rehearsal.swarm.targets import Target
from rehearsal.swarm.transport import Limits
from rehearsal.swarm.world import Wire


def connect(target: Target, limits: Limits) -> Wire:
    """A connection for one visitor; it opens when it is used. Raises :class:`UsageError`."""
    way = target.way
    tls = trusting(way.authority) if way.tls else None
    if not way.http2 and not way.proxy:
        return Connection(target.host, target.port, limits, tls, way.server_name)
    # httpx takes half a second to import, which only those who need it should pay
    from rehearsal.swarm.stock import StockConnection

    scheme = "https" if way.tls else "http"
    return StockConnection(
        f"{scheme}://{target.host}:{target.port}",
        limits,
        http2=way.http2,
        proxy=way.proxy or None,
        tls=tls,
        server_name=way.server_name,
    )


@cache
def trusting(authority: str) -> ssl.SSLContext:
    """What trusts an authority (a PEM file; "" are the system's). Raises :class:`UsageError`."""
    try:
        return ssl.create_default_context(cafile=authority or None)
    except OSError as error:  # of TLS as well
        raise UsageError(
            f"targets.json: authority {authority}: no certificates can be read: {error}"
        ) from error
