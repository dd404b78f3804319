"""From a run folder to its verdict."""

from __future__ import annotations

from pathlib import Path

from reports import frames, tables
from reports.checks import examine
from reports.evidence import Evidence, Window
from reports.finding import Finding, judge
from reports.impact import backlogs, course, herds, hops, impact, spread
from reports.instrument import instrument
from reports.ledger import reconcile
from reports.objectives import measure
from reports.run import Run
from reports.statistics import percentile
from reports.traces import traces
from reports.traffic import hits, peak, through_links
from reports.verdict import FORMAT, FaultReport, Lag, Making, Scenario, Validity, Verdict

ABOUT_FAULTS = ("fault-hit", "recovery", "backlog-drains", "provinces-isolated", "journeys-isolated")
"""The checks that judge each fault by itself; the name of their finding ends with that of the fault."""


def assemble(run_dir: Path | str) -> Verdict:
    """Read the folder and judge it; :class:`~reports.errors.ReportError` where it cannot be read."""
    run = Run.open(run_dir)
    journals = frames.load(run)
    ledger = None if journals.stored is None else reconcile(run.plan, journals.intents, journals.stored)
    return verdict(Evidence(run, journals, ledger))


def verdict(evidence: Evidence) -> Verdict:
    """Judge the evidence."""
    plan, record = evidence.run.plan, evidence.run.record
    findings = examine(evidence)
    of_validity = [finding for finding in findings if finding.kind == "validity"]
    others = [finding for finding in findings if finding.kind != "validity"]
    believed = all(finding.outcome == "met" for finding in of_validity)
    most, second = peak(evidence)
    lag = evidence.judged["lag"]
    return Verdict(
        format=FORMAT,
        outcome=judge(findings),
        expected=plan.scenario.expect,
        scenario=Scenario(
            plan.scenario.name,
            plan.scenario.title,
            plan.scenario.hypothesis,
            plan.scenario.seed,
            plan.scenario.date,
            plan.scenario.scale,
        ),
        validity=Validity("met" if believed else "inconclusive", of_validity),
        findings=others,
        planned=plan.arrivals.count,
        offered=len(evidence.offered),
        samples=len(evidence.frames.samples),
        lag=Lag(percentile(lag, 0.5), percentile(lag, 0.99)),
        ledger=evidence.ledger,
        traces=traces(evidence),
        loss_bound=evidence.ledger.loss_bound if evidence.ledger else None,
        slos=measure(evidence),
        journeys=tables.rows(evidence, "journey"),
        steps=tables.rows(evidence, "step"),
        provinces=tables.rows(evidence, "province"),
        systems=evidence.loads,
        faults=[_fault(evidence, window, findings) for window in evidence.windows],
        requirements=tables.coverage(evidence, findings),
        peak_requests_per_second=most,
        peak_second=second,
        toxiproxy_version=record.toxiproxy.version,
        arrivals_sha256=plan.arrivals.sha256,
        province_names=plan.province_names,
        series=tables.series(evidence),
        making=_making(evidence),
        histograms=tables.histograms(evidence),
        instrument=instrument(evidence),
        requests_through_links=through_links(evidence),
    )


def _fault(evidence: Evidence, window: Window, findings: list[Finding]) -> FaultReport:
    fault = window.fault
    about = {
        finding.name.partition(".")[0]: finding.outcome
        for finding in findings
        if finding.name.partition(".")[2] == fault.name and finding.name.partition(".")[0] in ABOUT_FAULTS
    }
    return FaultReport(
        name=fault.name,
        kind=fault.kind,
        title=fault.title,
        meaning=fault.meaning,
        colour=fault.colour,
        place=fault.place,
        systems=fault.systems,
        links=fault.links,
        planned_start=fault.start,
        planned_end=fault.end,
        applied=window.applied,
        healed=window.healed,
        recover_within=fault.recover_within,
        hits=hits(evidence, window),
        impact=impact(evidence, window),
        backlogs=backlogs(evidence, window),
        herds=herds(evidence, window),
        hops=hops(evidence, window),
        spread=spread(evidence, window),
        course=course(evidence, window),
        outcomes=about,
    )


def _making(evidence: Evidence) -> Making:
    plan, record = evidence.run.plan, evidence.run.record
    return Making(
        started=record.started,
        ended=record.ended,
        reason=record.reason,
        workers=len(record.workers),
        drained=record.drained,
        drain_seconds=record.drain_seconds,
        backlog=record.backlog,
        toxiproxy_how=record.toxiproxy.how,
        toxiproxy_links=record.toxiproxy.links,
        machine=record.machine,
        versions=record.versions,
        usage=record.usage.cpu_seconds,
        start=plan.clock.start,
        end=plan.clock.end,
        judged_from=plan.clock.judged_from,
    )
