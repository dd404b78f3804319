"""What became of each fault, computed from the journals: the citizens' side, the queues, the tries, the rest.

=============================  ======================================================================
:mod:`~reports.impact.felt`    from when on citizens felt it, how deep, how long until recovery
:mod:`~reports.impact.backlog` what waited because of it, and how fast that was worked off
:mod:`~reports.impact.herd`    what came at once when it was cured
:mod:`~reports.impact.retries` second tries at each hop
:mod:`~reports.impact.spread`  provinces and journeys that it should not have touched
:mod:`~reports.impact.course`  all of it second by second, for the chart
=============================  ======================================================================
"""

from __future__ import annotations

from reports.impact.backlog import Backlog, backlogs
from reports.impact.course import Course, course
from reports.impact.felt import CONSECUTIVE, Impact, impact
from reports.impact.herd import Herd, herds
from reports.impact.retries import Hop, hops, retries
from reports.impact.spread import Spread, spread
from reports.impact.touched import reached_steps, touched_steps

__all__ = [
    "CONSECUTIVE",
    "Backlog",
    "Course",
    "Herd",
    "Hop",
    "Impact",
    "Spread",
    "backlogs",
    "course",
    "herds",
    "hops",
    "impact",
    "reached_steps",
    "retries",
    "spread",
    "touched_steps",
]
