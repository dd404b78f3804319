"""What converting and reconciling cost: seconds and memory, each in a process of its own on one core.

``python -m bench.conversion --dossiers 1000000`` makes source and target with faults of every kind planted,
reconciles them, and prints one JSON object: wall and CPU seconds and peak memory of both, and whether the
reconciliation found what was planted and no more.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--dossiers", default=1_000_000, show_default=True)
@click.option("--each", default=20, show_default=True, help="Faults of each kind.")
@click.option("--seed", default=1, show_default=True)
@click.option("--below", type=click.Path(exists=True, path_type=Path), help="Where to write them meanwhile.")
@click.option("--core", default=0, show_default=True, help="The core to work on.")
@click.pass_context
def main(
    context: click.Context, *, dossiers: int, each: int, seed: int, below: Path | None, core: int
) -> None:
    """Make, reconcile, delete."""
    if context.invoked_subcommand:
        return
    with tempfile.TemporaryDirectory(dir=below) as folder:
        numbers = ["--dossiers", str(dossiers), "--each", str(each), "--seed", str(seed)]
        made = _run("make", folder, *numbers, "--core", str(core))
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        told = _run("reconcile", folder, "--core", str(core))
    click.echo(json.dumps({"files_mb": round(size / 1e6), "make": made, "reconcile": told}, indent=1))


@main.command(hidden=True)
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--dossiers", default=1_000_000)
@click.option("--each", default=20)
@click.option("--seed", default=1)
@click.option("--core", default=0)
def make(folder: Path, *, dossiers: int, each: int, seed: int, core: int) -> None:
    """Write source and target into FOLDER."""
    _measured(lambda: made(folder, dossiers, each, seed), core)


@main.command(hidden=True)
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--core", default=0)
def reconcile(folder: Path, *, core: int) -> None:
    """Reconcile what is in FOLDER and write the report."""
    _measured(lambda: reconciled(folder), core)


def made(folder: Path, dossiers: int, each: int, seed: int) -> dict[str, object]:
    """Source, rule, target and ``planted.json``; how many faults were planted."""
    from fixtures.reference.provinces import old_provinces
    from rehearsal.conversion.faults import KINDS_PLANTED, Planting
    from rehearsal.conversion.making import make_both, make_rule

    old = list(old_provinces())
    planting = Planting(dict.fromkeys(KINDS_PLANTED, each), sorted({one.successor for one in old}), seed)
    planted = make_both(folder, old, dossiers, seed, planting)
    make_rule(folder, old)
    (folder / "planted.json").write_bytes(msgspec.json.encode(planted))
    return {"dossiers": dossiers, "kinds": len({one.kind for one in planted}), "planted": len(planted)}


def reconciled(folder: Path) -> dict[str, object]:
    """The reconciliation with its report."""
    from reports.conversion.building import Planted, build
    from reports.conversion.expecting import Rule
    from reports.conversion.reading import rule_tables
    from reports.conversion.reconciling import reconcile as reconcile_
    from reports.conversion.rendering import write_all
    from reports.run_check import decoded

    done = reconcile_(folder / "source", folder / "target", folder / "rule")
    planted = decoded(folder / "planted.json", list[Planted])
    rule = Rule(rule_tables(folder / "rule"))
    conversion = build(done, rule, started=datetime.now(UTC).isoformat(), seconds=0.0, planted=planted)
    write_all(conversion, done.findings, folder)
    return {
        "rows": conversion.rows,
        "findings": conversion.findings,
        "found_what_was_planted": conversion.exact,
    }


def _measured(work: Callable[[], dict[str, object]], core: int) -> None:
    os.sched_setaffinity(0, {core})
    began = time.perf_counter()
    told = work()
    used = resource.getrusage(resource.RUSAGE_SELF)
    told |= {
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_rss_mb": round(used.ru_maxrss / 1024),
    }
    click.echo(json.dumps(told))


def _run(command: str, *arguments: str) -> dict[str, object]:
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "bench.conversion", command, *arguments], check=True, stdout=subprocess.PIPE
    )
    told: dict[str, object] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    main()
