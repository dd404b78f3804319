"""Processes that do not outlive this one, however it ends.

``kill -9`` runs no clean-up, so the kernel has to do it: on Linux a process can ask for a signal at the
death of its parent, ``prctl(PR_SET_PDEATHSIG)``. Elsewhere nothing of the kind exists, and a process whose
parent is killed stays.

Two traps of that call shape this module. It must be made by the child itself, and Python may run nothing
between fork and exec in a program with threads: so the child is this very file, run as a program, which asks
and then becomes (``exec``) the program that is wanted, under the same process id. And the kernel means the
death of the *thread* that forked: so the forking is done by a thread which lasts as long as the child.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def spawn(command: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, tied to the life of this process.

    Args:
        command: absolute path of the program, and its arguments.
        log: file to which its output is appended.
        environment: added to ours.

    Raises:
        OSError: the log cannot be written, or there are no processes left. A program that cannot be run
            shows as exit status 127.
    """
    tied = [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]
    started = threading.Event()
    outcome: list[subprocess.Popen[bytes] | OSError] = []

    def parent() -> None:
        try:
            with log.open("ab") as output:
                process = subprocess.Popen(  # noqa: S603 - the command is ours
                    tied,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **environment},
                    start_new_session=True,
                )
        except OSError as error:
            outcome.append(error)
            started.set()
            return
        outcome.append(process)
        started.set()
        process.wait()

    threading.Thread(target=parent, name=f"parent of {Path(command[0]).name}", daemon=True).start()
    started.wait()
    result = outcome[0]
    if isinstance(result, OSError):
        raise result
    return result


def die_with(parent: int) -> None:
    """Let the kernel kill this process when ``parent`` dies; ends it at once if that has happened already."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we could ask
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Run as ``tether.py <pid of the parent> <program> [arguments]``."""
    die_with(int(sys.argv[1]))
    try:
        os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - becoming that program is the purpose
    except OSError as error:
        sys.stderr.write(f"{sys.argv[2]}: {error}\n")
        sys.exit(127)


if __name__ == "__main__":
    main()
