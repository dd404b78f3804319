"""People who answer calls, and callers who do not wait for ever: the Erlang-A queue in virtual time.

A caller has a patience; whoever is not answered by then hangs up. Because calls are answered in order, the
wait of a call is known when it comes: until the first of ``number`` agents has finished with everybody ahead
who does not hang up. A caller whose patience ends sooner takes no agent's time. With Poisson arrivals and
exponential talks and patience this is the model M/M/c+M (C. Palm, "Research on telephone traffic carried by
full availability groups", 1957; O. Garnett, A. Mandelbaum and M. Reiman, "Designing a call center with
impatient customers", 2002).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attempt:
    """What becomes of one call: answered after ``waits`` seconds, or given up after them."""

    answered: bool
    waits: float


@dataclass(slots=True)
class Agents:
    """The agents of one number; instants are seconds on the caller's clock, and must not go back."""

    number: int
    _free: list[float] = field(default_factory=list)  # heap: when each agent who ever talked is free

    def call(self, now: float, patience: float, talk: float) -> Attempt:
        """Take a call that comes at ``now``; ``talk`` is how many seconds it will last once answered."""
        begin = now if len(self._free) < self.number else max(now, self._free[0])
        if begin - now > patience:
            return Attempt(False, patience)
        if len(self._free) < self.number:
            heapq.heappush(self._free, begin + talk)
        else:
            heapq.heapreplace(self._free, begin + talk)
        return Attempt(True, begin - now)
