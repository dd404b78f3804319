"""Does an independent prober, which shares no code with the swarm, see the same response times?"""

from __future__ import annotations

from dataclasses import replace

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence
from reports.instrument.prober import Agreement, agreements
from reports.statistics import needed
from reports.text import Text, count, seconds

SENT = 0.9
"""Share of the planned probes that must have been sent."""


def prober_agrees(evidence: Evidence) -> list[Result]:
    """Each probe of the plan; a plan without a prober is not asked."""
    return [
        replace(_judged(seen), subject=seen.step, subject_title=Text(seen.step, seen.step))
        for seen in agreements(evidence)
    ]


def _judged(seen: Agreement) -> Result:
    what = f"{seen.step} ({seen.link})"
    if seen.probes < SENT * seen.due:
        return inconclusive(
            f"Bộ dò chỉ gửi {count(seen.probes)} trên {count(seen.due)} yêu cầu dự kiến tới {what}.",
            f"The prober sent only {count(seen.probes)} of {count(seen.due)} planned requests to {what}.",
            ("prober",),
        )
    if not seen.quantiles:
        n, m, common = count(seen.probes), count(seen.samples), seen.blocks
        return inconclusive(
            f"Chỉ có {n} yêu cầu của bộ dò và {m} của bộ phát tải tới {what} trong {common} giây chung; mỗi "
            f"loại cần {needed(0.5)}.",
            f"Only {n} requests of the prober and {m} of the swarm to {what} in {common} common seconds; "
            f"{needed(0.5)} of each are needed.",
        )
    figures = "; ".join(
        f"p{each.quantile * 100:g} {seconds(each.swarm)} / {seconds(each.prober)}" for each in seen.quantiles
    )
    n = f"n = {count(seen.samples)} / {count(seen.probes)}"
    vi = f"{what}, bộ phát tải / bộ dò: {figures} ({n}, {seen.blocks} giây chung)."
    en = f"{what}, swarm / prober: {figures} ({n}, {seen.blocks} common seconds)."
    apart = [each for each in seen.quantiles if not each.agrees]
    if not apart:
        return met(
            f"Bộ dò độc lập thấy như bộ phát tải. {vi}", f"The prober and the swarm see the same. {en}"
        )
    if apart[-1].swarm > apart[-1].prober:
        because = Text(
            "Bộ phát tải thấy chậm hơn: phần chênh là của chính nó.",
            "The swarm sees slower answers: the difference is its own.",
        )
    else:
        because = Text(
            f"Bộ dò thấy chậm hơn (tự trễ p95 {seconds(seen.lag_p95)}): nó bị chậm, hoặc bộ phát tải không "
            "đo hết thời "
            "gian chờ.",
            f"The prober sees slower answers (its own lag p95 {seconds(seen.lag_p95)}): it was held up, or "
            "the swarm "
            "does not measure all of the wait.",
        )
    return missed(f"{vi} {because.vi}", f"{en} {because.en}", ("swarm", "prober"))


AGREES = Check("prober-agrees", "validity", Text("Bộ dò độc lập", "Prober agrees"), prober_agrees)
