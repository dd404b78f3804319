"""Defects of the instrument to plant in a night: of generator, prober, clocks and the mocks' machine."""

from __future__ import annotations

from tests.reports.factory import Night, ns
from tests.reports.instruments import Instruments, Row, worker_pulses


def under_offered(run: Night) -> None:
    """Every fortieth arrival came too late and was dropped."""
    late = {row["arrival"] for row in run.arrivals if row["arrival"] % 40 == 0}
    run.samples = [row for row in run.samples if row["arrival"] not in late]

    def drop(told: Instruments) -> None:
        for row in told.visits:
            if row["arrival"] in late:
                row.update(at=row["at"] + 6_000_000_000, done=row["at"] + 6_000_000_000, end="dropped")

    run.tampered.append(drop)


def killed_worker(run: Night) -> None:
    """Worker 1 dies at T0+10 s: rows of its last second, and visits under way, die with it."""
    died, written = ns(10.0), ns(9.2)
    mine = [row for row in run.samples if row["arrival"] % 2]
    begun = [row for row in mine if row["sent"] < died]
    recorded = [row for row in begun if row["done"] < died]
    gone = {row["span"] for row in mine if row["done"] >= written}
    unsent = {row["span"] for row in mine if row["sent"] >= died}
    run.samples = [row for row in run.samples if row["span"] not in gone]
    run.received = [row for row in run.received if row["parent"] not in unsent]
    run.run["workers"][1].update(finished=False, lost_at=died)
    run.events.append({"at": ns(12.0), "event": "worker-lost", "worker": 1})

    def die(told: Instruments) -> None:
        started = sum(1 for row in told.visits if row["arrival"] % 2 and row["at"] < died)
        told.visits = [r for r in told.visits if r["arrival"] % 2 == 0 or r["done"] < written]
        told.counts[1].update(begun=len(begun), recorded=len(recorded), started=started)
        told.pulses["worker-1"] = [row for row in told.pulses["worker-1"] if row["at"] < written]

    run.tampered.append(die)


def forgotten_arrivals(run: Night) -> None:
    """Nothing is on record of worker 1's arrivals for two seconds: neither begun nor dropped."""
    gone = {r["arrival"] for r in run.arrivals if r["arrival"] % 2 and 5e9 <= r["planned"] < 7e9}
    run.samples = [row for row in run.samples if row["arrival"] not in gone]

    def forget(told: Instruments) -> None:
        told.visits = [row for row in told.visits if row["arrival"] not in gone]
        told.counts[1]["started"] -= len(gone)

    run.tampered.append(forget)


def begun_twice(run: Night) -> None:
    run.tampered.append(lambda told: told.visits.append(dict(told.visits[7])))


def lost_samples(run: Night) -> None:
    """Seventeen requests of worker 0 have no sample: three were under way, fourteen not yet written."""

    def lose(told: Instruments) -> None:
        told.counts[0]["begun"] += 17
        told.counts[0]["recorded"] += 14

    run.tampered.append(lose)


def invented_samples(run: Night) -> None:
    def invent(told: Instruments) -> None:
        told.counts[1]["begun"] -= 2
        told.counts[1]["recorded"] -= 2

    run.tampered.append(invent)


def starved_swarm(run: Night) -> None:
    """The machine has no CPU for worker 0, again and again: its thread is late as well, the kernel says
    why."""
    run.tampered.append(lambda told: _stalls(told, "worker-0", cpu=0.1, waited=0.85, thread=0.9))


def busy_swarm(run: Night) -> None:
    """Worker 0 has more work than one event loop can do; its thread waits for the interpreter lock alone."""
    run.tampered.append(lambda told: _stalls(told, "worker-0", cpu=0.98, waited=0.01, thread=0.04))


def frozen_swarm(run: Night) -> None:
    """Worker 0 is stopped for three seconds: neither loop nor thread runs, and neither asks for CPU."""
    run.tampered.append(lambda told: told.stall("worker-0", 5.0, 3.0, cpu=0.0, waited=0.0, thread=1.0))


def blocked_swarm(run: Night) -> None:
    """A call that waits holds up the event loop of worker 0."""
    run.tampered.append(lambda told: told.stall("worker-0", 5.0, 3.0, cpu=0.0, waited=0.0, thread=0.0))


def silent_swarm(run: Night) -> None:
    """Worker 0 writes no pulse for a third of the night."""

    def silence(told: Instruments) -> None:
        told.pulses["worker-0"] = [r for r in told.pulses["worker-0"] if not ns(5) < r["at"] < ns(25)]

    run.tampered.append(silence)


def starved_mocks(run: Night) -> None:
    run.tampered.append(lambda told: _stalls(told, "mocks-provinces", cpu=0.2, waited=0.75, thread=0.8))


def _stalls(told: Instruments, process: str, *, cpu: float, waited: float, thread: float) -> None:
    for at in range(2, 30, 3):
        told.stall(process, float(at), 0.6, cpu=cpu, waited=waited, thread=thread)


def prober_disagrees(run: Night) -> None:
    """The swarm adds 150 ms to every answer from T0+5 s on, the prober sees what the country does."""
    for row in run.samples:
        if row["step"] == "track" and row["sent"] > ns(5):
            row["done"] += 150_000_000


def slow_prober(run: Night) -> None:
    def hold_up(told: Instruments) -> None:
        for row in told.probes:
            row["sent"] += 200_000_000
            row["done"] += 200_000_000

    run.tampered.append(hold_up)


def prober_died(run: Night) -> None:
    run.tampered.append(lambda told: told.probes.__delitem__(slice(100, None)))


def nobody_to_compare(run: Night) -> None:
    run.plan["probes"][0]["step"] = "home"


def unmeasured_clock(run: Night) -> None:
    run.run["clocks"] = [clock for clock in run.run["clocks"] if clock["process"] != "worker-1"]


def uncertain_clock(run: Night) -> None:
    run.run["clocks"][1]["uncertainty_ns"] = 12_000_000


def drifting_clock(run: Night) -> None:
    run.run["clocks"][3]["drift_ns"] = -40_000_000


def too_short_samples(run: Night) -> None:
    """What the journal says a request took is a tenth less than it was under way."""
    seen: list[Row] = [dict(row) for row in run.samples]
    for row in run.samples:
        row["done"] -= (row["done"] - row["sent"]) // 10

    def as_it_was(told: Instruments) -> None:
        told.pulses |= worker_pulses(run, seen)

    run.tampered.append(as_it_was)


def forgetful_mocks(run: Night) -> None:
    """The mocks have a fifth more requests under way than their journals tell."""

    def more(told: Instruments) -> None:
        for row in told.pulses["mocks-national"]:
            row["in_flight"] += 1 if row["at"] % 3 else 0

    run.tampered.append(more)
