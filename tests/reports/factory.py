"""A small country and one night in it, written with the real writers: where every report test begins.

``night()`` plays a consistent, uneventful rehearsal in memory. A test plants its defect in the lists and
writes the folder::

    run = night()
    run.stored = [row for row in run.stored if row["record"] != lost]
    verdict = reports.build(run.write(tmp_path))
"""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from reports import journal
from reports.journal_writer import LineWriter, StreamWriter, write_table
from tests.reports.instruments import MOCKS, Instruments, Row, observe, received_by
from tests.reports.moments import T0, ns

__all__ = ["PROVINCES", "T0", "Night", "night", "ns"]

PROVINCES = {
    "01": "Hà Nội", "04": "Cao Bằng", "08": "Tuyên Quang", "11": "Điện Biên", "12": "Lai Châu",
    "14": "Sơn La", "15": "Lào Cai", "19": "Thái Nguyên", "20": "Lạng Sơn", "22": "Quảng Ninh",
    "24": "Bắc Ninh", "25": "Phú Thọ", "31": "Hải Phòng", "33": "Hưng Yên", "37": "Ninh Bình",
    "38": "Thanh Hóa", "40": "Nghệ An", "42": "Hà Tĩnh",
    "44": "Quảng Trị", "46": "Huế", "48": "Đà Nẵng", "51": "Quảng Ngãi", "52": "Gia Lai", "56": "Khánh Hòa",
    "66": "Đắk Lắk", "68": "Lâm Đồng", "75": "Đồng Nai", "79": "TP. Hồ Chí Minh", "80": "Tây Ninh",
    "82": "Đồng Tháp", "86": "Vĩnh Long", "91": "An Giang", "92": "Cần Thơ", "96": "Cà Mau",
}  # fmt: skip
FULL = "1,2,4,9,10"
NEXT = {
    1: [2, 3, 5, 7], 2: [4, 5, 6, 7, 8], 3: [], 4: [5, 6, 7, 8, 9], 5: [2, 4, 7, 8], 6: [4, 8, 9], 7: [],
    8: [4], 9: [10], 10: [],
}  # fmt: skip
"""Status → those that may follow it."""
CLOSED_PROCEDURE = "9.900091"
UNIX = 1_795_000_000
"""Unix seconds of T0."""


