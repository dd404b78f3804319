"""What master and workers say to each other over Locust's own channel, besides Locust's own words."""

from __future__ import annotations

JOINED = "swarm-joined"
"""Worker to master: it is connected and has read its share. When all have joined, Locust places the users."""

READY = "swarm-ready"
"""Worker to master: it waits for the clock; ``{"worker": number, "planned": arrivals of its share}``."""

CLOCK = "swarm-clock"
"""Master to workers: ``{"t0_monotonic_ns": T0 on the clock of the host}``; the arrivals begin."""

STOP = "swarm-stop"
"""Master to workers: cut the journeys under way, write everything, report."""

FINISHED = "swarm-finished"
"""Worker to master: its last :class:`~rehearsal.swarm.progress.Progress`; its files are closed."""

FAILED = "swarm-failed"
"""Worker to master: ``{"worker": number, "reason": why it cannot go on}``; FINISHED follows."""

REPORT = "swarm"
"""The key of the :class:`~rehearsal.swarm.progress.Progress` in Locust's report from worker to master."""
