"""The journals of a synthetic night: what its workers, its prober and three processes of mocks write."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.night import JOURNEYS, NP, PAYMENT, POPULATION, SECOND, T0, VNEID, Ints, Night, Requests, received
from bench.streams import Hex, Names, Table, streams
from reports import journal

WORKERS = 2
WORKER_NAMES = tuple(f"worker-{worker}" for worker in range(WORKERS))
MOCKS = ("mocks-national-portal", "mocks-national-systems", "mocks-provinces")

AT_ONCE = 200_000
"""Visits that are drawn and written at once."""

TICK = SECOND // 20
"""Nanoseconds between two pulses of a process."""


class Gauge:
    """How many requests are under way in a process, at each tick of its pulse."""

    def __init__(self, night: Night) -> None:
        clock = night.plan["clock"]
        due = T0 + np.arange(int(clock["start"] * SECOND), int(clock["end"] * SECOND), TICK)
        self.lag = night.rng.spawn(1)[0].exponential(5e5, len(due)).astype(np.int64)
        self.ticks = due + self.lag
        self._change = np.zeros(len(self.ticks) + 1, dtype=np.int64)

    def add(self, begun: Ints, ended: Ints) -> None:
        """Count requests in from when they began until they ended."""
        for instants, sign in ((begun, 1), (ended, -1)):
            after = np.searchsorted(self.ticks, instants)
            self._change += sign * np.bincount(after, minlength=len(self._change))

    @property
    def in_flight(self) -> Ints:
        """Requests under way at each tick."""
        return np.cumsum(self._change)[:-1]


def play(night: Night, folder: Path) -> list[int]:
    """Write the streams; how many samples each worker has."""
    country, counted = night.country, [0] * WORKERS
    operations = [*night.steps, *night.operations]
    place_of = {NP: 0, VNEID: 1, PAYMENT: 1, POPULATION: 1}
    gauges = {name: Gauge(night) for name in (*WORKER_NAMES, *MOCKS, "prober")}
    process_of = np.array([place_of.get(system, 2) for system in country.systems])
    with streams(folder) as out:
        for begin in range(0, len(night.at), AT_ONCE):
            requests = night.requests(slice(begin, begin + AT_ONCE))
            calls = night.calls(requests)
            table: Table
            for worker in range(WORKERS):
                mine = np.flatnonzero(requests.visit % WORKERS == worker)
                counted[worker] += len(mine)
                gauges[WORKER_NAMES[worker]].add(requests.sent[mine], requests.done[mine])
                table = _samples(night, requests, mine)
                out.add(f"samples.{worker}.arrows", journal.SAMPLES, table, by="done")
            sides = [received(requests, country, 0), received(calls, country, len(night.steps))]
            both = {name: np.concatenate([side[name] for side in sides]) for name in sides[0]}
            for process, name in enumerate(MOCKS):
                here = process_of[both["system"]] == process
                rows = {column: values[here] for column, values in both.items()}
                gauges[name].add(rows["at"], rows["done"])
                table = {
                    **rows,
                    "system": Names(country.systems, rows["system"]),
                    "operation": Names(operations, rows["operation"]),
                    "caller": Names(country.callers, rows["caller"]),
                    "key": "",
                    "trace": Hex(night.trace[rows["visit"]]),
                    "parent": Hex(rows["parent"]),
                }
                out.add(
                    f"received.{name.removeprefix('mocks-')}.1.arrows", journal.RECEIVED, table, by="done"
                )
            out.add("calls.national-portal.1.arrows", journal.CALLS, _calls(night, calls), by="done")
        for worker in range(WORKERS):
            out.add(f"visits.{worker}.arrows", journal.VISITS, _visits(night, worker), by="done")
        for name, gauge in gauges.items():
            life = ".1" if name in MOCKS else ""
            out.add(f"pulse.{name}{life}.arrows", journal.PULSE, _pulses(name, gauge), by="at")
        if night.plan["probes"]:
            out.add("probes.arrows", journal.PROBES, _probes(night), by="done")
    return counted


def _samples(night: Night, requests: Requests, rows: Ints) -> Table:
    visit = requests.visit[rows]
    return {
        "arrival": visit,
        "journey": Names(list(JOURNEYS), night.journey[visit]),
        "step": Names(night.steps, requests.what[rows]),
        "province": Names(night.country.provinces, night.province[visit]),
        "link": Names(night.country.links, requests.link[rows]),
        "attempt": 1,
        **{name: getattr(requests, name)[rows] for name in ("planned", "sent", "done", "status")},
        "outcome": Names(["ok", "unknown"], (requests.error[rows] > 0).astype(np.int64)),
        "error": Names(night.ERRORS, requests.error[rows]),
        "bytes_sent": 350,
        "bytes_received": 600,
        "trace": Hex(night.trace[visit]),
        "span": Hex(requests.span[rows]),
    }


def _calls(night: Night, calls: Requests) -> Table:
    country = night.country
    return {
        "caller": Names(country.callers, country.caller[calls.link]),
        "callee": Names(country.systems, country.callee[calls.link]),
        "link": Names(country.links, calls.link),
        "operation": Names(night.operations, calls.what),
        "attempt": 1,
        "at": calls.sent,
        "done": calls.done,
        "status": calls.status,
        "error": Names(night.ERRORS, calls.error),
        "key": "",
        "trace": Hex(night.trace[calls.visit]),
        "span": Hex(calls.span),
    }


def _visits(night: Night, worker: int) -> Table:
    numbers = np.arange(worker, len(night.at), WORKERS)
    return {
        "arrival": numbers,
        "at": T0 + night.at[numbers],
        "done": night.lasts[numbers],
        "end": Names(["finished"], np.zeros(len(numbers), dtype=np.int64)),
    }


def _pulses(process: str, gauge: Gauge) -> Table:
    due = gauge.ticks - gauge.lag
    return {
        "process": Names([process], np.zeros(len(due), dtype=np.int64)),
        "at": gauge.ticks,
        "loop_lag": gauge.lag,
        "thread_lag": gauge.lag // 2,
        "cpu": (due - due[0]) // 2,
        "waited": (due - due[0]) // 1000,
        "in_flight": gauge.in_flight,
        "rss": np.full(len(gauge.in_flight), 50_000_000),
    }


def _probes(night: Night) -> Table:
    clock, probes = night.plan["clock"], night.plan["probes"]
    each = [np.arange(clock["start"], clock["end"], 1 / probe["rate"]) for probe in probes]
    which = np.repeat(np.arange(len(probes)), [len(times) for times in each])
    planned = T0 + (np.concatenate(each) * SECOND).astype(np.int64)
    links = [night.country.links.index(probe["link"]) for probe in probes]
    sent = Requests.unanswered(
        which, which, np.array(links)[which], planned, planned, which.astype(np.uint64)
    )
    night.answer(sent)
    return {
        "step": Names([probe["step"] for probe in probes], which),
        "link": Names(night.country.links, sent.link),
        **{name: getattr(sent, name) for name in ("planned", "sent", "done", "status")},
        "error": Names(night.ERRORS, sent.error),
    }
