"""What citizens and officials do, one journey per file."""

from scenarios.journeys.registry import ACTORS, JOURNEYS, Actor, Journey, names, steps

__all__ = ["ACTORS", "JOURNEYS", "Actor", "Journey", "names", "steps"]
