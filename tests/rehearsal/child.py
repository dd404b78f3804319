"""A process for tests: ``python -m tests.rehearsal.child MANNER``."""

from __future__ import annotations

import signal
import sys

manner = sys.argv[1]
sys.stderr.write(f"this is {manner}\n")
if manner == "broken":
    sys.exit(7)
if manner == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if manner != "silent":
    print("ready", flush=True)  # noqa: T201 - its only way to say so
if manner == "echo":
    print(sys.stdin.readline().upper(), end="", flush=True)  # noqa: T201
signal.pause()
