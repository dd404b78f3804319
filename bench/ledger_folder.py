"""Writes the ledger's half of a run folder of any size, with violations planted in it.

``python -m bench.ledger_folder FOLDER --entries 1000000`` prints how many break each rule. Half of the
entries are lines of intents, half are stored records; one in five intents is a payment, one dossier in nine
was carried over. Nothing is kept in memory but the chunk that is being written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
import msgspec
import pyarrow as pa
from pyarrow import ipc

from bench.night import NP, PAYMENT, PORTAL, SECOND, T0
from bench.night_folder import stretched_plan
from reports import journal

Row = dict[str, Any]

WORKERS = 2
AT_ONCE = 50_000
UNIX = 1_795_000_000
"""Unix seconds of T0."""
LASTS = 3600
FEE = 10_000
FULL = "1,2,4,9,10"


class Dossier:
    """One dossier and its payment: the lines and records that a country without defects leaves of it."""

    def __init__(self, number: int, province: str, other: str, *, paid: bool) -> None:
        at = T0 + SECOND + number % LASTS * SECOND
        self.code = f"G22.99-20261122-{number:09d}"
        self.other = f"case-{other}"
        about = {
            "at": at, "arrival": number, "system": NP, "province": province, "commune": "00001",
            "procedure": "1.004222", "amount": FEE,
        }  # fmt: skip
        self.intent: Row = {**about, "event": "invoke", "intent": f"a{number:031x}", "kind": "submission",
                       "dossier": "", "digest": f"{number:064x}"}  # fmt: skip
        self.end: Row = {"event": "ok", "intent": self.intent["intent"], "at": at + SECOND, "status": 201,
                    "record": self.code}  # fmt: skip
        charge = f"CH-{number:020d}" if paid else ""
        held: Row = {
            "system": NP, "kind": "dossier", "record": self.code, "intent": self.intent["intent"],
            "dossier": self.code, "province": province, "commune": "00001", "procedure": "1.004222",
            "status": 10, "history": FULL, "digest": self.intent["digest"], "amount": 0, "at": at + SECOND,
            "stamped": UNIX + (at + SECOND - T0) // SECOND, "receipt": charge, "files": 1,
        }  # fmt: skip
        self.lines = [self.intent, self.end]
        self.portal: Row = held
        self.case: Row = {**held, "system": f"case-{province}", "receipt": ""}
        self.records = [self.portal, self.case]
        if paid:
            self.payment = {**about, "event": "invoke", "intent": f"b{number:031x}", "kind": "payment",
                            "dossier": self.code, "digest": ""}  # fmt: skip
            self.paid = {**self.end, "intent": self.payment["intent"], "record": charge}
            self.charge = {**held, "system": PAYMENT, "kind": "charge", "record": charge, "status": 0,
                           "intent": self.payment["intent"], "history": "", "digest": "", "amount": FEE,
                           "receipt": "", "files": 0}  # fmt: skip
            self.lines += [self.payment, self.paid]
            self.records.append(self.charge)


def _closed_portal(each: Dossier) -> None:
    each.records.append({**each.case, "system": f"{PORTAL}-{each.case['province']}"})


def _unknown_twice(each: Dossier) -> None:
    each.end.update(event="unknown")
    each.records.append({**each.case})


def _codes_shared(each: Dossier) -> None:
    """The portal gives the code to a second submission too, whose citizen never hears of it."""
    second = {"intent": f"c{each.code}"}
    each.lines += [each.intent | second, each.end | second | {"event": "unknown", "record": ""}]
    each.records.append(each.portal | second)


PLANTED: dict[str, tuple[Callable[[Dossier], object], tuple[str, ...]]] = {
    # rule: how a dossier is made to break it, and what else that breaks
    "lost": (lambda each: each.records.clear(), ()),
    "undelivered": (lambda each: each.records.remove(each.case), ()),
    "unsynchronised": (lambda each: each.portal.update(history="1,2,4", status=4), ()),
    "duplicated": (lambda each: each.records.append({**each.case, "record": each.code + "-2"}), ()),
    "invented": (
        lambda each: each.records.append({**each.case, "record": each.code + "-2", "intent": ""}),
        (),
    ),
    "misrouted": (lambda each: each.case.update(system=each.other), ()),
    "altered": (lambda each: each.case.update(digest="0" * 63 + "x"), ()),
    "files-missing": (lambda each: each.case.update(files=0), ()),
    "units-altered": (lambda each: each.case.update(commune="99999"), ()),
    "statuses-backwards": (lambda each: each.case.update(history="1,2,4,2,4,9,10"), ()),
    "statuses-skipped": (lambda each: each.case.update(history="1,4,9,10"), ()),
    "calendars-off": (lambda each: each.case.update(stamped=each.case["stamped"] + 120), ()),
    "closed-portal-stored": (_closed_portal, ()),
    "failed-but-stored": (lambda each: each.end.update(event="failed", status=503, record=""), ()),
    "unknown-twice": (_unknown_twice, ("duplicated",)),
    "codes-shared": (_codes_shared, ("undelivered",)),
    "charges-doubled": (lambda each: each.records.append({**each.charge, "record": each.code}), ()),
    "charges-orphaned": (
        lambda each: each.charge.update(dossier=f"{each.code}-gone"),
        ("charges-misposted", "charges-unfounded"),
    ),
    "charges-uncaptured": (lambda each: each.records.remove(each.charge), ("charges-unfounded",)),
    "charges-misstated": (lambda each: each.charge.update(amount=FEE + 1), ()),
    "charges-hidden": (lambda each: each.portal.update(receipt=""), ()),
    "charges-unacknowledged": (lambda each: each.paid.update(event="unknown", record=""), ()),
}


class Country:
    """How many dossiers of each sort make so many entries."""

    def __init__(self, plan: Row, entries: int) -> None:
        self._provinces = [province["code"] for province in plan["provinces"]]
        self.payments = entries // 20
        self.submissions = entries // 4 - self.payments
        self.carried = self.payments // 2
        self.each = max(1, min(200, self.payments // (2 * len(PLANTED))))

    def dossier(self, number: int) -> Dossier:
        """The dossier of this number, with what is planted in it."""
        kind = list(PLANTED)[number // self.each] if number < self.each * len(PLANTED) else ""
        here, there = (self._provinces[(number + step) % len(self._provinces)] for step in (0, 1))
        paid = kind.startswith("charges-") or (not kind and number >= self.submissions - self.payments)
        made = Dossier(number, here, there, paid=paid)
        if kind:
            PLANTED[kind][0](made)
        return made

    def carried_over(self, number: int) -> list[Row]:
        """The two records of a dossier of before the run; of the last few only one is left."""
        made = Dossier(number, self._provinces[number % len(self._provinces)], "", paid=False)
        old = {
            "record": f"old-{number:09d}",
            "dossier": f"old-{number:09d}",
            "intent": "",
            "at": 0,
            "stamped": 0,
        }
        both = [{**row, **old, "history": "1,2,4", "status": 4} for row in made.records]
        return both[: 1 if number < self.each else 2]

    def broken(self) -> dict[str, int]:
        """Rule → how many break it."""
        found = dict.fromkeys(PLANTED, self.each) | {"carried-over-missing": self.each}
        for _, follow in PLANTED.values():
            for name in follow:
                found[name] = found.get(name, 0) + self.each
        return found


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--entries", default=100_000, show_default=True, type=click.IntRange(min=10_000))
def main(folder: Path, *, entries: int) -> None:
    """Write about so many lines and records into FOLDER."""
    folder.mkdir(parents=True)
    plan = stretched_plan(LASTS + 60.0, 0)
    country = Country(plan, entries)
    (folder / "plan.json").write_bytes(msgspec.json.encode(plan))
    record = {"format": 1, "scenario": plan["scenario"]["name"], "ended": "completed", "drained": True}
    instants = {"t0_monotonic_ns": T0, "t0_unix_ns": UNIX * SECOND}
    (folder / "run.json").write_bytes(msgspec.json.encode(record | instants))
    _write(country, folder)
    click.echo(msgspec.json.encode(country.broken()).decode())


def _write(country: Country, folder: Path) -> None:
    encode = msgspec.json.Encoder().encode_lines
    files = [(folder / f"intents.{worker}.jsonl").open("wb") for worker in range(WORKERS)]
    with ipc.new_file(folder / "stored.arrow", journal.STORED) as writer:
        for begin in range(0, country.submissions, AT_ONCE):
            made = [country.dossier(n) for n in range(begin, min(begin + AT_ONCE, country.submissions))]
            file = files[begin // AT_ONCE % WORKERS]
            file.write(encode([line for each in made for line in each.lines]))
            writer.write_batch(_batch(row for each in made for row in each.records))
        for begin in range(0, country.carried, AT_ONCE):
            numbers = range(begin, min(begin + AT_ONCE, country.carried))
            writer.write_batch(_batch(row for number in numbers for row in country.carried_over(number)))
    for file in files:
        file.close()


def _batch(rows: Iterable[Row]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(rows), journal.STORED)


if __name__ == "__main__":
    main()
