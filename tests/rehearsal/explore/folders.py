"""Run folders of probes as a country would leave them, without a country."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from rehearsal import plan as plans
from rehearsal.plan import Planned
from reports.explore.model import Doubt, Validity
from reports.journal import CALLS, RECEIVED, VISITS
from reports.journal_writer import LineWriter, StreamWriter
from reports.text import Text

T0 = 1_000 * 10**9
"""Of the monotonic clock."""


def instant(seconds: float) -> int:
    return T0 + round(seconds * 1e9)


def write_probe(
    path: Path,
    planned: Planned,
    served: Callable[[float], bool],
    *,
    breaches: Sequence[str] = (),
    proved: bool = True,
    asked: int = 2,
) -> Path:
    """A folder in which visits begun at a second are ``served`` or give up.

    Every visit asks the portal once and the population database ``asked`` times; a visit that gives up has
    its call repeated three times.
    """
    path.mkdir(parents=True)
    plans.write(planned, path)
    (path / "run.json").write_bytes(msgspec.json.encode({"t0_monotonic_ns": T0}))
    found = Validity([Doubt(name, Text(f"{name} sai.", f"{name} is broken.")) for name in breaches])
    (path / "validity.json").write_bytes(msgspec.json.encode(found))
    fault = planned.plan.faults[0]
    links = list(fault.links)
    with LineWriter(path / "events.jsonl") as events:
        events.write({"at": T0, "event": "phase", "phase": "load"})
        applied = {"at": instant(fault.start + 0.01), "event": "fault-applied", "fault": fault.name}
        events.write({**applied, "links": links, "state": {}})
        healed = {"at": instant(fault.end + 0.05), "event": "fault-healed", "fault": fault.name}
        events.write(
            {**healed, "links": links, "healed": instant(fault.end + 0.02), "proved": links if proved else []}
        )
    with (
        StreamWriter(path / "visits.0.arrows", VISITS) as visits,
        StreamWriter(path / "received.country.1.arrows", RECEIVED) as received,
        StreamWriter(path / "calls.national-portal.1.arrows", CALLS) as calls,
    ):
        for arrival, at_ns in enumerate(planned.arrivals.column("planned").to_pylist()):
            well = served(at_ns / 1e9)
            at = T0 + at_ns
            visits.append(arrival, at, at + 10**8, "finished" if well else "gave-up")
            for system in ["national-portal", *["population"] * asked]:
                received.append(system, "x", "y", at, at + 1, 0, 0, 200, "", "", "")
            for attempt in range(1, 2 if well else 5):
                link = "national-portal--population"
                calls.append(
                    "national-portal", "population", link, "citizen", attempt, at + (attempt - 1) * 10**9,
                    at + attempt * 10**9, 200 if well else 0, "" if well else "timeout", "",
                    f"{arrival:032x}", f"{arrival:08x}{attempt:08x}",
                )  # fmt: skip
    return path
