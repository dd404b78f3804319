"""This swarm beside other load generators: CPU seconds per 1,000 requests, as ratios inside one run.

``python -m bench.generators`` lets each of them send one GET of 600 bytes and one POST of 1.5 kB in a loop,
by 50 users without pauses, to the same stub, in rounds that follow each other closely: a machine whose speed
wavers disturbs all of them alike. Judged is the CPU time of the generator, what it needs to start taken off.
The rounds are kept in ``bench/results.json``, and the median one is printed as the table of the README.

This swarm runs as it does in a rehearsal: a Locust worker that plays journeys and writes a sample with all
its dimensions for every request. ``sampling_cost`` is the share of its CPU time that keeping samples takes,
measured inside one worker (:mod:`bench.sampling_worker`). k6 is built once by ``go install``; wrk comes from
the system's packages.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Any

import click

from bench import table
from bench.results import keep
from bench.swarm import CONTENT, play, stub, write_run
from scenarios.journeys.visitor import Playbook, Visitor

USERS = 50
RIVALS = Path(__file__).parent / "rivals"
K6_MODULES = ("go.k6.io/k6/v2@latest", "go.k6.io/k6@v1.8.1")
"""The newest that builds counts."""

Figures = dict[str, float]


# -- this swarm ------------------------------------------------------------------------------------


def looping(visitor: Visitor) -> None:
    """Page and submission in a loop, for as long as the arrival's subject says (seconds)."""
    ends = monotonic() + visitor.arrival.subject
    while monotonic() < ends:
        visitor.request("page", "national-portal", "GET", "/page", check=_whole)
        visitor.request("submit", "national-portal", "POST", "/dossiers", json=CONTENT)


def _whole(answer: Any) -> str | None:
    return None if len(answer.body) == 600 else "page"


PLAYBOOK = Playbook({"looping": looping}, people=lambda seed: seed)
SAMPLING_WORKER = (sys.executable, "-m", "bench.sampling_worker", "worker")


def swarm(target: str, seconds: float) -> Figures:
    """One worker, closed users: 50 visits that begin at once and loop."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_run(folder, "looping", [0] * USERS, target, subject=round(seconds))
        return play(folder, 1, "bench.generators:PLAYBOOK")


def sampling_cost(target: str, seconds: float) -> float:
    """The share of a worker's CPU time per request that is gone while it keeps no samples."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_run(folder, "looping", [0] * USERS, target, subject=round(seconds))
        play(folder, 1, "bench.generators:PLAYBOOK", SAMPLING_WORKER)
        told = json.loads((folder / "sampling.json").read_text())
    kept, forgotten = (each["cpu_seconds"] / each["requests"] for each in (told["with"], told["without"]))
    return 1 - float(forgotten / kept)


# -- the others ------------------------------------------------------------------------------------


