"""From the files of a matrix to the matrix."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from reports.finding import Outcome
from reports.matrix.expectation import roles
from reports.matrix.files import OBSERVED, PLANNED, Observed, Planned
from reports.matrix.judging import judged
from reports.matrix.model import FORMAT, Cell, Group, Matrix, State
from reports.matrix.words import STATES
from reports.run_check import decoded
from reports.text import Text, bound, count


def build(folder: Path) -> Matrix:
    """Read the folder of a matrix; :class:`~reports.errors.ReportError` where a file is missing or broken."""
    planned = decoded(folder / PLANNED, Planned)
    observed = {run: decoded(folder / run / OBSERVED, Observed) for run in planned.runs}
    return assembled(planned, observed)


def assembled(planned: Planned, observed: dict[str, Observed]) -> Matrix:
    """The matrix of what was planned and what the runs showed, by their folders."""
    uses = observed[planned.quiet].uses if planned.quiet else []
    found = {before_t0: roles(uses, before_t0=before_t0) for before_t0 in (False, True)}
    cells = [judged(cell, observed, found[cell.before_t0], planned.journeys) for cell in planned.cells]
    states = Counter(cell.state for cell in cells)
    runs = [observed[run] for run in planned.runs]
    acknowledged, lost = sum(run.acknowledged for run in runs), sum(run.lost for run in runs)
    doubled, charged = sum(run.doubled for run in runs), sum(run.charged_twice for run in runs)
    outcome = _outcome(states, harm=lost + doubled + charged, acknowledged=acknowledged)
    below = 3 / acknowledged if acknowledged and not lost else None
    return Matrix(
        format=FORMAT,
        outcome=outcome,
        sentence=_sentence(states, acknowledged, lost, doubled + charged, below),
        scenario=planned.scenario,
        title=planned.title,
        pairs=planned.pairs,
        rate=planned.rate,
        lasts=planned.lasts,
        journeys=planned.journeys,
        dependencies=planned.dependencies,
        groups=_groups(planned, cells),
        planned=len(cells),
        as_expected=states["as-expected"],
        not_as_expected=states["not-as-expected"],
        censored=states["censored"],
        not_run=states["not-run"],
        acknowledged=acknowledged,
        lost=lost,
        doubled=doubled,
        charged_twice=charged,
        loss_bound=below,
        runs=len(runs),
    )


def _outcome(states: Counter[State], *, harm: int, acknowledged: int) -> Outcome:
    """Missed before inconclusive before met: what was seen is seen, however much was not."""
    if harm or states["not-as-expected"]:
        return "missed"
    if states["censored"] or states["not-run"] or not acknowledged:
        return "inconclusive"
    return "met"


def _sentence(
    states: Counter[State], acknowledged: int, lost: int, doubled: int, below: float | None
) -> Text:
    """The verdict in one sentence (3/n: see :attr:`reports.ledger.Ledger.loss_bound`)."""
    run = states.total() - states["not-run"]
    vi = [f"{count(run)} trên {count(states.total())} ô đã chạy"]
    en = [f"{count(run)} of {count(states.total())} cells were run"]
    for state, words in STATES.items():
        if states[state] and state != "not-run":
            vi.append(f"{count(states[state])} {words.vi}")
            en.append(f"{count(states[state])} {words.en}")
    vi[0:2], en[0:2] = [": ".join(vi[0:2])], [": ".join(en[0:2])]
    within = Text()
    if below is not None:
        within = Text(f" (tỷ lệ mất dưới {bound(below)})", f" (loss rate below {bound(below)})")
    told = f"{count(acknowledged)}", f"{count(lost)}", f"{count(doubled)}"
    vi.append(f"trong {told[0]} hồ sơ đã xác nhận, {told[1]} bị mất{within.vi} và {told[2]} bị nhân đôi")
    en.append(f"of {told[0]} acknowledged dossiers, {told[1]} were lost{within.en} and {told[2]} doubled")
    return Text(f"{'; '.join(vi)}.", f"{'; '.join(en)}.")


def _groups(planned: Planned, cells: list[Cell]) -> list[Group]:
    first: dict[str, list[Cell]] = {}
    for cell in cells:
        first.setdefault(cell.faults[0].dependency, []).append(cell)
    return [
        Group(dependency.name, dependency.title, first[dependency.name])
        for dependency in planned.dependencies
        if dependency.name in first
    ]
