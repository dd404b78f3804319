"""What the mocks cost: CPU time per request of each process, at full speed, at a rate, and per dossier.

``python -m bench.mocks`` starts the national portal in one process and everything else in another, as a
rehearsal does, and prints one JSON object:

``full``   as many requests as 16 connections can ask for, declared capacity switched off: what the machine
           can do. Load comes from ``wrk`` where it is on the PATH, else from a client in this process.
``paced``  64 connections and a service time of 40 ms, so about 1,500 requests per second, as in a rehearsal:
           a process that is woken for every request pays more for it than one that never sleeps.
``life``   whole dossiers, handed in at a rate and processed to their end: forwarded through the platform of
           their province to its case system, every status synchronised back.

``cpu_ms`` is the CPU time (user and system) of a process divided by the requests, or dossiers, offered. What
is handed in while ``full`` and ``paced`` are measured is forwarded meanwhile, as far as it comes.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import click
import msgspec
import psutil

import fixtures
from fixtures.people import Registry
from mocks.capacity import Capacity, ServiceTime
from mocks.client import Client
from mocks.operator import Backlog
from mocks.tokens import Session, Signer
from tests.mocks.country import AT_ONCE, SEED, configuration
from tests.mocks.processes import MockProcess, on_ports

PORTAL, OTHERS = "national-portal", "country"
PROVINCES = tuple(province.code for province in fixtures.provinces())
PACED = Capacity(servers=1_000, service=ServiceTime("constant", 0.04), queue=1_000)
LIMIT = 30.0
_SCRIPT = """
local file = io.open("{body}", "rb")
local body = file:read("*a")
file:close()
local next_thread = 0
setup = function(thread) next_thread = next_thread + 1; thread:set("number", next_thread) end
local count = 0
request = function()
  count = count + 1
  local key = string.format("{run}-%d-%09d", number, count)
  return wrk.format("{method}", "{path}", {{ ["Cookie"] = "{cookie}", ["Idempotency-Key"] = key }}, body)
