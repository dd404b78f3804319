"""Writes a synthetic night as a run folder, as its conductor, workers, prober and mocks would have left it.

``python -m bench.night_folder FOLDER --samples 1000000``
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import click
import msgspec
import numpy as np
import pyarrow as pa
from pyarrow import ipc

from bench.night import JOURNEYS, NP, PAYMENT, PORTAL, SECOND, T0, Night
from bench.night_journals import MOCKS, WORKER_NAMES, WORKERS, play
from rehearsal.plan import make_plan
from rehearsal.scenario import load
from reports import journal
from reports.journal_writer import LineWriter, write_table

Row = dict[str, Any]

RATE, SHORTEST = 3000, 150.0
"""Samples per second to which the plan's clock is stretched, and the seconds that it has at least."""

FILES = sum(step == "attach" for step, _ in JOURNEYS["submit-dossier"][1])
"""Files of each dossier."""

PER_VISIT = sum(share * len(steps) for share, steps in JOURNEYS.values())


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--samples", default=100_000, show_default=True, type=click.IntRange(min=1000))
@click.option("--seed", default=1, show_default=True)
def main(folder: Path, *, samples: int, seed: int) -> None:
    """Write a run of about so many samples into FOLDER."""
    folder.mkdir(parents=True)
    visits = round(samples / PER_VISIT)
    plan = stretched_plan(max(SHORTEST, samples / RATE), visits)
    night = Night(plan, visits, seed)
    counted = play(night, folder)
    (folder / "plan.json").write_bytes(msgspec.json.encode(plan))
    (folder / "run.json").write_bytes(msgspec.json.encode(_record(night)))
    _arrivals(night, folder)
    _ledger(night, folder)
    _events(night, folder)
    for worker, requests in enumerate(counted):
        started = len(range(worker, visits, WORKERS))
        counts = (requests, requests, started, 0, started, T0 + int(plan["clock"]["end"] * SECOND))
        (folder / f"counts.{worker}.i64").write_bytes(struct.pack(f"<{len(journal.COUNTS)}q", *counts))
    click.echo(sum(counted))


def stretched_plan(seconds: float, visits: int) -> dict[str, Any]:
    """The plan of ``closing-night``, all its times multiplied so that it takes so many seconds."""
    made = make_plan(load("closing-night"), WORKERS).plan
    plan: dict[str, Any] = msgspec.json.decode(made.to_json())
    clock = plan["clock"]
    factor = seconds / (clock["end"] - clock["start"])
    for times in (clock, *plan["faults"]):
        for name in ("start", "end", "warm_up"):
            if name in times:
                times[name] *= factor
    plan["arrivals"] |= {"count": visits, "workers": WORKERS}
    return plan


def _record(night: Night) -> dict[str, Any]:
    shares = [len(range(worker, len(night.at), WORKERS)) for worker in range(WORKERS)]
    return {
        "format": 1, "scenario": night.plan["scenario"]["name"], "t0_monotonic_ns": T0, "ended": "completed",
        "started": "2026-01-01T00:00:00+07:00", "drained": True, "drain_seconds": 1.0,
        "workers": [
            {"worker": worker, "planned": share, "finished": True} for worker, share in enumerate(shares)
        ],
        "clocks": [
            {"process": name, "host": "bench", "offset_ns": 0, "uncertainty_ns": 1000}
            for name in (*WORKER_NAMES, *MOCKS, "prober")
        ],
    }  # fmt: skip


def _arrivals(night: Night, folder: Path) -> None:
    count, codes = len(night.at), pa.array(night.country.provinces, pa.string())
    province = codes.take(pa.array(night.province))
    columns = [
        pa.array(np.arange(count, dtype=np.int32)),
        pa.array(night.at),
        pa.repeat("citizen", count),
        pa.array(list(JOURNEYS), pa.string()).take(pa.array(night.journey)),
        province,
        pa.repeat("00001", count),
        province,
        pa.repeat(NP, count),
        pa.array(np.arange(count, dtype=np.int32)),
    ]
    table = pa.table(columns, schema=journal.ARRIVALS)
    with ipc.new_file(folder / "arrivals.arrow", journal.ARRIVALS) as writer:
        writer.write_table(table)


def _ledger(night: Night, folder: Path) -> None:
    """Every submission and payment: meant, answered, and stored where it must be."""
    stored: list[tuple[object, ...]] = []
    lines = [LineWriter(folder / f"intents.{worker}.jsonl") for worker in range(WORKERS)]
    journeys = list(JOURNEYS)
    meant = {
        journeys.index("submit-dossier"): ["submission"],
        journeys.index("submit-and-pay"): ["submission", "payment"],
        journeys.index("old-bookmark"): ["refused"],
    }
    for number in np.flatnonzero(np.isin(night.journey, list(meant))).tolist():
        kinds = meant[int(night.journey[number])]
        for kind in kinds:
            invoked, ended, records = _intent(night, number, kind, "payment" in kinds)
            lines[number % WORKERS].write(invoked)
            lines[number % WORKERS].write(ended)
            stored.extend(records)
    for writer in lines:
        writer.close()
    write_table(folder / "stored.arrow", journal.STORED, stored)


def _intent(night: Night, number: int, kind: str, paid: bool) -> tuple[Row, Row, list[tuple[object, ...]]]:
    """Its two lines, and its records in the stores."""
    province, at = night.country.provinces[night.province[number]], T0 + int(night.at[number])
    intent, dossier, digest = f"{kind[0]}{number:031x}", f"G22.99-20261122-{number:07d}", f"{number:064x}"
    where = {"province": province, "commune": "00001", "procedure": "1.004222"}
    invoked: Row = {
        "event": "invoke", "intent": intent, "kind": "submission", "at": at, "arrival": number, "system": NP,
        "dossier": "", "amount": 0, "digest": digest, **where,
    }  # fmt: skip
    ended: Row = {"event": "ok", "intent": intent, "at": at + SECOND, "status": 201, "record": dossier}
    systems: tuple[str, ...] = (NP, f"case-{province}")
    state = (10, "1,2,4,9,10")
    if kind == "refused":
        invoked["system"] = f"{PORTAL}-{province}"
        return invoked, ended | {"event": "failed", "status": 410, "record": ""}, []
    if kind == "payment":
        invoked |= {"kind": kind, "dossier": dossier, "amount": 10_000}
        ended["record"] = f"CH-{number:020d}"
        systems, state = (PAYMENT,), (0, "")
    kept = "charge" if kind == "payment" else "dossier"
    known = (kept, ended["record"], intent, dossier, *where.values(), *state, digest, invoked["amount"])
    receipt, files = f"CH-{number:020d}" if paid else "", FILES if kept == "dossier" else 0
    more = [(receipt if system == NP else "", files) for system in systems]
    stored = [(system, *known, at + SECOND, 0, *last) for system, last in zip(systems, more, strict=True)]
    return invoked, ended, stored


def _events(night: Night, folder: Path) -> None:
    with LineWriter(folder / "events.jsonl") as writer:
        for fault in night.plan["faults"]:
            about = {"fault": fault["name"], "links": fault["links"]}
            start, end = (T0 + int(fault[edge] * SECOND) for edge in ("start", "end"))
            writer.write({"at": start, "event": "fault-applied", **about})
            writer.write({"at": end, "event": "fault-healed", "proved": fault["links"], **about})
        after = T0 + int(night.plan["clock"]["end"] * SECOND)
        for phase in ("heal", "drain", "read-stores", "done"):
            writer.write({"at": after, "event": "phase", "phase": phase})


if __name__ == "__main__":
    main()
