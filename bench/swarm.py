"""What the swarm costs: CPU per request and lag at a steady rate, against a trivial server.

``python -m bench.swarm`` starts one server, one master and the workers as real processes, offers the arrivals
and prints one JSON object. The figures come from the samples and from the processes' own CPU times.
"""

from __future__ import annotations

import json
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import click
import numpy as np
import pyarrow as pa
from pyarrow import ipc

from reports.journal import ARRIVALS
from reports.journal_writer import write_table
from scenarios.journeys.visitor import Playbook, Visitor

STEPS = 6
_PAGE = b"x" * 600


async def app(scope: Any, receive: Any, send: Any) -> None:
    """The trivial server: 600 bytes for everything."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"600")]})
    await send({"type": "http.response.body", "body": _PAGE})


def six_steps(visitor: Visitor) -> None:
    """Five pages and one submission of 1.5 kB, over two links."""
    for number in range(STEPS - 2):
        visitor.request(f"page-{number}", "national-portal", "GET", "/page", check=_has_content)
        visitor.think(0.2, 0.6)
    visitor.request("sign-in", "vneid", "GET", "/authorize")
    visitor.think(0.2, 0.6)
    province = visitor.arrival.province
    intent = visitor.intent("submission", system="national-portal", province=province)
    content = {"applicant": "x" * 700, "attachments": ["y" * 350, "z" * 350]}
    visitor.request("submit", "national-portal", "POST", "/dossiers", json=content, intent=intent)


def _has_content(answer: Any) -> str | None:
    return None if answer.body else "page"


PLAYBOOK = Playbook({"six-steps": six_steps}, people=lambda seed: seed)


@click.command()
@click.option("--rate", default=200.0, show_default=True, help="arrivals per second")
@click.option("--seconds", default=15.0, show_default=True)
@click.option("--workers", default=2, show_default=True)
def main(rate: float, seconds: float, workers: int) -> None:
    """Measure and print one JSON object."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_run(folder, rate, seconds, port)
        quiet = ("--no-access-log", "--lifespan", "off")
        server = subprocess.Popen(  # noqa: S603 -- our own interpreter
            [
                sys.executable,
                "-m",
                "uvicorn",
                "bench.swarm:app",
                "--port",
                str(port),
                "--log-level",
                "error",
                *quiet,
            ]
        )
        try:
            _wait_for(port)
            figures = _play(folder, workers)
        finally:
            server.kill()
            server.wait()
        click.echo(json.dumps({"rate": rate, "workers": workers, **figures, **_judge(folder)}))


def _write_run(folder: Path, rate: float, seconds: float, port: int) -> None:
    offsets = np.cumsum(np.random.default_rng(1).exponential(1 / rate, int(rate * seconds)))
    rows: list[tuple[object, ...]] = [
        (i, int(at * 1e9), "citizen", "six-steps", "01", "00004", "01", "national-portal", i)
        for i, at in enumerate(offsets)
    ]
    write_table(folder / "arrivals.arrow", ARRIVALS, rows)
    visitors = {"think_scale": 1.0, "patience": 10.0, "retries": 1, "retry_after": 1.0}
    (folder / "plan.json").write_text(json.dumps({"scenario": {"seed": 1}, "visitors": visitors}))
    links = {f"citizens--{system}": f"127.0.0.1:{port}" for system in ("national-portal", "vneid")}
    (folder / "targets.json").write_text(json.dumps({"links": links}))


def _play(folder: Path, workers: int) -> dict[str, object]:
    swarm = [sys.executable, "-m", "rehearsal.swarm"]
    run = ["--run", str(folder), "--workers", str(workers)]
    master = subprocess.Popen(  # noqa: S603 -- our own interpreter
        [*swarm, "master", *run, "--port", "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert master.stdin  # noqa: S101 -- for the type checker: it is a pipe
    assert master.stdout  # noqa: S101 -- for the type checker: it is a pipe
    port = str(json.loads(master.stdout.readline())["port"])
    children: list[subprocess.Popen[str]] = [
        subprocess.Popen(  # noqa: S603 -- our own interpreter
            [
                *swarm,
                "worker",
                *run,
                "--index",
                str(index),
                "--port",
                port,
                "--playbook",
                "bench.swarm:PLAYBOOK",
            ],
            text=True,
        )
        for index in range(workers)
    ]
    used: list[float] = []
    for line in master.stdout:
        event = json.loads(line)
        if event["event"] == "ready":
            before = [_cpu_seconds(child.pid) for child in children]
            master.stdin.write(json.dumps({"t0_monotonic_ns": time.monotonic_ns() + 500_000_000}) + "\n")
            master.stdin.flush()
        elif event["event"] == "finished":
            used = [_cpu_seconds(child.pid) for child in children]
            break
    total = sum(after - first for after, first in zip(used, before, strict=True))
    requests = sum(worker["samples"] for worker in event["workers"])
    threading.Thread(target=master.stdout.read, daemon=True).start()
    for child in [*children, master]:
        child.wait(30)
    return {"cpu_us_per_request": round(1e6 * total / requests, 1), "cpu_seconds": round(total, 2)}


def _judge(folder: Path) -> dict[str, object]:
    tables = []
    for path in sorted(folder.glob("samples.*.arrows")):
        with pa.OSFile(str(path)) as file:
            tables.append(ipc.open_stream(file).read_all())
    samples = pa.concat_tables(tables, promote_options="default")
    planned, sent, done = (samples[name].to_numpy() for name in ("planned", "sent", "done"))
    lag, service = (sent - planned) / 1e6, (done - sent) / 1e6
    quantiles = (50, 99, 99.9)
    return {
        "requests": len(lag),
        "per_second": round(len(lag) / ((done.max() - planned.min()) / 1e9)),
        "not_ok": int((samples["error"].to_numpy(zero_copy_only=False) != "").sum()),
        "lag_ms": {f"p{q:g}": round(float(np.percentile(lag, q)), 3) for q in quantiles},
        "service_ms": {f"p{q:g}": round(float(np.percentile(service, q)), 3) for q in quantiles},
        "own_peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def _cpu_seconds(pid: int) -> float:
    """CPU time of all threads of a process, to the nanosecond (``/proc/<pid>/schedstat``, first field)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not come up")


if __name__ == "__main__":
    main()
