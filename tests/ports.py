"""Ports that a test may give back and take again: no other process finds them free in between."""

from __future__ import annotations

import socket

from chaos.ports import LOOPBACK, free_ports

_HELD: list[socket.socket] = []
"""Bound and not listening, until this process ends: whoever takes over an address may listen there still."""


def held_ports(count: int) -> list[int]:
    """As :func:`chaos.ports.free_ports`, and they stay this process's own."""
    ports = free_ports(count)
    for port in ports:
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((LOOPBACK, port))
        _HELD.append(held)
    return ports
