"""The readiness of the country as a page, a summary, a file for machines, and JUnit for CI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET  # it only writes here: nothing untrusted is parsed

from jinja2 import ChoiceLoader, PackageLoader

from reports import files
from reports.evidence_file import CommandCheck, CommandEvidence
from reports.evidence_file import write as write_evidence
from reports.readiness.model import PAGE, READINESS, Cell, Judged, ProvinceRow, Readiness
from reports.readiness.words import MOMENTS, OWN, when
from reports.render.environment import environment
from reports.text import Text

NAME = "readiness"
MOST_NAMED = 6
"""Systems that a target file does not name: the page folds a longer list."""
MOST_SHOWN = 40
"""Shortfalls of one check that the page lists; the JSON file has all."""


def write_all(readiness: Readiness, folder: Path) -> list[Path]:
    """Write the four reports into the folder, and ``evidence.json`` where it came to its end; their paths."""
    contents = {
        PAGE: html(readiness).encode(),
        "readiness.md": markdown(readiness).encode(),
        READINESS: files.indented(readiness),
        "junit.xml": junit(readiness),
    }
    paths = files.write_all(folder, contents)
    if readiness.sweep.ended == "completed":
        write_evidence(folder, evidence(readiness))
    return paths


def html(readiness: Readiness) -> str:
    """The whole page; nothing in it is fetched from anywhere."""
    return _rendered("readiness.html.j2", readiness, autoescape=True)


def markdown(readiness: Readiness) -> str:
    """A summary: what is lacking, by check."""
    return _rendered("readiness.md.j2", readiness, autoescape=False)


def evidence(readiness: Readiness) -> CommandEvidence:
    """What the sweep says about obligations; one with planted gaps says nothing, so it has another name."""
    return CommandEvidence(
        kind=f"{NAME}-planted" if readiness.sweep.gaps else NAME,
        started=readiness.sweep.started,
        outcome=readiness.outcome,
        checks=[
            CommandCheck(
                name=check.name,
                title=check.title,
                outcome=check.outcome,
                requirements=check.requirements,
                finding=check.finding,
                examined=check.examined,
            )
            for check in readiness.checks
        ],
        subject=readiness.sweep.target,
    )


def junit(readiness: Readiness) -> bytes:
    """One suite about the sweep itself, then one for each check with one test case for each province.

    What is lacking is a failure; what could not be examined is an error, since CI counts a skipped test as
    harmless.
    """
    root = ET.Element("testsuites", name=NAME)
    _sweep_suite(root, readiness)
    cells = readiness.by_place
    for check in readiness.checks:
        found = [
            (province, cells.get((check.name, province.code)) or Cell(check.name, province.code, 0))
            for province in readiness.sweep.provinces
        ]
        suite = ET.SubElement(
            root,
            "testsuite",
            name=f"{NAME}.{check.name}",
            tests=str(len(found)),
            failures=str(sum(cell.outcome == "missed" for _, cell in found)),
            errors=str(sum(cell.outcome == "inconclusive" for _, cell in found)),
            timestamp=readiness.sweep.started,
        )
        for province, cell in found:
            _case(suite, check, province, cell)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _sweep_suite(root: ET.Element, readiness: Readiness) -> None:
    """Whether the sweep saw what it was to see: what follows can be no better."""
    sweep = readiness.sweep
    whole = {"came to its end": sweep.ended == "completed", "every system is named": not sweep.unnamed}
    suite = ET.SubElement(
        root,
        "testsuite",
        name=f"{NAME}.sweep",
        tests=str(len(whole)),
        failures="0",
        errors=str(sum(not well for well in whole.values())),
        timestamp=sweep.started,
    )
    for name, well in whole.items():
        case = ET.SubElement(suite, "testcase", classname=f"{NAME}.sweep", name=name, time="0")
        if not well:
            error = ET.SubElement(case, "error", type="inconclusive", message=readiness.sentence.en)
            error.text = "\n".join(note.en for note in readiness.notes)


def _case(suite: ET.Element, check: Judged, province: ProvinceRow, cell: Cell) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"{NAME}.{check.name}",
        name=f"{province.code} {province.name.en}",
        time="0",
    )
    if cell.outcome == "met":
        return
    told = reasons(cell)
    sign = "failure" if cell.outcome == "missed" else "error"
    problem = ET.SubElement(case, sign, type=cell.outcome, message=told[0].en)
    problem.text = "\n".join(each.en for each in told)


NOT_EXAMINED = Text("Chưa kiểm tra.", "It was not examined.")


def reasons(cell: Cell) -> list[Text]:
    """Why a cell is not met."""
    lacking = [each.why for each in cell.shortfalls]
    return [*lacking, *(each.why for each in cell.unseen)] or [NOT_EXAMINED]


def lacking(readiness: Readiness, check: str) -> list[Text]:
    """Everything that a check found lacking, province by province."""
    return list(_lacking(readiness, check))


def not_seen(readiness: Readiness, check: str) -> list[Text]:
    """Why a check could not see, each reason once."""
    told = (each.why for cell in readiness.cells if cell.check == check for each in cell.unseen)
    return list(dict.fromkeys(told))


def _lacking(readiness: Readiness, check: str) -> Iterator[Text]:
    cells = readiness.by_place
    for province in readiness.sweep.provinces:
        cell = cells.get((check, province.code))
        yield from (each.why for each in cell.shortfalls) if cell else ()


def _rendered(template: str, readiness: Readiness, *, autoescape: bool) -> str:
    made = environment(autoescape=autoescape)
    own, shared = PackageLoader("reports.readiness"), made.loader
    made.loader = ChoiceLoader([own, shared] if shared else [own])
    made.globals.update(
        moments=MOMENTS,
        own=OWN,
        when=when,
        most=MOST_SHOWN,
        most_named=MOST_NAMED,
        lacking=lacking,
        not_seen=not_seen,
        reasons=reasons,
        titles={check.name: check.title for check in readiness.checks},
        names={province.code: province.name for province in readiness.sweep.provinces},
    )
    return made.get_template(template).render(readiness=readiness, sweep=readiness.sweep)
