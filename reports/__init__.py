"""Journals in, verdict out: what a run left on disk becomes MET, MISSED or INCONCLUSIVE, with the evidence.

Importing this package, its journal and its writers loads no pandas: the processes of a run write journals
and must stay small. The analysis is loaded by the first call of :func:`build` or :func:`write`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.verdict import Verdict

__all__ = ["build", "write"]


def build(run_dir: Path | str) -> Verdict:
    """Judge a run folder; :class:`~reports.errors.ReportError` where it is missing, damaged or
    inconsistent."""
    from reports.assemble import assemble

    return assemble(run_dir)


def write(verdict: Verdict, run_dir: Path | str) -> list[Path]:
    """Write ``report.html``, ``report.md``, ``junit.xml`` and ``report.json`` into the folder; their
    paths."""
    from reports.render import write_all

    return write_all(verdict, Path(run_dir))
