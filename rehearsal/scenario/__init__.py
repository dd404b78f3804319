"""Scenario files: one TOML file is one rehearsal.

==============  ======================================================================================
module          knows
==============  ======================================================================================
``section``     moments, durations, names: the values that all tables share
``shapes``      how the rate of arrivals moves within a phase
``faults``      the fault catalogue joined with links and times
``model``       the tables of the file
``checks``      rules between values
``reading``     where files are, TOML, and how a file inherits from its base
``problems``    how to say what is wrong
``loading``     all of this, from a file to a scenario
``describe``    the list of scenarios, and the JSON Schema for editors
==============  ======================================================================================
"""

from __future__ import annotations

from rehearsal.scenario.describe import Summary, json_schema, list_scenarios
from rehearsal.scenario.loading import load
from rehearsal.scenario.model import Scenario

__all__ = ["Scenario", "Summary", "json_schema", "list_scenarios", "load"]
