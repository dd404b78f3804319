"""What a load would need, from what a smaller one used: workers, processors, machines. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

UTILISATION = 0.7
"""Part of a processor's time that may be planned with: above it waiting grows out of proportion."""


@dataclass(frozen=True, slots=True)
class Needs:
    """``cores`` by part of a rehearsal, ``workers`` of the swarm, ``hosts`` of ``cores_per_host`` cores."""

    cores: Mapping[str, float]
    workers: int
    hosts: int
    cores_per_host: int


def needs(cpu_per_request: Mapping[str, float], requests_per_second: float, cores_per_host: int) -> Needs:
    """What ``requests_per_second`` through the links need.

    ``cpu_per_request`` are CPU seconds per request through the links, by part of a rehearsal, as measured.
    A part's cores are requests/s times CPU seconds per request, divided by :data:`UTILISATION`; a worker is
    one process that can use one core. Cost per request falls as load grows (an idle process is woken for
    every request, a busy one finds several), so this is an upper bound.
    """
    cores = {part: requests_per_second * cpu / UTILISATION for part, cpu in cpu_per_request.items()}
    return Needs(
        cores=cores,
        workers=max(1, math.ceil(cores.get("swarm", 0.0))),
        hosts=max(1, math.ceil(sum(cores.values()) / cores_per_host)),
        cores_per_host=cores_per_host,
    )
