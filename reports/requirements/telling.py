"""The matrix in a few lines, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reports.requirements.model import Counts, Matrix
from reports.text import listed

HEADS = ("obligations", "proved", "failed", "not yet run", "to be signed")


def lines(matrix: Matrix) -> Iterator[str]:
    """A table by directive, the systems, what has failed, and what was left out."""
    yield f"{'directive':<10}" + "".join(f"{head:>14}" for head in HEADS)
    for row in matrix.directives:
        yield _counted(row.directive.code, row.counts)
    yield _counted("all", matrix.counts)
    hows = Counter(each.how for each in matrix.systems)
    told = ", ".join(f"{how} {number}" for how, number in hows.most_common())
    yield f"{len(matrix.systems)} systems: {told}"
    for failed in matrix.in_state("failed"):
        names = listed(
            check.name for each in failed.told for check in each.checks if check.outcome == "missed"
        )
        sources = listed(dict.fromkeys(each.source for each in failed.told))
        yield f"failed: {failed.obligation.id} in {sources}: {names}"
    for note in matrix.notes:
        yield f"note: {note.en}"
    yield matrix.sentence.en


def _counted(name: str, counts: Counts) -> str:
    figures = (counts.total, counts.proved, counts.failed, counts.not_yet_run, counts.not_rehearsable)
    return f"{name:<10}" + "".join(f"{figure:>14}" for figure in figures)
