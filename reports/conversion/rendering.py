"""The reconciliation as a page, a summary, and files for machines and CI."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET  # it only writes here: nothing untrusted is parsed

import pyarrow as pa
from jinja2 import ChoiceLoader, PackageLoader
from pyarrow import ipc

from reports.conversion.model import Conversion
from reports.conversion.schema import TABLES
from reports.files import indented
from reports.files import write_all as write_files
from reports.readiness.words import when
from reports.render.environment import environment
from reports.text import Text, count

TABLE_TITLES = {
    "dossiers": Text("Hồ sơ", "Dossiers"),
    "attachments": Text("Tệp đính kèm", "Attachments"),
    "results": Text("Kết quả", "Results"),
    "units": Text("Đơn vị", "Units"),
    "accounts": Text("Tài khoản", "Accounts"),
    "procedures": Text("Thủ tục", "Procedures"),
    "handover": Text("Bàn giao", "Hand-over"),
}
NUMBERS = ("amount", "paid", *TABLES)
"""Fields of findings that are sums or counts; the name of a table is one of the hand-over."""
MOST_OPEN = 5
"""Where no more kinds are wrong their examples are shown at once."""


def write_all(conversion: Conversion, findings: pa.Table, folder: Path) -> list[Path]:
    """Write the page, the summary, the JSON, the JUnit file and all findings into the folder; their paths."""
    contents = {
        "conversion.html": html(conversion).encode(),
        "conversion.md": markdown(conversion).encode(),
        "conversion.json": indented(conversion),
        "junit.xml": junit(conversion),
    }
    paths = write_files(folder, contents)
    path = folder / "findings.arrow"
    with ipc.new_file(str(path), findings.schema) as writer:
        writer.write_table(findings)
    return [*paths, path]


def html(conversion: Conversion) -> str:
    """The whole page; nothing in it is fetched from anywhere."""
    return _rendered("conversion.html.j2", conversion, autoescape=True)


def markdown(conversion: Conversion) -> str:
    """A short summary in English with the verdict in both languages."""
    return _rendered("conversion.md.j2", conversion, autoescape=False)


def junit(conversion: Conversion) -> bytes:
    """One test case per check: missed is a failure, inconclusive an error."""
    signs = {"met": "", "missed": "failure", "inconclusive": "error"}
    root = ET.Element("testsuites", name=conversion.kind)
    suite = ET.SubElement(
        root,
        "testsuite",
        name=conversion.kind,
        tests=str(len(conversion.checks)),
        failures=str(sum(check.outcome == "missed" for check in conversion.checks)),
        errors=str(sum(check.outcome == "inconclusive" for check in conversion.checks)),
        timestamp=conversion.started,
    )
    for check in conversion.checks:
        case = ET.SubElement(suite, "testcase", classname=conversion.kind, name=check.name, time="0")
        if sign := signs[check.outcome]:
            problem = ET.SubElement(case, sign, type=check.outcome, message=check.finding.en)
            problem.text = f"{check.title.vi}: {check.finding.vi}"
        else:
            ET.SubElement(case, "system-out").text = check.finding.en
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def cell(words: str) -> str:
    """Text that stays text in a table cell of Markdown."""
    for sign in "\\`*_[]<>|":
        words = words.replace(sign, f"\\{sign}")
    return " ".join(words.split())


def value(written: str, field: str) -> str:
    """A value of a file as the page shows it: sums and counts as numbers, "" as a dash."""
    if field in NUMBERS and written.removeprefix("-").isdecimal():
        return count(int(written))
    return written or "–"


def _rendered(template: str, conversion: Conversion, *, autoescape: bool) -> str:
    made = environment(autoescape=autoescape)
    own, shared = PackageLoader("reports.conversion"), made.loader
    made.loader = ChoiceLoader([own, shared] if shared else [own])
    made.filters["cell"] = cell
    made.filters["value"] = value
    made.globals.update(
        tables=TABLES,
        table_titles=TABLE_TITLES,
        names={each.code: f"{each.code} {each.name}" for each in conversion.provinces},
        most_open=MOST_OPEN,
        when=when,
    )
    wrong = [kind for kind in conversion.kinds if kind.count]
    clean = [kind for kind in conversion.kinds if not kind.count]
    return made.get_template(template).render(conversion=conversion, wrong=wrong, clean=clean)
