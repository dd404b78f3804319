"""From what is demanded and what was shown to the matrix. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from reports.finding import Outcome, worst
from reports.requirements.model import (
    Counts,
    Demands,
    DirectiveRow,
    Evidence,
    Matrix,
    Obligation,
    Row,
    SignOff,
    State,
)
from reports.requirements.reading import Gathered, Source
from reports.text import Text, listed

NEVER_RUN = Text("Chưa có lần chạy nào nói về yêu cầu này.", "No run speaks for it yet.")
NOBODY = Text("Chưa có lệnh nào nêu yêu cầu này.", "There is no command that states it.")


def judge(demands: Demands, gathered: Gathered, runs: str, subject: str = "") -> Matrix:
    """The matrix. ``runs``: the folder that was read, as a page has to name it; ``subject``: about whom."""
    sign_offs = {each.id: each for each in demands.sign_offs}
    commands = _commands(demands, gathered.sources)
    rows = [_row(each, gathered.sources, commands, sign_offs) for each in demands.obligations]
    counts = counted(rows)
    return Matrix(
        made=demands.made,
        runs=runs,
        sentence=_sentence(counts, subject),
        counts=counts,
        directives=[
            DirectiveRow(each, counted(row for row in rows if row.obligation.directive == each.code))
            for each in demands.directives
        ],
        rows=rows,
        systems=demands.systems,
        deadlines=demands.deadlines,
        notes=[*gathered.notes, *_strangers(demands, gathered.sources)],
        subject=subject,
    )


def counted(rows: Iterable[Row]) -> Counts:
    """How many are in each state."""
    return Counts(**Counter[str](row.state for row in rows))


def _commands(demands: Demands, sources: Sequence[Source]) -> Mapping[str, list[str]]:
    """Obligation → the commands that speak for it: those that say so, and those whose evidence does."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    of_source = {each.source: each.command for each in demands.statements}
    for statement in demands.statements:
        for id_ in statement.requirements:
            found[id_][statement.command] = None
    for source in sources:
        for id_ in source.evidence:
            found[id_][of_source[source.name]] = None
    return {id_: list(commands) for id_, commands in found.items()}


def _row(
    obligation: Obligation,
    sources: Sequence[Source],
    commands: Mapping[str, list[str]],
    sign_offs: Mapping[str, SignOff],
) -> Row:
    of_sources = [found for source in sources if (found := source.evidence.get(obligation.id))]
    evidence = [each for found in of_sources for each in found]
    sign_off = sign_offs.get(obligation.id)
    outcomes = {worst(each.outcome for each in found) for found in of_sources}
    state = _state(outcomes, signed=sign_off is not None)
    mine = commands.get(obligation.id, [])
    reason = Text()
    if state == "not_yet_run":
        reason = NEVER_RUN if mine else NOBODY
    elif state == "inconclusive":
        reason = _unclear(evidence)
    return Row(obligation, state, evidence, mine, reason, sign_off)


def _state(outcomes: Collection[Outcome], *, signed: bool) -> State:
    """``outcomes``: one of each source. A signature stands in for evidence; it covers up nothing seen."""
    if "missed" in outcomes:
        return "failed"
    if "met" in outcomes:
        return "proved"
    if signed:
        return "not_rehearsable"
    return "inconclusive" if outcomes else "not_yet_run"


def _unclear(evidence: Sequence[Evidence]) -> Text:
    """Which runs came to no conclusion, and why."""
    told = [each for each in evidence if each.outcome == "inconclusive"]
    return Text(
        " ".join(f"{each.source}, {each.started}: {each.unclear.vi}" for each in told),
        " ".join(f"{each.source}, {each.started}: {each.unclear.en}" for each in told),
    )


def _strangers(demands: Demands, sources: Sequence[Source]) -> Iterator[Text]:
    """Evidence that names what no directive demands would vanish without a word."""
    known = {each.id for each in demands.obligations}
    for source in sources:
        if strange := listed(id_ for id_ in source.evidence if id_ not in known):
            yield Text(
                f"{source.name} nêu những yêu cầu không có trong văn bản nào: {strange}.",
                f"{source.name} speaks of obligations that no directive has: {strange}.",
            )


def _sentence(counts: Counts, subject: str) -> Text:
    about = Text(f"Đối với “{subject}”: ", f"Of {subject}: ") if subject else Text()
    told = Text(
        f"Trong {counts.total} yêu cầu: {counts.proved} đã chứng minh, {counts.failed} không đạt, "
        f"{counts.inconclusive} đã chạy nhưng chưa thể kết luận, {counts.not_yet_run} chưa chạy, "
        f"{counts.not_rehearsable} không thể diễn tập bằng chương trình.",
        f"Of {counts.total} obligations {counts.proved} are proved, {counts.failed} have failed, "
        f"{counts.inconclusive} were run without a conclusion, {counts.not_yet_run} have not been run yet, "
        f"and {counts.not_rehearsable} no program can rehearse.",
    )
    return Text(about.vi + told.vi, about.en + told.en)