@dataclass
class Night:
    """The content of a run folder, as lists that a test may change before it calls :meth:`write`."""

    plan: Row
    run: Row
    rng: random.Random
    arrivals: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    samples: list[Row] = field(default_factory=list)
    intents: list[Row] = field(default_factory=list)
    received: list[Row] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)
    stored: list[Row] = field(default_factory=list)
    tampered: list[Callable[[Instruments], None]] = field(default_factory=list)
    workers: int = 2

    def write(self, folder: Path) -> Path:
        """Write the run folder and return it."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "plan.json").write_bytes(msgspec.json.encode(self.plan))
        (folder / "run.json").write_bytes(msgspec.json.encode(self.run))
        write_table(folder / "arrivals.arrow", journal.ARRIVALS, _rows(self.arrivals, journal.ARRIVALS))
        write_table(folder / "stored.arrow", journal.STORED, _rows(self.stored, journal.STORED))
        _lines(folder / "events.jsonl", self.events)
        for worker in range(self.workers):
            mine = [row for row in self.samples if row["arrival"] % self.workers == worker]
            _stream(folder / f"samples.{worker}.arrows", journal.SAMPLES, mine)
            invoked = {
                row["intent"] for row in self.intents if row.get("arrival", -1) % self.workers == worker
            }
            _lines(folder / f"intents.{worker}.jsonl", [r for r in self.intents if r["intent"] in invoked])
        for process, served in received_by(self).items():
            _stream(folder / f"received.{process.removeprefix('mocks-')}.1.arrows", journal.RECEIVED, served)
        _stream(folder / "calls.0.arrows", journal.CALLS, self.calls)
        self._write_instruments(folder)
        return folder

    def _write_instruments(self, folder: Path) -> None:
        """What the instrument says of itself, as it follows from everything else, then as it was tampered
        with."""
        told = observe(self)
        for tamper in self.tampered:
            tamper(told)
        for worker in range(self.workers):
            mine = [row for row in told.visits if row["arrival"] % self.workers == worker]
            _stream(folder / f"visits.{worker}.arrows", journal.VISITS, mine)
            counts = [told.counts[worker][name] for name in journal.COUNTS]
            content = struct.pack(f"<{len(counts)}q", *counts)
            (folder / f"counts.{worker}.i64").write_bytes(content)
        for process, rows in told.pulses.items():
            life = "" if process.startswith("worker") else ".1"
            _stream(folder / f"pulse.{process}{life}.arrows", journal.PULSE, rows)
        _stream(folder / "probes.arrows", journal.PROBES, told.probes)

    # what happens on this night

    def arrive(self, at: float, journey: str, province: str) -> tuple[int, str]:
        """One planned arrival; its number and its trace."""
        number = len(self.arrivals)
        self.arrivals.append(
            {
                "arrival": number, "planned": round(at * 1e9), "actor": "citizen", "journey": journey,
                "province": province, "commune": "00001", "old_province": province,
                "entrance": "national-portal", "subject": number,
            }
        )  # fmt: skip
        return number, f"{self.rng.getrandbits(128):032x}"

    def request(
        self, arrival: tuple[int, str], step: str, link: str, at: float, took: float, *,
        status: int = 200, outcome: str = "ok", error: str = "", reaches: bool = True,
    ) -> float:  # fmt: skip
        """One request of a citizen through a link, received at its callee; when it was done."""
        number, trace = arrival
        planned = self.arrivals[number]
        span, lag = f"{self.rng.getrandbits(64):016x}", 0.0008
        self.samples.append(
            {
                "arrival": number, "journey": planned["journey"], "step": step,
                "province": planned["province"], "link": link, "attempt": 1,
                "planned": ns(at), "sent": ns(at + lag), "done": ns(at + lag + took),
                "status": status, "outcome": outcome, "error": error,
                "bytes_sent": 900, "bytes_received": 600, "trace": trace, "span": span,
            }
        )  # fmt: skip
        if reaches:
            self._receive(link, step, at + lag, took, status or 200, trace, span)
        return at + lag + took

    def call(
        self, link: str, operation: str, at: float, took: float, trace: str, *,
        status: int = 200, error: str = "", reaches: bool = True, key: str = "",
    ) -> float:  # fmt: skip
        """One call between systems; when it was done."""
        caller, _, callee = link.partition("--")
        span = f"{self.rng.getrandbits(64):016x}"
        self.calls.append(
            {
                "caller": caller, "callee": callee, "link": link, "operation": operation, "attempt": 1,
                "at": ns(at), "done": ns(at + took), "status": status, "error": error, "key": key,
                "trace": trace, "span": span,
            }
        )  # fmt: skip
        if reaches:
            self._receive(link, operation, at, took, status or 200, trace, span)
        return at + took

    def _receive(
        self, link: str, operation: str, at: float, took: float, status: int, trace: str, span: str
    ) -> None:
        caller, _, callee = link.partition("--")
        refused = status == 503
        self.received.append(
            {
                "system": callee, "operation": operation, "caller": caller, "at": ns(at + took * 0.1),
                "done": ns(at + took * 0.9), "queued_us": 0, "service_us": 0 if refused else 4000,
                "status": status, "key": "", "trace": trace, "parent": span,
            }
        )  # fmt: skip
        counters = self.run["counters"].setdefault(
            callee, {"requests": 0, "served": 0, "refused": 0, "busy_seconds": 0.0, "queue_peak": 3}
        )
        counters["requests"] += 1
        counters["refused" if refused else "served"] += 1
        counters["busy_seconds"] += 0.0 if refused else 0.004

    def intend(
        self, kind: str, arrival: int, system: str, province: str, at: float, *, outcome: str | None,
        until: float = 0.0, status: int = 201, record: str = "", dossier: str = "", amount: int = 0,
    ) -> Row:  # fmt: skip
        """One intent with its end (``outcome`` None: it never ended)."""
        intent = f"{kind[:3]}-{len(self.intents):06d}"
        digest = hashlib.sha256(intent.encode()).hexdigest()
        invoked = {
            "event": "invoke", "intent": intent, "kind": kind, "at": ns(at), "arrival": arrival,
            "system": system, "province": province, "commune": "00001", "procedure": "1.004222",
            "dossier": dossier, "amount": amount, "digest": digest,
        }  # fmt: skip
        self.intents.append(invoked)
        if outcome is not None:
            self.intents.append(
                {
                    "event": outcome,
                    "intent": intent,
                    "at": ns(until or at),
                    "status": status,
                    "record": record,
                }
            )
        return invoked

    def store(
        self, system: str, record: str, intent: Row, at: float | None, *, kind: str = "dossier", **more: Any
    ) -> Row:
        """One record found in a store; ``at`` None: carried over."""
        row = {
            "system": system, "kind": kind, "record": record, "intent": intent["intent"],
            "dossier": record if kind == "dossier" else intent["dossier"], "province": intent["province"],
            "commune": intent["commune"], "procedure": intent["procedure"],
            "status": 10 if kind == "dossier" else 0, "history": FULL if kind == "dossier" else "",
            "digest": intent["digest"], "amount": intent["amount"], "at": 0 if at is None else ns(at),
            "stamped": 0 if at is None else round(UNIX + at), "receipt": "",
            "files": 1 if kind == "dossier" else 0,
            **more,
        }  # fmt: skip
        self.stored.append(row)
        return row


def night(*, rate: float = 40.0, seed: int = 7, start: float = -20.0, end: float = 40.0) -> Night:
    """A country that is ready: every check of its verdict is met."""
    from tests.reports.story import play

    rng = random.Random(seed)
    run = Night(plan=_plan(start, end), run=_run(), rng=rng)
    play(run, rate)
    run.plan["arrivals"]["count"] = len(run.arrivals)
    for worker in run.run["workers"]:
        worker["planned"] = sum(1 for row in run.arrivals if row["arrival"] % 2 == worker["worker"])
    return run


def _plan(start: float, end: float) -> Row:
    central = ("national-portal", "vneid", "population", "procedures", "payment")
    systems = [
        {"name": n, "kind": n, "province": "", "servers": 16, "queue": 64, "service_mean": 0.004}
        for n in central
    ]
    links = [("citizens", n) for n in ("national-portal", "vneid", "payment")]
    links += [("national-portal", n) for n in central[1:]] + [("payment", "national-portal")]
    for code in PROVINCES:
        for name, kind in (("lgsp", "lgsp"), ("case", "case-system"), ("portal", "provincial-portal")):
            systems.append(
                {"name": f"{name}-{code}", "kind": kind, "province": code, "servers": 4, "queue": 32,
                 "service_mean": 0.004}
            )  # fmt: skip
        links += [
            ("citizens", f"portal-{code}"), (f"portal-{code}", f"case-{code}"),
            ("national-portal", f"lgsp-{code}"), (f"lgsp-{code}", f"case-{code}"),
            (f"case-{code}", f"lgsp-{code}"), (f"lgsp-{code}", "national-portal"),
        ]  # fmt: skip
    return {
        "format": 1,
        "scenario": {
            "name": "cutover-night",
            "title": {"vi": "Đêm chuyển đổi 1/7", "en": "The night of 1 July"},
            "hypothesis": {
                "vi": "Khi 34 tỉnh đóng cổng, người dân vẫn nộp được hồ sơ, không hồ sơ nào bị mất.",
                "en": "When 34 provinces close their portals, citizens can still submit and nothing is "
                "lost.",
            },
            "requirements": [
                {"id": "LC-1-6", "obligation": "Close the provincial portal interface"},
                {"id": "VP318-0-2", "obligation": "Do not interrupt public services"},
                {"id": "TTG0617-III1-1", "obligation": "Inherit data; continuous receipt from 1 July"},
                {"id": "TTG96-2c-1", "obligation": "Upgrade LGSP"},
                {"id": "TTG96-1c-1", "obligation": "Publish hotlines"},
            ],
            "seed": 7, "expect": "met", "date": "2025-07-01T00:00:00+07:00",
        },
        "clock": {"start": start, "end": end, "warm_up": 2.0, "drain_limit": 20.0},
        "arrivals": {"count": 0, "sha256": "ab" * 32, "workers": 2},
        "faults": [
            _fault("lgsp-01-cut", "cut", "Mất kết nối", "Link cut", "#c62828", ["lgsp-01--case-01"], 4, 9),
            _fault("vneid-slow", "slow", "Mạng chậm", "Slow link", "#f9a825", ["citizens--vneid"], 12, 17),
            _fault(
                "payment-ack-lost", "acknowledgement-lost", "Mất phản hồi", "Acknowledgement lost", "#6a1b9a",
                ["national-portal--payment"], 22, 26,
            ),
        ],
        "slos": [
            {"name": "every-answer", "title": {"vi": "Mọi yêu cầu", "en": "Every request"}, "within": 1.0,
             "objective": 0.95},
            {"name": "submit", "title": {"vi": "Nộp hồ sơ", "en": "Submitting"},
             "journeys": ["submit-dossier"], "steps": ["submit"], "within": 1.0, "objective": 0.99},
        ],
        "validity": {
            "offered_within": 0.01, "lag_p99": 0.05, "minimum_samples": 500, "loop_lag_p99": 0.1,
            "clock_within": 0.005,
        },
        "probes": [{"step": "track", "link": "citizens--national-portal", "path": "/", "rate": 10.0}],
        "systems": systems,
        "links": [{"name": f"{a}--{b}", "caller": a, "callee": b} for a, b in links],
        "provinces": [{"code": code, "name": name} for code, name in PROVINCES.items()],
        "statuses": [
            {"code": code, "next": following, "may_end": not following} for code, following in NEXT.items()
        ],
        "closed_procedures": [CLOSED_PROCEDURE],
    }  # fmt: skip


def _fault(
    name: str, kind: str, vi: str, en: str, colour: str, links: list[str], start: float, end: float
) -> Row:
    return {
        "name": name, "kind": kind, "title": {"vi": vi, "en": en}, "colour": colour, "links": links,
        "meaning": {"vi": "Người dân có thể phải chờ.", "en": "Citizens may have to wait."},
        "start": start, "end": end, "recover_within": 5.0,
    }  # fmt: skip


def _run() -> Row:
    return {
        "format": 1, "scenario": "cutover-night", "started": "2026-11-22T06:00:00+07:00",
        "t0_monotonic_ns": T0, "t0_unix_ns": UNIX * 10**9, "ended": "completed", "reason": "",
        "toxiproxy": {"version": "2.12.0", "how": "toxiproxy-server on the PATH", "links": 212},
        "workers": [
            {"worker": number, "planned": 0, "finished": True, "host": f"host-{number}", "lost_at": 0}
            for number in range(2)
        ],
        "clocks": [
            {"process": process, "host": "host-0", "offset_ns": 3_000, "uncertainty_ns": 60_000,
             "drift_ns": 2_000, "wall_offset_ns": 4_000}
            for process in ("worker-0", "worker-1", *MOCKS)
        ],
        "drained": True, "drain_seconds": 3.2, "backlog": {}, "counters": {},
        "machine": {"cpus": 2, "memory_gb": 7.8, "platform": "Linux x86_64", "python": "3.11.9"},
        "versions": {"locust": "2.47.0", "pandas": "3.1.1", "pyarrow": "26.0.1"},
    }  # fmt: skip


def _rows(rows: list[Row], schema: pa.Schema) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in schema.names) for row in rows]


def _stream(path: Path, schema: pa.Schema, rows: list[Row]) -> None:
    with StreamWriter(path, schema, {"by": "factory"}) as writer:
        for number, values in enumerate(_rows(rows, schema)):
            writer.append(*values)
            if number % 250 == 249:
                writer.flush()


def _lines(path: Path, records: list[Row]) -> None:
    with LineWriter(path) as writer:
        for record in records:
            writer.write(record)