end
done = function(summary)
  local errors = summary.errors
  io.write(string.format('{{"requests": %d, "seconds": %f, "errors": %d}}\\n', summary.requests,
    summary.duration / 1e6, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass(frozen=True)
class Load:
    """One kind of request, as many times as possible."""

    run: str
    method: str
    path: str
    cookie: str = ""
    body: bytes = b""

    def offer(self, base: str, connections: int, seconds: float, folder: Path) -> dict[str, float]:
        """Requests, seconds and errors."""
        wrk = shutil.which("wrk")
        if wrk is None:
            return asyncio.run(self._client(base, connections, seconds))
        body, script = folder / "body", folder / "load.lua"
        body.write_bytes(self.body)
        script.write_text(
            _SCRIPT.format(body=body, run=self.run, method=self.method, path=self.path, cookie=self.cookie)
        )
        command = [wrk, "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "-s", str(script), base]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
        result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
        return result

    async def _client(self, base: str, connections: int, seconds: float) -> dict[str, float]:
        client, numbers, errors = Client(), count(1), 0
        began = time.monotonic()

        async def visitor() -> None:
            nonlocal errors
            while time.monotonic() - began < seconds:
                headers = {"Cookie": self.cookie, "Idempotency-Key": f"{self.run}-{next(numbers):09d}"}
                body = self.body or None
                answer = await client.exchange(self.method, base + self.path, body, headers, LIMIT)
                errors += not 200 <= answer.status < 400

        await asyncio.gather(*(visitor() for _ in range(connections)))
        await client.close()
        return {"requests": next(numbers) - 1, "seconds": time.monotonic() - began, "errors": errors}


@dataclass(frozen=True)
class Night:
    """Running mocks: the addresses of all systems, and the processes of the portal and of the others."""

    addresses: Mapping[str, str]
    processes: Mapping[str, psutil.Process]
    folder: Path

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU that each process has used."""
        times = {name: process.cpu_times() for name, process in self.processes.items()}
        return {name: spent.user + spent.system for name, spent in times.items()}

    def cost(self, before: Mapping[str, float], offered: float) -> dict[str, float]:
        """Milliseconds of CPU that each process has used since then, for each of what was offered."""
        return {name: round(1000 * (now - before[name]) / offered, 3) for name, now in self.cpu().items()}

    def measure(self, load: Load, connections: int, seconds: float) -> dict[str, Any]:
        """Requests per second, and their cost."""
        before = self.cpu()
        result = load.offer(self.addresses[PORTAL], connections, seconds, self.folder)
        if result["errors"] or not result["requests"]:
            raise RuntimeError(f"{load.method} {load.path}: the measurement is worth nothing: {result}")
        return {
            "per_second": round(result["requests"] / result["seconds"], 1),
            "cpu_ms": self.cost(before, result["requests"]),
        }


@contextmanager
def night(folder: Path, portal: Capacity) -> Iterator[Night]:
    """All systems but the old portals; the national portal with this capacity, the others with any."""
    folder.mkdir()
    configs = configuration(provinces=PROVINCES, old_provinces=(), capacities={PORTAL: portal})
    places = on_ports(configs)
    others = [config for name, config in places.items() if name != PORTAL]
    with MockProcess(OTHERS, folder, others) as country, MockProcess(PORTAL, folder, [places[PORTAL]]) as own:
        processes = {PORTAL: psutil.Process(own.pid), OTHERS: psutil.Process(country.pid)}
        addresses = {name: f"http://127.0.0.1:{config.port}" for name, config in places.items()}
        yield Night(addresses, processes, folder)


def dossier_of(number: int) -> fixtures.Dossier:
    """Dossier ``number``, of the provinces in turn."""
    province = PROVINCES[number % len(PROVINCES)]
    communes = fixtures.communes_of(province)
    return Registry(SEED).dossier(number, province=province, commune=communes[number % len(communes)].code)


def cookie_of(dossier: fixtures.Dossier) -> str:
    """The session of its applicant."""
    who = dossier.applicant
    return f"session={Signer(PORTAL, SEED).sign(Session(who.id, who.name, time.time() + 3600))}"


async def upload(there: Night, dossiers: list[fixtures.Dossier]) -> None:
    """Send the files of the dossiers, each once."""
    client = Client()
    files = {file.sha256: (file, dossier) for dossier in dossiers for file in dossier.attachments}
    for file, dossier in files.values():
        url, headers = f"{there.addresses[PORTAL]}/api/attachments", {"Cookie": cookie_of(dossier)}
        answer = await client.exchange("POST", url, file.content(), headers, LIMIT)
        if answer.status != 201:
            raise RuntimeError(f"an attachment was not taken: {answer}")
    await client.close()


def at_full_speed(seconds: float, folder: Path) -> dict[str, Any]:
    """The two ends of the scale: a page from memory, and a dossier that is on disk when acknowledged."""
    loads = requests()
    with night(folder, AT_ONCE) as there:
        asyncio.run(upload(there, [dossier_of(0)]))
        return {name: there.measure(loads[name], 16, seconds) for name in ("read", "submit")}


def at_a_rate(seconds: float, folder: Path) -> dict[str, Any]:
    """The usual requests of citizens."""
    with night(folder, PACED) as there:
        asyncio.run(upload(there, [dossier_of(0)]))
        return {name: there.measure(load, 64, seconds) for name, load in requests().items()}


def requests() -> dict[str, Load]:
    """Kinds of requests to the national portal."""
    dossier = dossier_of(0)
    cookie = cookie_of(dossier)
    known = next(each for each in fixtures.carried_over(SEED))
    unit = f"province={dossier.province}&commune={dossier.commune}"
    content = msgspec.json.encode({"content": dossier.content()})
    return {
        "page": Load("page", "GET", "/"),
        "search": Load("search", "GET", "/api/procedures?q=khai&limit=10"),
        "read": Load("read", "GET", f"/api/dossiers/{known.code}"),
        "form": Load("form", "GET", f"/api/form?procedure={dossier.procedure}&{unit}", cookie),
        "submit": Load("submit-0", "POST", "/api/dossiers", cookie, content),
    }


def lives(dossiers: int, rate: float, folder: Path) -> dict[str, Any]:
    """Whole dossiers, from submission to their last status."""
    with night(folder, AT_ONCE) as there:
        return asyncio.run(_lives(there, [dossier_of(number) for number in range(dossiers)], rate))


async def _lives(there: Night, dossiers: list[fixtures.Dossier], rate: float) -> dict[str, Any]:
    await upload(there, dossiers)
    client, before, began = Client(), there.cpu(), time.monotonic()

    async def hand_in(number: int, dossier: fixtures.Dossier) -> float:
        await asyncio.sleep(began + number / rate - time.monotonic())
        asked = time.monotonic()
        headers = {"Cookie": cookie_of(dossier), "Idempotency-Key": f"life-{number:09d}"}
        content = msgspec.json.encode({"content": dossier.content()})
        url = f"{there.addresses[PORTAL]}/api/dossiers"
        answer = await client.exchange("POST", url, content, headers, LIMIT)
        if answer.status != 201:
            raise RuntimeError(f"dossier {number} was not taken: {answer}")
        return time.monotonic() - asked

    answered = sorted(await asyncio.gather(*(hand_in(*each) for each in enumerate(dossiers))))
    offered = time.monotonic()
    while await _under_way(there, client):  # noqa: ASYNC110 - another process cannot set an event
        await asyncio.sleep(0.5)
    await client.close()
    return {
        "dossiers": len(dossiers),
        "per_second": round(len(dossiers) / (offered - began), 1),
        "submit_p50_ms": round(1000 * answered[len(answered) // 2], 1),
        "drained_after_s": round(time.monotonic() - offered, 1),
        "cpu_ms": there.cost(before, len(dossiers)),
    }


async def _under_way(there: Night, client: Client) -> bool:
    for name, address in there.addresses.items():
        if name == PORTAL or name.startswith("case-"):
            answer = await client.exchange("GET", f"{address}/-/backlog", None, {}, LIMIT)
            backlog = msgspec.json.decode(answer.body, type=Backlog)
            if backlog.undelivered or backlog.open:
                return True
    return False


@click.command()
@click.option("--seconds", default=5.0, show_default=True, help="How long each kind of request is offered.")
@click.option("--dossiers", default=600, show_default=True, help="How many live their whole life.")
@click.option("--rate", default=60.0, show_default=True, help="How many of them are handed in per second.")
def main(seconds: float, dossiers: int, rate: float) -> None:
    """Measure what the mocks cost."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = {
            "full": at_full_speed(seconds, folder / "full"),
            "paced": at_a_rate(seconds, folder / "paced"),
            "life": lives(dossiers, rate, folder / "life"),
        }
    click.echo(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
