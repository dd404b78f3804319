"""The contract of a check: one function from the evidence to one result or several.

The smallest check::

    def drained(evidence: Evidence) -> Result:
        if evidence.run.record.drained:
            return met("Đã xử lý hết.", "Everything has come to rest.")
        return missed("Chưa xử lý hết.", "Not everything has come to rest.")

    DRAINED = Check("drained", "validity", Text("Đã xử lý hết", "Drained"), drained)

and one line in :data:`reports.checks.CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reports.evidence import Evidence
from reports.finding import Finding, Kind, Outcome
from reports.text import Text


@dataclass(frozen=True)
class Result:
    """What a check found. ``subject`` tells the results of one check apart (``slo.<subject>``).

    ``requirements`` are the obligations that the subject speaks for, beside those of the check.
    """

    outcome: Outcome
    explanation: Text
    where: tuple[str, ...] = ()
    because_of: tuple[str, ...] = ()
    subject: str = ""
    subject_title: Text = field(default_factory=Text)
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A named check. ``requirements`` are the obligations it can speak for; the plan says which count."""

    name: str
    kind: Kind
    title: Text
    examine: Callable[[Evidence], Result | list[Result]]
    requirements: tuple[str, ...] = ()

    def findings(self, evidence: Evidence) -> list[Finding]:
        """Examine the evidence. A check that crashes knows nothing: inconclusive, with the reason."""
        try:
            results = self.examine(evidence)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            results = inconclusive(f"Bộ kiểm tra gặp lỗi: {reason}.", f"The check itself failed: {reason}.")
        planned = {requirement.id for requirement in evidence.run.plan.scenario.requirements}
        return [
            Finding(
                name=f"{self.name}.{result.subject}" if result.subject else self.name,
                title=_titled(self.title, result.subject_title),
                outcome=result.outcome,
                explanation=result.explanation,
                kind=self.kind,
                requirements=[
                    name
                    for name in dict.fromkeys((*self.requirements, *result.requirements))
                    if name in planned
                ],
                where=list(result.where),
                because_of=list(result.because_of),
            )
            for result in (results if isinstance(results, list) else [results])
        ]


def met(vi: str, en: str, where: tuple[str, ...] = ()) -> Result:
    """The check's rule holds, and there was data to say so."""
    return Result("met", Text(vi, en), where)


def missed(vi: str, en: str, where: tuple[str, ...] = (), because_of: tuple[str, ...] = ()) -> Result:
    """The check's rule is broken at ``where``."""
    return Result("missed", Text(vi, en), where, because_of)


def inconclusive(vi: str, en: str, where: tuple[str, ...] = ()) -> Result:
    """There is too little evidence to say."""
    return Result("inconclusive", Text(vi, en), where)


def _titled(title: Text, subject: Text) -> Text:
    if not subject.vi and not subject.en:
        return title
    return Text(f"{title.vi}: {subject.vi or subject.en}", f"{title.en}: {subject.en or subject.vi}")
