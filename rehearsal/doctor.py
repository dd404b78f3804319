"""Can this machine run a rehearsal? One finding per thing that a run needs."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from chaos.errors import ChaosError
from chaos.finding import find, silent
from chaos.ports import free_ports
from rehearsal.topology import ports_needed

LEAST_PYTHON = (3, 11)
LEAST_CPUS = 2
LEAST_MEMORY_GB = 2.0
LEAST_DISK_GB = 1.0
LEAST_FILES = 4096


Look = tuple[str, Callable[[], tuple[bool, str]]]
"""A subject, and what looks at it: whether it is well, and what was seen or how to mend it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, and what was seen or how to mend it."""

    subject: str
    well: bool
    explanation: str


def examine(toxiproxy: str | None, say: Callable[[str], None] = silent) -> list[Finding]:
    """Look at everything; a look that fails is a finding too.

    ``toxiproxy`` is the address of a server to be used; without it one is found, which may mean that it is
    fetched or built: ``say`` is told.
    """
    looks: list[Look] = [
        ("Python", _python),
        ("processors", _cpus),
        ("memory", _memory),
        ("disk", _disk),
        ("open files", _files),
        ("clock", _clock),
        ("ports", _ports),
        ("Toxiproxy", lambda: _toxiproxy(toxiproxy, say)),
    ]
    return findings(looks)


def findings(looks: Iterable[Look]) -> list[Finding]:
    """What each look found."""
    found = []
    for subject, look in looks:
        try:
            well, explanation = look()
        except (OSError, ChaosError) as error:
            well, explanation = False, str(error)
        found.append(Finding(subject, well, explanation))
    return found


def _python() -> tuple[bool, str]:
    shown = sys.version.split()[0]
    return sys.version_info >= LEAST_PYTHON, f"{shown} (needed: {'.'.join(map(str, LEAST_PYTHON))} or newer)"


def _cpus() -> tuple[bool, str]:
    count = len(os.sched_getaffinity(0))
    return count >= LEAST_CPUS, f"{count} (needed: {LEAST_CPUS} for closing-night)"


def _memory() -> tuple[bool, str]:
    free = psutil.virtual_memory().available / 2**30
    return free >= LEAST_MEMORY_GB, f"{free:.1f} GB available (needed: {LEAST_MEMORY_GB:g})"


def _disk() -> tuple[bool, str]:
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    return free >= LEAST_DISK_GB, f"{free:.1f} GB free here (needed: {LEAST_DISK_GB:g} per run)"


def _files() -> tuple[bool, str]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return hard >= LEAST_FILES, f"{hard} per process (needed: {LEAST_FILES}; raise it with ulimit -Hn)"


def _clock() -> tuple[bool, str]:
    resolution = time.get_clock_info("monotonic").resolution
    return resolution <= 1e-6, f"monotonic, resolution {resolution * 1e9:g} ns (needed: 1,000 or finer)"


def _ports() -> tuple[bool, str]:
    count = len(free_ports(ports_needed("whole")))
    return True, f"{count} free ports on loopback below the ephemeral range"


def _toxiproxy(address: str | None, say: Callable[[str], None]) -> tuple[bool, str]:
    source = find(address, say=say)
    return True, f"{source}, version {source.version or 'of the image'}"
