"""What became of a cell: censored, as expected or not, and why. Values only: no file is read here."""

from __future__ import annotations

from collections.abc import Mapping

from reports.matrix.expectation import expected, level, not_worse, role_of
from reports.matrix.files import Observed, PlannedCell, PlannedFault, Role, Seen, SeenCell
from reports.matrix.model import Cell, CellFault, Journey, State
from reports.text import Text, count, listed, seconds, share

MOST_LAG = 0.25
"""Seconds that the generator may be late in a cell, 99th percentile: what is later is no measurement."""

MOST_LATE = 0.6
"""Share of the room between two faults by which one may come or go late and still be apart from the next."""

Found = Mapping[tuple[str, str], Role]
"""Journey and way → role."""


def censored(name: str, observed: Observed) -> list[Text]:
    """Why what a run showed of a cell says nothing about its fault alone; empty where it does.

    Raises ``KeyError`` where the run did not play the cell.
    """
    seen = _named(name, observed)
    before = _before(name, observed)
    reasons = list(observed.doubts)
    if not seen.applied or not seen.healed:
        reasons.append(
            Text(
                "Sự cố không được áp dụng hoặc không được khắc phục.",
                "The fault was not applied, or not healed.",
            )
        )
    elif not seen.met:
        reasons.append(Text("Không yêu cầu nào gặp sự cố.", "No request met the fault."))
    if _ran_over(seen):
        reasons.append(
            Text(
                f"Sự cố đến hoặc hết trễ {seconds(seen.late)}.",
                f"The fault came or went {seconds(seen.late)} late.",
            )
        )
    if before is not None and (before.recovered_after is None or _ran_over(before)):
        reasons.append(
            Text(
                f"Trước đó {before.name} chưa kết thúc xong.",
                f"What came before it, {before.name}, was not over.",
            )
        )
    if seen.lag is not None and seen.lag > MOST_LAG:
        reasons.append(
            Text(
                f"Bộ phát tải trễ {seconds(seen.lag)} (p99).",
                f"The generator was {seconds(seen.lag)} late (p99).",
            )
        )
    return reasons


def worth_repeating(name: str, observed: Observed) -> bool:
    """Whether a cell must be played once more, by itself: it is censored, or its end was not seen.

    Where something was lost or doubled there is nothing left to find out.
    """
    seen = _named(name, observed)
    harmed = any(
        each.lost or each.doubled or each.undelivered or each.charged_twice for each in seen.journeys
    )
    return not harmed and (bool(censored(name, observed)) or seen.recovered_after is None)


def judged(planned: PlannedCell, observed: Mapping[str, Observed], found: Found, journeys: list[str]) -> Cell:
    """A cell as its last run showed it; of a cell that no run played, what would be expected of it.

    ``observed``: by the folder of the run.
    """
    faults = [
        CellFault(f.dependency, f.kind, f.place, f.title, f.meaning, f.parameters) for f in planned.faults
    ]
    if not planned.runs:
        unseen = [
            Journey(
                name, _role(planned.faults, found, name), expected(planned.faults, found, name), None, True
            )
            for name in journeys
        ]
        return Cell(planned.name, faults, "not-run", [], unseen)
    last = observed[planned.runs[-1]]
    seen = _named(planned.name, last)
    told = [_journey(planned.faults, found, each) for each in seen.journeys]
    reasons = censored(planned.name, last)
    wrong = [_told(journey) for journey in told if not journey.as_expected]
    if seen.recovered_after is None:
        wrong.append(
            Text("Sau khắc phục vẫn chưa trở lại như trước.", "After the cure, all was not as before.")
        )
    # harm is never put down to chance, whatever else disturbed the cell
    harmed = [_told(journey) for journey in told if journey.harm]
    state: State = "as-expected"
    if harmed or (wrong and not reasons):
        state, reasons = "not-as-expected", harmed if reasons else wrong
    elif reasons:
        state = "censored"
    return Cell(
        name=planned.name,
        faults=faults,
        state=state,
        reasons=reasons,
        journeys=told,
        run=planned.runs[-1],
        times=len(planned.runs),
        met=seen.met,
        recovered_after=seen.recovered_after,
    )


def _journey(faults: list[PlannedFault], found: Found, seen: Seen) -> Journey:
    role = _role(faults, found, seen.journey)
    lied_to = role == "asked" and any(fault.kind == "says-not-found" for fault in faults)
    at_worst, got = expected(faults, found, seen.journey), level(seen, lied_to=lied_to)
    return Journey(
        journey=seen.journey,
        role=role,
        expected=at_worst,
        seen=got,
        as_expected=not_worse(got, at_worst) and not seen.elsewhere_bad,
        requests=seen.requests,
        right=seen.right,
        slow=seen.slow,
        errors=seen.errors,
        longest=seen.longest,
        elsewhere_bad=seen.elsewhere_bad,
        acknowledged=seen.acknowledged,
        lost=seen.lost,
        doubled=seen.doubled,
        undelivered=seen.undelivered,
        late=seen.late,
        charged_twice=seen.charged_twice,
    )


def _told(journey: Journey) -> Text:
    """What was seen in a journey, in numbers."""
    errors = listed(
        f"{name} × {number}" for name, number in sorted(journey.errors.items(), key=lambda item: -item[1])
    )
    right = share(journey.right / journey.requests) if journey.requests else "–"
    vi = [f"{right} trong {count(journey.requests)} yêu cầu được trả lời đúng", errors]
    en = [f"{right} of {count(journey.requests)} requests answered rightly", errors]
    for number, told in (
        (journey.slow, Text("chậm hơn 1 giây", "slower than a second")),
        (journey.elsewhere_bad, Text("lỗi ở nơi khác", "bad answers elsewhere")),
        (journey.lost, Text("bị mất", "lost")),
        (journey.doubled, Text("nhân đôi", "doubled")),
        (journey.charged_twice, Text("thu phí hai lần", "charged twice")),
        (journey.undelivered, Text("không đến nơi", "never delivered")),
    ):
        if number:
            vi.append(f"{count(number)} {told.vi}")
            en.append(f"{count(number)} {told.en}")
    return Text(
        f"{journey.journey}: {'; '.join(filter(None, vi))}.",
        f"{journey.journey}: {'; '.join(filter(None, en))}.",
    )


def _role(faults: list[PlannedFault], found: Found, journey: str) -> Role:
    return role_of(found, journey, [way for fault in faults for way in fault.ways])


def _ran_over(seen: SeenCell) -> bool:
    return seen.late > MOST_LATE * seen.room


def _named(name: str, observed: Observed) -> SeenCell:
    for cell in observed.cells:
        if cell.name == name:
            return cell
    raise KeyError(name)


def _before(name: str, observed: Observed) -> SeenCell | None:
    names = [cell.name for cell in observed.cells]
    place = names.index(name)
    return observed.cells[place - 1] if place else None
