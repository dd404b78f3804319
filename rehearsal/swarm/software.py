"""What a process of the swarm runs: two hosts offer the same load only with the same software."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Mapping
from functools import cache

from rehearsal.sources import digest

PACKAGES = ("fixtures", "rehearsal", "reports", "scenarios")
"""What decides what a worker sends and writes."""


@cache
def software() -> Mapping[str, str]:
    """Versions by name. ``sources`` is the start of the SHA-256 of our own packages and the lock file."""
    return {
        "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "cutover-rehearsal": importlib.metadata.version("cutover-rehearsal"),
        "locust": importlib.metadata.version("locust"),
        "sources": digest(PACKAGES)[:12],
    }


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """What differs, for a message: ``locust 2.47.0 here, 2.40.1 there``; "" where nothing does."""
    names = sorted(ours.keys() | theirs.keys())
    return "; ".join(
        f"{name} {ours.get(name, 'none')} here, {theirs.get(name, 'none')} there"
        for name in names
        if ours.get(name) != theirs.get(name)
    )
