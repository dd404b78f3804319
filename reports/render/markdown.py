"""The Markdown summary for a CI job: the verdict, what is wrong, and a few numbers."""

from __future__ import annotations

from reports.render.environment import environment
from reports.verdict import Verdict


def markdown(verdict: Verdict) -> str:
    """A short summary in English with the verdict in both languages."""
    made = environment(autoescape=False)  # Markdown: the filter below escapes what Markdown would read
    made.filters["cell"] = _cell
    return made.get_template("report.md.j2").render(verdict=verdict)


def _cell(words: str) -> str:
    """Text that stays text in a table cell: no pipe, line break, tag or emphasis of its own."""
    for sign in "\\`*_[]<>|":
        words = words.replace(sign, f"\\{sign}")
    return " ".join(words.split())
