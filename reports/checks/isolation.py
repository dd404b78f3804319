"""Does a fault stay where it is: do provinces and journeys that it does not concern go on as before?"""

from __future__ import annotations

from reports.checks.base import Check, Result, met, missed
from reports.checks.recovery import about
from reports.evidence import Evidence, Window
from reports.impact.spread import FEWEST, Compared, Share, Spread, spread
from reports.text import Text, count, listed, seconds, share

MORE_LATE = 0.2
"""Parts of 1 by which more dossiers of other provinces may be late: a short stall is not yet contagion."""

MORE_BAD = 0.05
"""Parts of 1 by which more answers elsewhere may be bad."""


def provinces_isolated(evidence: Evidence) -> list[Result]:
    """Each fault of some provinces: the others deliver and answer as before it."""
    return [
        result
        for window in evidence.windows
        if (result := _provinces(evidence, window, spread(evidence, window))) is not None
    ]


def journeys_isolated(evidence: Evidence) -> list[Result]:
    """Each fault: journeys that never wait for its links are answered as before it."""
    return [
        result
        for window in evidence.windows
        if (result := _journeys(evidence, window, spread(evidence, window))) is not None
    ]


def _provinces(evidence: Evidence, window: Window, seen: Spread) -> Result | None:
    told, worse = [], False
    if seen.deliveries is not None and _enough(seen.deliveries):
        worse |= seen.deliveries.worse(MORE_LATE)
        late = seconds(seen.late_after)
        told.append(
            Text(
                f"Hồ sơ của các tỉnh khác chậm hơn {late}: trước {_part(seen.deliveries.before)}, trong lúc "
                f"sự cố {_part(seen.deliveries.during)}.",
                f"Dossiers of the other provinces on their way for more than {late}: "
                f"{_part(seen.deliveries.before)} before, {_part(seen.deliveries.during)} while it lasted.",
            )
        )
    if seen.answers is not None and _enough(seen.answers):
        worse |= seen.answers.worse(MORE_BAD)
        told.append(_answers(Text("các tỉnh khác", "in the other provinces"), seen.answers))
    if not told:
        return None
    hit = listed([f"{code} {evidence.run.plan.province_names.get(code, '')}" for code in seen.provinces], 3)
    told.insert(0, Text(f"Chỉ {hit} gặp sự cố.", f"Only {hit} had the fault."))
    return _result(evidence, window, told, worse=worse, where=tuple(window.fault.links))


def _journeys(evidence: Evidence, window: Window, seen: Spread) -> Result | None:
    if seen.journey_answers is None or not _enough(seen.journey_answers):
        return None
    names = listed(seen.journeys, 4)
    told = [
        Text(f"Không chờ các liên kết này: {names}.", f"Not waiting for these links: {names}."),
        _answers(Text("các hành trình ấy", "there"), seen.journey_answers),
    ]
    worse = seen.journey_answers.worse(MORE_BAD)
    return _result(evidence, window, told, worse=worse, where=tuple(seen.journeys))


def _answers(where: Text, compared: Compared) -> Text:
    before, during = _part(compared.before), _part(compared.during)
    return Text(
        f"Trả lời sai hoặc quá hạn ở {where.vi}: trước {before}, trong lúc sự cố {during}.",
        f"Bad answers {where.en}: {before} before, {during} while it lasted.",
    )


def _enough(compared: Compared) -> bool:
    return min(compared.before.count, compared.during.count) >= FEWEST


def _part(of: Share) -> str:
    return f"{share(of.bad / of.count)} / {count(of.count)}"


def _result(
    evidence: Evidence, window: Window, told: list[Text], *, worse: bool, where: tuple[str, ...]
) -> Result:
    vi, en = " ".join(text.vi for text in told), " ".join(text.en for text in told)
    # a country that is overloaded is worse everywhere, whatever else is faulty
    cause = ("capacity-suffices",) if evidence.exhausted else ()
    result = missed(vi, en, where, cause) if worse else met(vi, en)
    return about(window.fault, result)


PROVINCES = Check(
    "provinces-isolated",
    "service",
    Text("Tỉnh khác không bị ảnh hưởng", "Other provinces are not affected"),
    provinces_isolated,
)

JOURNEYS = Check(
    "journeys-isolated",
    "service",
    Text("Việc khác không bị ảnh hưởng", "Other journeys are not affected"),
    journeys_isolated,
)
