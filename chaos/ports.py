"""Ports for proxies to listen on.

They are taken outside the ephemeral range. A disabled proxy gives its port back, and while it is disabled
any outgoing connection of this machine may be given an ephemeral port: if it is that one, the proxy cannot
be enabled again ("500: address already in use") until that connection ends. A port outside the range is
never handed out, so a link that was cut can always be healed.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from pathlib import Path

from chaos.errors import PortsError

LOOPBACK = "127.0.0.1"

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_RANGE_ELSEWHERE = (32768, 65535)
"""Where the kernel does not say: covers the default of Linux and of BSD (49152 and up)."""

_LOWEST = 10_000
"""Below it many well-known services have their port, and may be started while a rehearsal runs."""


def ephemeral_range() -> tuple[int, int]:
    """First and last port the kernel hands out to outgoing connections."""
    try:
        low, high = _RANGE.read_text().split()
    except OSError:
        return _RANGE_ELSEWHERE
    return int(low), int(high)


def free_ports(count: int, *, also: str = LOOPBACK) -> list[int]:
    """Distinct ports of 127.0.0.1 that could be listened on a moment ago, below the ephemeral range.

    ``also`` is another address of this machine on which they could be, too.

    The search starts anywhere and goes round, so that two rehearsals started at once seldom meet.
    Nothing is reserved: whoever listens may still find a port taken, and should then ask again. Whoever binds
    one with ``SO_REUSEADDR`` keeps it from being found by others, and can still have it listened on.

    Raises:
        PortsError: there are fewer than ``count``.
        ValueError: ``count`` is negative.
    """
    if count < 0:
        raise ValueError(f"{count} ports cannot be asked for: the count is 0 or more")
    low, _high = ephemeral_range()
    found: list[int] = []
    if count == 0:
        return found
    for port in _round_from_anywhere(_LOWEST, low):
        if all(_can_listen(address, port) for address in {LOOPBACK, also}):
            found.append(port)
            if len(found) == count:
                return found
    raise PortsError(
        f"{count} free ports were asked for, {len(found)} found between {_LOWEST} and {low - 1}; the "
        f"ephemeral range starts at {low} ({_RANGE}): raise it with sysctl net.ipv4.ip_local_port_range"
    )


def _round_from_anywhere(first: int, end: int) -> Iterator[int]:
    size = max(0, end - first)
    start = random.randrange(size) if size else 0
    return (first + (start + step) % size for step in range(size))


def _can_listen(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
        # Without SO_REUSEADDR, though Toxiproxy itself listens with it: it would make a port seem free that
        # somebody has bound and does not listen on at the moment.
        try:
            candidate.bind((address, port))
            candidate.listen(1)
        except OSError:
            return False
    return True
