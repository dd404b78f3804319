"""What the swarm costs: CPU per request and lag at a steady rate, against a stub that answers at once.

``python -m bench.swarm`` starts one stub, one master and the workers as real processes, offers the arrivals
and prints one JSON object. The figures come from the samples and from the processes' own CPU times.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import numpy as np
import pyarrow as pa

from reports.journal import ARRIVALS, SAMPLES
from reports.journal_reader import read_stream
from reports.journal_writer import write_table
from scenarios.journeys.visitor import Playbook, Visitor

STEPS = 6
WORKER = (sys.executable, "-m", "rehearsal.swarm", "worker")
CONTENT = {"applicant": "x" * 700, "attachments": ["y" * 350, "z" * 350]}


def six_steps(visitor: Visitor) -> None:
    """Five pages and one submission of 1.5 kB, over two links."""
    for number in range(STEPS - 2):
        visitor.request(f"page-{number}", "national-portal", "GET", "/page", check=_has_content)
        visitor.think(0.2, 0.6)
    visitor.request("sign-in", "vneid", "GET", "/authorize")
    visitor.think(0.2, 0.6)
    province = visitor.arrival.province
    intent = visitor.intent("submission", system="national-portal", province=province)
    visitor.request("submit", "national-portal", "POST", "/dossiers", json=CONTENT, intent=intent)


def _has_content(answer: Any) -> str | None:
    return None if answer.body else "page"


PLAYBOOK = Playbook({"six-steps": six_steps}, people=lambda seed: seed)


@click.command()
@click.option("--rate", default=200.0, show_default=True, help="arrivals per second")
@click.option("--seconds", default=15.0, show_default=True)
@click.option("--workers", default=2, show_default=True)
def main(rate: float, seconds: float, workers: int) -> None:
    """Measure and print one JSON object."""
    offsets = np.cumsum(np.random.default_rng(1).exponential(1 / rate, int(rate * seconds)))
    with tempfile.TemporaryDirectory() as name, stub(Path(name)) as target:
        folder = Path(name)
        write_run(folder, "six-steps", [int(at * 1e9) for at in offsets], target)
        figures = play(folder, workers, "bench.swarm:PLAYBOOK")
        click.echo(json.dumps({"rate": rate, "workers": workers, **figures, **_judged(folder)}, indent=1))


@contextmanager
def stub(folder: Path) -> Iterator[str]:
    """A server that answers 600 bytes to everything, at once; gives its address."""
    command = [sys.executable, "-m", "rehearsal.calibration.stub", "--journal", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own module
        try:
            assert process.stdout  # noqa: S101 -- for the type checker: it is a pipe
            yield f"127.0.0.1:{json.loads(process.stdout.readline())['port']}"
        finally:
            process.terminate()


def write_run(folder: Path, journey: str, planned_ns: Sequence[int], target: str, subject: int = 0) -> None:
    """A run folder with these arrivals, as a conductor leaves it for the swarm."""
    rows: list[tuple[object, ...]] = [
        (i, at, "citizen", journey, "01", "00004", "01", "national-portal", subject)
        for i, at in enumerate(planned_ns)
    ]
    write_table(folder / "arrivals.arrow", ARRIVALS, rows)
    visitors = {"think_scale": 1.0, "patience": 10.0, "retries": 1, "retry_after": 1.0}
    (folder / "plan.json").write_text(json.dumps({"scenario": {"seed": 1}, "visitors": visitors}))
    links = {f"citizens--{system}": target for system in ("national-portal", "vneid")}
    (folder / "targets.json").write_text(json.dumps({"links": links}))


def play(
    folder: Path, workers: int, playbook: str, worker_command: Sequence[str] = WORKER
) -> dict[str, float]:
    """Play the arrivals: requests, and CPU seconds of the workers while they played."""
    run = ["--run", str(folder), "--workers", str(workers)]
    master = subprocess.Popen(  # noqa: S603 -- our own interpreter
        [sys.executable, "-m", "rehearsal.swarm", "master", *run, "--port", "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert master.stdin  # noqa: S101 -- for the type checker: it is a pipe
    assert master.stdout  # noqa: S101 -- for the type checker: it is a pipe
    port = str(json.loads(master.stdout.readline())["port"])
    children: list[subprocess.Popen[Any]] = [
        subprocess.Popen(  # noqa: S603 -- our own interpreter
            [*worker_command, *run, "--index", str(index), "--port", port, "--playbook", playbook]
        )
        for index in range(workers)
    ]
    finished: dict[str, Any] = {}
    before = used = [0.0]
    for line in master.stdout:
        event = json.loads(line)
        if event["event"] == "ready":
            before = [cpu_seconds(child.pid) for child in children]
            master.stdin.write(json.dumps({"t0_monotonic_ns": time.monotonic_ns() + 500_000_000}) + "\n")
            master.stdin.flush()
        elif event["event"] == "finished":
            used = [cpu_seconds(child.pid) for child in children]
            finished = event
            break
    threading.Thread(target=master.stdout.read, daemon=True).start()
    for process in (*children, master):
        process.wait(30)
    total = sum(after - first for after, first in zip(used, before, strict=True))
    requests = sum(worker["samples"] for worker in finished["workers"])
    return {
        "requests": requests,
        "cpu_seconds": round(total, 3),
        "cpu_us_per_request": round(1e6 * total / requests, 2),
    }


def _judged(folder: Path) -> dict[str, object]:
    tables = [read_stream(path, SAMPLES)[0] for path in sorted(folder.glob("samples.*.arrows"))]
    samples = pa.concat_tables(tables).unify_dictionaries()
    planned, sent, done = (samples[name].to_numpy() for name in ("planned", "sent", "done"))
    quantiles = (50, 99, 99.9)

    def milliseconds(nanoseconds: Any) -> dict[str, float]:
        return {f"p{q:g}": round(float(np.percentile(nanoseconds, q)) / 1e6, 3) for q in quantiles}

    return {
        "per_second": round(len(sent) / ((done.max() - planned.min()) / 1e9)),
        "not_ok": int((samples["error"].to_numpy(zero_copy_only=False) != "").sum()),
        "lag_ms": milliseconds(sent - planned),
        "service_ms": milliseconds(done - sent),
    }


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of a process, to the nanosecond (``/proc/<pid>/schedstat``, first field)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


if __name__ == "__main__":
    main()
