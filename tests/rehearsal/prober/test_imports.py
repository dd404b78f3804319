"""The prober is a witness of its own: it loads nothing of the swarm, and nothing that costs a processor."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = "import rehearsal.prober.__main__, json, sys; print(json.dumps(sorted(sys.modules)))"
BARRED = {
    "pandas",
    "matplotlib",
    "locust",
    "gevent",
    "httptools",
    "faker",
    "pydantic",
    "rehearsal.swarm",
}


def test_what_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "pyarrow" in loaded, "or the check would see nothing"
    assert not loaded & BARRED
