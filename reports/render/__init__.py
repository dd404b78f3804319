"""Renderers: from the same verdict to a page, a summary, a test report and a file for machines."""

from __future__ import annotations

from pathlib import Path

from reports import files
from reports.render.html import html
from reports.render.junit import junit
from reports.render.markdown import markdown
from reports.verdict import Verdict

__all__ = ["html", "junit", "markdown", "write_all"]


def write_all(verdict: Verdict, folder: Path) -> list[Path]:
    """Write all four files into the folder; their paths, the page first."""
    contents = {
        "report.html": html(verdict).encode(),
        "report.md": markdown(verdict).encode(),
        "junit.xml": junit(verdict),
        "report.json": verdict.to_json(),
    }
    return files.write_all(folder, contents)
