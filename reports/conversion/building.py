"""From what the reconciliation found to the report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec
import pyarrow as pa

from reports.conversion.checks import checks
from reports.conversion.expecting import Rule
from reports.conversion.kinds import KINDS
from reports.conversion.model import (
    FORMAT,
    Conversion,
    Example,
    KindRow,
    ProvinceRow,
    TableRow,
    TrialRow,
)
from reports.conversion.reconciling import Reconciled
from reports.evidence_file import CommandCheck
from reports.finding import Outcome, worst
from reports.text import Text, count

EXAMPLES = 5
"""How many examples a kind has in the report; ``findings.arrow`` holds all."""


class Planted(msgspec.Struct, frozen=True):
    """A fault that somebody planted: ``planted.json`` is a list of them."""

    kind: str
    province: str
    record: str


MADE_UP = Text("Tệp giả lập do chương trình này tạo ra.", "Synthetic files, made by this program.")


def build(
    done: Reconciled,
    rule: Rule,
    *,
    started: str,
    seconds: float,
    origin: Text = MADE_UP,
    planted: Sequence[Planted] | None = None,
    others: Sequence[CommandCheck] = (),
) -> Conversion:
    """The report. ``planted``: None where this is no trial; ``others``: answers from elsewhere."""
    every = [*checks(done, rule.tables["procedures"]), *others]
    trial = [] if planted is None else compared(planted, done.findings)
    rows = sum(each.expected for each in done.tallies)
    outcome = worst(check.outcome for check in every)
    if not all(row.exact for row in trial):
        outcome = "inconclusive"
    if planted is not None:
        # a country with planted faults says nothing of the obligations
        every = [msgspec.structs.replace(check, requirements=[]) for check in every]
    return Conversion(
        format=FORMAT,
        kind="conversion" if planted is None else "conversion-planted",
        started=started,
        origin=origin,
        outcome=outcome,
        sentence=_sentence(done, rows, trial, outcome),
        seconds=round(seconds, 2),
        rows=rows,
        findings=len(done.findings),
        examined=done.examined,
        checks=every,
        kinds=_kinds(done),
        provinces=_provinces(done, rule),
        trial=trial,
    )


def compared(planted: Sequence[Planted], findings: pa.Table) -> list[TrialRow]:
    """What was planted held against what was found, kind by kind."""
    wanted = Counter((each.kind, each.province, each.record) for each in planted)
    columns = (findings[name].to_pylist() for name in ("kind", "province", "record"))
    found = Counter(zip(*columns, strict=True))
    hits, extra = wanted & found, found - wanted
    count_of = [_by_kind(each) for each in (wanted, hits, extra)]
    return [
        TrialRow(kind, KINDS[kind].title, *(each[kind] for each in count_of))
        for kind in KINDS
        if any(each[kind] for each in count_of)
    ]


def _by_kind(counted: Counter[tuple[str, str, str]]) -> Counter[str]:
    numbers: Counter[str] = Counter()
    for (kind, _, _), number in counted.items():
        numbers[kind] += number
    return numbers


def _sentence(done: Reconciled, rows: int, trial: list[TrialRow], outcome: Outcome) -> Text:
    dossiers = sum(each.expected for each in done.tallies if each.table == "dossiers")
    wrong = len(done.findings)
    told = Text(
        f"{count(dossiers)} hồ sơ trong {count(rows)} dòng phải có ở hệ thống mới: {count(wrong)} sai lệch; "
        f"{count(done.examined.held)} hồ sơ chờ quyết định vì xã bị chia.",
        f"{count(dossiers)} dossiers in {count(rows)} rows have to be in the new systems: {count(wrong)} "
        f"things are wrong; {count(done.examined.held)} dossiers wait for a decision because their ward was "
        "split.",
    )
    if trial:
        planted = sum(row.planted for row in trial)
        found = sum(row.found for row in trial)
        invented = sum(row.invented for row in trial)
        told += Text(
            f"Lỗi cài sẵn: {count(planted)}, tìm thấy {count(found)}, báo nhầm {count(invented)}.",
            f"Planted faults: {count(planted)}, of which {count(found)} were found, and {count(invented)} "
            "invented.",
        )
        if outcome == "inconclusive":
            told += Text("Phép đối chiếu không đáng tin.", "The reconciliation cannot be believed.")
    return told


def _kinds(done: Reconciled) -> list[KindRow]:
    examined = Counter[str]()
    for each in done.tallies:
        examined[each.table] += each.expected
    examined["handover"] = done.examined.handovers
    found, places = Counter[str](), defaultdict[str, set[str]](set)
    examples = defaultdict[str, list[Example]](list)
    for batch in done.findings.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            kind = row.pop("kind")
            found[kind] += 1
            places[kind].add(row["province"])
            if len(examples[kind]) < EXAMPLES:
                examples[kind].append(Example(**row))
    return [
        KindRow(
            kind=name,
            table=kind.table,
            title=kind.title,
            count=found[name],
            examined=(among := examined[kind.table]),
            provinces=len(places[name]),
            bound=3 / among if among and not found[name] else None,
            examples=examples[name],
        )
        for name, kind in KINDS.items()
    ]


def _provinces(done: Reconciled, rule: Rule) -> list[ProvinceRow]:
    wrong = Counter(done.findings["province"].to_pylist())
    return [
        ProvinceRow(
            code=code,
            name=rule.names[code],
            parts=[rule.old_names[old] for old in rule.parts[code]],
            tables=[
                TableRow(
                    table=each.table,
                    source=each.source,
                    expected=each.expected,
                    found=each.found,
                    equal=each.equal,
                    expected_sha256=each.expected_sha256,
                    found_sha256=each.found_sha256,
                )
                for each in done.tallies
                if each.province == code
            ],
            findings=wrong[code],
        )
        for code in rule.new
    ]
