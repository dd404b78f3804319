"""What was measured: ``bench/results.json``, one object for each bench as it was printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from reports.files import indented, write_whole

RESULTS = Path(__file__).with_name("results.json")

Figures = dict[str, Any]


def kept(path: Path = RESULTS) -> dict[str, Figures]:
    """By bench, what it measured last."""
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Figures])


def keep(bench: str, figures: Figures, path: Path = RESULTS) -> None:
    """Put what a bench has measured in the place of what it measured before."""
    write_whole(path, indented(kept(path) | {bench: figures}))
