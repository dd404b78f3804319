"""The plan of a run.

:func:`make_plan` is pure: the same scenario and number of workers give the same plan and the same arrivals,
on any machine. ``plan.json`` is the plan exactly as it stands in ``records``; ``reports`` reads from it what
it needs. :func:`sentences` says in words what it will do.
"""

from rehearsal.plan.files import read, write
from rehearsal.plan.making import Planned, make_plan
from rehearsal.plan.records import Plan
from rehearsal.plan.sentences import sentences

__all__ = ["Plan", "Planned", "make_plan", "read", "sentences", "write"]
