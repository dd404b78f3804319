"""What the national portal's mock carries in one process: requests per second, and what each costs.

``python -m bench.mocks`` starts the portal alone in one process and everything it calls in another, offers
as much as a few connections can, and prints one JSON object. Reading is the public page of a dossier;
submitting is a whole dossier that is durable before it is acknowledged, and forwarded to its province
meanwhile. Declared capacity is switched off, so what is left is the machine. Load comes from ``wrk`` where it
is on the PATH, else from a client in this process. ``cpu_ms`` is the CPU time of the portal's process divided
by the requests, forwarding included.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import click
import httpx
import msgspec
import psutil

import fixtures
from fixtures.people import Registry
from mocks.tokens import Session, Signer
from tests.mocks.country import SEED, configuration
from tests.mocks.processes import MockProcess, on_ports

PORTAL = "national-portal"
CONNECTIONS = 16
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


class Load:
    """One kind of request, as many times as possible."""

    def __init__(self, run: str, base: str, method: str, path: str, cookie: str, body: bytes) -> None:
        self.run, self.base, self.method, self.path = run, base, method, path
        self.cookie, self.body = cookie, body

    def offer(self, seconds: float, folder: Path) -> dict[str, float]:
        """Requests, seconds and errors."""
        wrk = shutil.which("wrk")
        return self._wrk(wrk, seconds, folder) if wrk else asyncio.run(self._client(seconds))

    def _wrk(self, wrk: str, seconds: float, folder: Path) -> dict[str, float]:
        body, script = folder / "body", folder / "load.lua"
        body.write_bytes(self.body)
        script.write_text(
            _SCRIPT.format(body=body, run=self.run, method=self.method, path=self.path, cookie=self.cookie)
        )
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(script), self.base]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
        result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
        return result

    async def _client(self, seconds: float) -> dict[str, float]:
        began, counts = time.monotonic(), {"requests": 0, "errors": 0}

        async def visitor(number: int, client: httpx.AsyncClient) -> None:
            while time.monotonic() - began < seconds:
                counts["requests"] += 1
                key = f"{self.run}-{number}-{counts['requests']:09d}"
                headers = {"Cookie": self.cookie, "Idempotency-Key": key}
                answer = await client.request(self.method, self.path, content=self.body, headers=headers)
                counts["errors"] += answer.status_code >= 400

        limits = httpx.Limits(max_connections=CONNECTIONS)
        async with httpx.AsyncClient(base_url=self.base, limits=limits, timeout=30) as client:
            await asyncio.gather(*(visitor(number, client) for number in range(CONNECTIONS)))
        return {**counts, "seconds": time.monotonic() - began}


def measure(load: Load, process: psutil.Process, seconds: float, folder: Path) -> dict[str, float]:
    """Requests per second, and milliseconds of the portal's CPU time per request."""
    before = process.cpu_times()
    result = load.offer(seconds, folder)
    after = process.cpu_times()
    if result["errors"] or not result["requests"]:
        raise RuntimeError(f"{load.method} {load.path}: the measurement is worth nothing: {result}")
    cpu = after.user + after.system - before.user - before.system
    return {
        "per_second": round(result["requests"] / result["seconds"], 1),
        "cpu_ms": round(1000 * cpu / result["requests"], 3),
    }


def everything(seconds: float, folder: Path) -> dict[str, Any]:
    """All figures."""
    places = on_ports(configuration(old_provinces=()))
    others = [config for name, config in places.items() if name != PORTAL]
    base = f"http://127.0.0.1:{places[PORTAL].port}"
    known = next(each for each in fixtures.carried_over(SEED) if each.province == "15")
    dossier = Registry(SEED).dossier(1, province="15", commune=fixtures.communes_of("15")[0].code)
    who = dossier.applicant
    session = Signer(PORTAL, SEED).sign(Session(who.id, who.name, time.time() + 3600))
    cookie = f"session={session}"
    with (
        MockProcess("others", folder, others),
        MockProcess(PORTAL, folder, [places[PORTAL]]) as portal,
    ):
        for file in dossier.attachments:
            httpx.post(f"{base}/api/attachments", content=file.content(), headers={"Cookie": cookie})
        process = psutil.Process(portal.pid)
        content = msgspec.json.encode({"content": dossier.content()})
        read = Load("read-0000", base, "GET", f"/api/dossiers/{known.code}", "", b"")
        submit = Load("submit-00", base, "POST", "/api/dossiers", cookie, content)
        return {
            "read": measure(read, process, seconds, folder),
            "submit": measure(submit, process, seconds, folder),
        }


@click.command()
@click.option("--seconds", default=5.0, show_default=True, help="How long each kind of request is offered.")
def main(seconds: float) -> None:
    """Measure the national portal's mock."""
    with tempfile.TemporaryDirectory() as folder:
        click.echo(json.dumps(everything(seconds, Path(folder)), indent=1))


if __name__ == "__main__":
    main()
