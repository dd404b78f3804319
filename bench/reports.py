"""What judging a run costs: seconds and memory of ``python -m reports`` against the number of samples.

``python -m bench.reports`` writes synthetic runs of the closing night (:mod:`bench.night`), judges each
in a process of its own and prints one JSON object. ``--largest`` adds ten million samples, which take several
gigabytes below ``--below`` until they are deleted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

SIZES = (100_000, 1_000_000)
LARGEST = 10_000_000


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--largest", is_flag=True, help="Judge ten million samples too; needs 8 GB of disk for a while."
)
@click.option("--samples", type=click.IntRange(min=1000), multiple=True, help="Other sizes than the usual.")
@click.option("--below", type=click.Path(path_type=Path, exists=True), help="Where to put the run folders.")
def main(*, largest: bool, samples: tuple[int, ...], below: Path | None) -> None:
    """Print what judging a run of each size costs."""
    sizes = samples or ((*SIZES, LARGEST) if largest else SIZES)
    print(json.dumps({"reports": [measure(size, below) for size in sizes]}, indent=2))  # noqa: T201


def measure(samples: int, below: Path | None) -> dict[str, int | float]:
    """Write a folder of so many samples, judge it, delete it."""
    with tempfile.TemporaryDirectory(dir=below) as parent:
        folder = Path(parent) / "run"
        making = [sys.executable, "-m", "bench.night_folder", str(folder), "--samples", str(samples)]
        written = int(subprocess.run(making, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603  ours
        size = sum(path.stat().st_size for path in folder.iterdir())
        began = time.perf_counter()
        command = [sys.executable, "-m", "reports", str(folder), "--quiet"]
        judging = subprocess.Popen(command)  # noqa: S603  ours
        _, status, used = os.wait4(judging.pid, 0)
        took = time.perf_counter() - began
        judging.returncode = os.waitstatus_to_exitcode(status)
    # ru_maxrss is that of the parent before exec, if larger: so this process stays small and writes no folder
    return {
        "samples": written,
        "journals_mb": round(size / 1e6),
        "exit_code": judging.returncode,
        "seconds": round(took, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_rss_mb": round(used.ru_maxrss / 1024),
    }


if __name__ == "__main__":
    main()
