"""Reports are made in a process of their own: analysis needs pandas, which this process does not load."""

from __future__ import annotations

import subprocess
import sys

from rehearsal.errors import ExitCode


def report(module: str, *arguments: str) -> int:
    """Run a module of :mod:`reports`, whose output goes where ours does; its exit code.

    Whatever is none of the documented codes, such as the end by a signal, is our own fault.
    """
    command = [sys.executable, "-m", module, *arguments]
    status = subprocess.run(command, check=False).returncode  # noqa: S603 - our own module
    return status if status in set(ExitCode) else ExitCode.OUR_FAULT