class Rival:
    """A generator started from its command line; ``count`` reads the requests from what it printed."""

    def __init__(self, command: list[str], count: Callable[[str], int], environment: dict[str, str]) -> None:
        self.command, self._count, self._environment = command, count, environment

    def run(self) -> Figures:
        """Requests, and CPU seconds of the process and its children."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(  # noqa: S603 -- a command of this file
            self.command, capture_output=True, text=True, check=False, env={**os.environ, **self._environment}
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise click.ClickException(f"{' '.join(self.command)}: {done.stderr[-500:]}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"requests": self._count(done.stdout), "cpu_seconds": cpu}


def k6(binary: str, target: str, seconds: float) -> Rival:
    """k6 with 50 virtual users."""
    command = [binary, "run", "--quiet", "--no-usage-report", "--no-color", str(RIVALS / "k6.js")]
    environment = {"TARGET": f"http://{target}", "USERS": str(USERS), "SECONDS": f"{seconds:g}"}
    return Rival(command, _last_line, environment)


def locust(user: str, target: str, seconds: float) -> Rival:
    """Locust with 50 of its own users in one process."""
    command = [sys.executable, "-m", "locust", "-f", str(RIVALS / "locust_users.py"), user, "--headless"]
    command += ["-u", str(USERS), "-r", str(USERS), "-t", f"{seconds:g}s", "--host", f"http://{target}"]
    command += ["--json", "--only-summary", "--loglevel", "ERROR"]

    def count(printed: str) -> int:
        return sum(int(row["num_requests"]) for row in json.loads(printed[printed.index("[") :]))

    return Rival(command, count, {})


def wrk(binary: str, target: str, seconds: float) -> Rival:
    """wrk with one thread and 50 connections."""
    command = [binary, "-t1", f"-c{USERS}", f"-d{max(1, round(seconds))}s", "-s", str(RIVALS / "wrk.lua")]
    return Rival([*command, f"http://{target}"], _last_line, {})


def _last_line(printed: str) -> int:
    """Requests, where the last line that was printed says ``{"requests": ..., "errors": 0}``."""
    said = json.loads(printed.strip().splitlines()[-1])
    if said["errors"]:
        raise click.ClickException(f"{said['errors']} of {said['requests']} requests failed")
    return int(said["requests"])


def find_k6() -> str | None:
    """k6 on the PATH, or built into ``.cache/bin``; None where neither can be."""
    cache = Path(".cache/bin").resolve()
    if found := shutil.which("k6") or shutil.which("k6", path=str(cache)):
        return found
    go = shutil.which("go")
    for module in K6_MODULES if go else ():
        click.echo(f"building k6: go install {module} (a minute or two, once)", err=True)
        built = subprocess.run(  # noqa: S603 -- a command of this file
            [str(go), "install", module],
            env={**os.environ, "GOBIN": str(cache)},
            capture_output=True,
            check=False,
        )
        if built.returncode == 0:
            return str(cache / "k6")
    return None


# -- the measurement -------------------------------------------------------------------------------

Measured = Callable[[float], Figures]
"""Runs a generator for so many seconds."""


def generators(target: str) -> tuple[dict[str, Measured], dict[str, str]]:
    """Every generator that there is here, by name, and the commands of the others."""
    found: dict[str, Measured] = {"swarm": partial(swarm, target)}
    rivals: dict[str, Callable[[float], Rival]] = {
        "FastHttpUser": partial(locust, "FastUser", target),
        "HttpUser": partial(locust, "PlainUser", target),
    }
    if found_k6 := find_k6():
        rivals["k6"] = partial(k6, found_k6, target)
    if found_wrk := shutil.which("wrk"):
        rivals["wrk"] = partial(wrk, found_wrk, target)
    for name, made in rivals.items():
        found[name] = _beyond_its_start(made)
    return found, {name: shown(made(1.0).command) for name, made in rivals.items()}


def shown(command: list[str]) -> str:
    """A command as it may be written down: what it starts without its folder, files from the project's."""
    program, *words = command
    words = [word.replace(f"{Path(__file__).parents[1]}/", "") for word in words]
    return " ".join([Path(program).name, *words])


def _beyond_its_start(made: Callable[[float], Rival]) -> Measured:
    """What a longer run costs beyond a run of one second: the start of the program is in both."""

    def measured(seconds: float) -> Figures:
        short, long = made(1.0).run(), made(1.0 + seconds).run()
        return {name: long[name] - short[name] for name in short}

    return measured


def versions(k6_binary: str | None) -> dict[str, str]:
    """What was measured."""
    named = {
        name: version(name) for name in ("locust", "gevent", "geventhttpclient", "httptools", "requests")
    }
    named["python"] = sys.version.split()[0]
    if k6_binary:
        named["k6"] = _said([k6_binary, "version"])
    if binary := shutil.which("wrk"):
        named["wrk"] = _said([binary, "-v"])
    return named


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- as above
    return (done.stdout or done.stderr).splitlines()[0].strip()


@click.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--seconds", default=4.0, show_default=True, help="of each generator in each round")
def main(rounds: int, seconds: float) -> None:
    """Measure, print the table, write bench/results.json."""
    measured: dict[str, list[Figures]] = {}
    sampling: list[float] = []
    with tempfile.TemporaryDirectory() as name, stub(Path(name)) as target:
        there, commands = generators(target)
        for number in range(rounds):
            for generator, run in there.items():
                click.echo(f"round {number + 1} of {rounds}: {generator}", err=True)
                figures = run(seconds)
                figures["cpu_per_1000"] = 1000 * figures["cpu_seconds"] / figures["requests"]
                measured.setdefault(generator, []).append(figures)
            sampling.append(sampling_cost(target, 2 * seconds))
    results = summary(measured) | {"sampling_cost": round(statistics.median(sampling), 3)}
    results |= {"rounds": measured, "commands": commands, "versions": versions(find_k6())}
    keep("generators", results)
    click.echo(table.generators(results))


def summary(measured: dict[str, list[Figures]]) -> dict[str, Any]:
    """Medians per generator, and medians of the ratios that were measured within one round."""
    per_round = {name: [each["cpu_per_1000"] for each in runs] for name, runs in measured.items()}

    def ratio(other: str) -> float | None:
        if other not in per_round:
            return None
        pairs = zip(per_round[other], per_round["swarm"], strict=True)
        return round(statistics.median(theirs / ours for theirs, ours in pairs), 2)

    return {
        "swarm_vs_k6": ratio("k6"),
        "swarm_vs_fasthttp": ratio("FastHttpUser"),
        "swarm_vs_httpuser": ratio("HttpUser"),
        "swarm_vs_wrk": ratio("wrk"),
        "cpu_seconds_per_1000": {
            name: round(statistics.median(costs), 4) for name, costs in per_round.items()
        },
    }


if __name__ == "__main__":
    main()
