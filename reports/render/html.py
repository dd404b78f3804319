"""The report page: one offline file, in two languages, for a desk, a phone and paper."""

from __future__ import annotations

from reports.render.charts import NARROW, WIDE, course, timeline
from reports.render.environment import environment
from reports.verdict import Verdict

BUSIEST = 12
"""How many systems the table of loads shows: those that refused, then the busiest."""


def html(verdict: Verdict) -> str:
    """The whole page; nothing in it is fetched from anywhere."""
    ledgers = {row.province: row for row in verdict.ledger.provinces} if verdict.ledger else {}
    return (
        environment(autoescape=True)
        .get_template("report.html.j2")
        .render(
            verdict=verdict,
            wide=timeline(verdict, WIDE),
            narrow=timeline(verdict, NARROW),
            courses=[course(fault) for fault in verdict.faults],
            province_rows={row.name: row for row in verdict.provinces},
            province_ledgers=ledgers,
            busiest=verdict.systems[:BUSIEST],
        )
    )
