"""JUnit XML for CI: one test case per finding.

``missed`` is a ``failure``. ``inconclusive``, and a breached validity check, is an ``error``: the question
could not be answered. It is not ``skipped``, because CI systems count a skipped test as harmless.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET  # it only writes here: nothing untrusted is parsed

from reports.finding import Finding
from reports.verdict import Verdict


def junit(verdict: Verdict) -> bytes:
    """The JUnit document: a suite for the validity of the run and one for its verdict."""
    root = ET.Element("testsuites", name=verdict.scenario.name)
    suites = (("validity", verdict.validity.findings), ("verdict", verdict.findings))
    for name, findings in suites:
        suite = ET.SubElement(
            root,
            "testsuite",
            name=f"{verdict.scenario.name}.{name}",
            tests=str(len(findings)),
            failures=str(sum(_sign(finding) == "failure" for finding in findings)),
            errors=str(sum(_sign(finding) == "error" for finding in findings)),
            timestamp=verdict.making.started,
        )
        for finding in findings:
            _case(suite, verdict, finding)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _case(suite: ET.Element, verdict: Verdict, finding: Finding) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=f"{verdict.scenario.name}.{finding.kind}", name=finding.name, time="0"
    )
    sign = _sign(finding)
    if sign:
        problem = ET.SubElement(case, sign, type=finding.outcome, message=finding.explanation.en)
        problem.text = f"{finding.title.vi}: {finding.explanation.vi}"
    else:
        ET.SubElement(case, "system-out").text = finding.explanation.en


def _sign(finding: Finding) -> str:
    if finding.outcome == "met":
        return ""
    return "failure" if finding.outcome == "missed" and finding.kind != "validity" else "error"
