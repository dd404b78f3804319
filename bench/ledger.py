"""What reconciling costs: seconds and memory from the files to the ledger, on one core.

``python -m bench.ledger --entries 10000000`` writes intents and stored records with violations planted
(:mod:`bench.ledger_folder`), reconciles them in a process of its own that is pinned to one core, and prints
one JSON object: seconds by phase, peak memory, and whether the ledger found what was planted and no more.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--entries", default=10_000_000, show_default=True, help="Lines of intents and stored records.")
@click.option("--below", type=click.Path(exists=True, path_type=Path), help="Where to write them meanwhile.")
@click.option("--core", default=0, show_default=True, help="The core to reconcile on.")
@click.pass_context
def main(context: click.Context, *, entries: int, below: Path | None, core: int) -> None:
    """Write, reconcile, delete."""
    if context.invoked_subcommand:
        return
    with tempfile.TemporaryDirectory(dir=below) as parent:
        folder = Path(parent) / "run"
        made = _run("bench.ledger_folder", str(folder), "--entries", str(entries))
        size = sum(path.stat().st_size for path in folder.iterdir())
        told = _run("bench.ledger", "reconcile", str(folder), "--core", str(core))
    planted, found = made, told.pop("violations")
    result = {"files_mb": round(size / 1e6), **told, "found_what_was_planted": found == planted}
    if found != planted:
        result |= {"planted": planted, "found": found}
    click.echo(json.dumps(result, indent=1))


@main.command(hidden=True)
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--core", default=0)
def reconcile(folder: Path, *, core: int) -> None:
    """Reconcile what is in FOLDER, on one core."""
    os.sched_setaffinity(0, {core})
    click.echo(json.dumps(reconciled(folder)))


def reconciled(folder: Path) -> dict[str, object]:
    """What the ledger of the folder took, and how many break which rule."""
    began = time.perf_counter()
    from reports import journal, ledger
    from reports.frames import stored_frame
    from reports.intents import IntentLine, fold_intents
    from reports.journal_reader import Lines, read_table
    from reports.run import Run

    phases = {"import": began, "read_intents": time.perf_counter()}
    run = Run.open(folder)
    paths = sorted(folder.glob("intents.*.jsonl"))
    blocks = (block for path in paths for block in Lines(path, IntentLine))
    intents = fold_intents(blocks, run.record.t0_monotonic_ns).assign(files=0)
    phases["read_stored"] = time.perf_counter()
    stored = stored_frame(read_table(folder / "stored.arrow", journal.STORED), run.record)
    phases["reconcile"] = time.perf_counter()
    found = ledger.reconcile(run.plan, intents, stored)
    ends = [*list(phases.values())[1:], time.perf_counter()]
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "entries": int(intents["attempts"].sum()) + len(intents) + len(stored),
        "intents": len(intents),
        "records": len(stored),
        "seconds": round(ends[-1] - began, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "phases": {
            name: round(end - start, 2) for (name, start), end in zip(phases.items(), ends, strict=True)
        },
        "peak_rss_mb": round(used.ru_maxrss / 1024),
        "violations": {name: violation.count for name, violation in sorted(found.violations.items())},
    }


def _run(module: str, *arguments: str) -> dict[str, object]:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  ours
    told: dict[str, object] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    main()
