"""Which process of mocks serves which systems, by its journals."""

from __future__ import annotations

from reports import journal
from reports.evidence import Evidence
from reports.journal_reader import Batches


def systems_of_processes(evidence: Evidence) -> dict[str, set[str]]:
    """Process of mocks, as its pulse names it → the systems that it serves in any of its lives."""
    return evidence.once("systems of processes", lambda: _systems_of_processes(evidence))


def _systems_of_processes(evidence: Evidence) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in sorted(evidence.run.path.glob("received.*.arrows")):
        systems = found.setdefault(f"mocks-{path.name.split('.')[1]}", set())
        for batch in Batches(path, journal.RECEIVED):
            systems.update(batch.column("system").unique().to_pylist())  # its dictionary may hold more
    return found
