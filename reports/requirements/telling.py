"""The matrix in a few lines, for a terminal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from reports.requirements.model import Counts, Matrix
from reports.text import listed

HEADS = ("obligations", "proved", "failed", "inconclusive", "not yet run", "to be signed")


def lines(matrix: Matrix) -> Iterator[str]:
    """A table by directive, the systems, what failed, is open or was left out, and what would show more."""
    yield f"{'directive':<10}" + "".join(f"{head:>{len(head) + 2}}" for head in HEADS)
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
    for told, ids in _unclear(matrix).items():
        yield f"inconclusive: {told} ({listed(ids)})"
    for note in matrix.notes:
        yield f"note: {note.en}"
    open_ = (*matrix.in_state("not_yet_run"), *matrix.in_state("inconclusive"))
    speaking = Counter(command for row in open_ for command in row.commands)
    if speaking:
        commands = listed(f"{command} ({number})" for command, number in speaking.most_common())
        yield f"to run for what is open: {commands}"
    yield matrix.sentence.en


def _unclear(matrix: Matrix) -> dict[str, list[str]]:
    """Which run came to no conclusion, and why; and the obligations that are open for it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in matrix.in_state("inconclusive"):
        for each in row.told:
            found[f"{each.source}, {each.started}: {each.unclear.en}"].append(row.obligation.id)
    return found


def _counted(name: str, counts: Counts) -> str:
    figures = (
        counts.total,
        counts.proved,
        counts.failed,
        counts.inconclusive,
        counts.not_yet_run,
        counts.not_rehearsable,
    )
    cells = (f"{figure:>{len(head) + 2}}" for head, figure in zip(HEADS, figures, strict=True))
    return f"{name:<10}" + "".join(cells)
