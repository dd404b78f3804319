"""A run folder as the prober needs it; visitors have the patience of two seconds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PROBE: dict[str, Any] = {"step": "home", "link": "citizens--stub", "path": "/", "rate": 40.0}


def write_run(folder: Path, address: str, seconds: float, **changes: object) -> None:
    plan = {
        "scenario": {"seed": 3, "name": "x"},
        "clock": {"start": 0.0, "end": seconds},
        "visitors": {"patience": 2.0},
        "probes": [{**PROBE, **changes}],
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    (folder / "targets.json").write_text(json.dumps({"links": {"citizens--stub": address}}))
