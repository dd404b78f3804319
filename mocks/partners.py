"""Whom a case system tells what becomes of its dossiers: registers, and those that hear of every status.

Each partner is one small class (:mod:`mocks.partner`) and one line in ``REGISTERS``
(:mod:`mocks.partners_registers`) or ``FEEDS`` (:mod:`mocks.partners_feeds`).
"""

from __future__ import annotations

from mocks.partner import Factory, Partner
from mocks.partners_feeds import FEEDS
from mocks.partners_registers import REGISTERS
from mocks.system import System

FACTORIES: tuple[Factory, ...] = (*REGISTERS, *FEEDS)


def partners(system: System) -> list[Partner]:
    """The partners of a system: those whose destinations are its peers."""
    made = (factory(system) for factory in FACTORIES)
    return [partner for partner in made if partner is not None]
