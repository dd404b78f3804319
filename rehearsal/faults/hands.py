"""The hands of a country that is up."""

from __future__ import annotations

from collections.abc import Mapping

from rehearsal.environment import Country
from rehearsal.faults.hand import Hand
from rehearsal.faults.processes import ProcessHand
from rehearsal.faults.switches import SwitchHand


def hands(there: Country) -> Mapping[str, Hand]:
    """Those of its systems and of their processes, by place."""
    switches = SwitchHand(there)
    processes = ProcessHand(there.processes, remind=there.remind, catch_up=switches.again)
    return {"system": switches, "process": processes}
