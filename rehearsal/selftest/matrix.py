"""Defect × check: which check named which defect, as a table to read and as figures. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from rehearsal.selftest.expectations import EXPECTATIONS
from rehearsal.selftest.rows import Row
from reports.text import Text

NAMED, BESIDES, SILENT = "●", "○", "✗"
"""A check named the defect rightly; it missed its mark besides; it should have named it and did not."""


class Figures(msgspec.Struct, frozen=True):
    """The content of the file of ``--json``; ``unknown`` runs came to no conclusive verdict."""

    planted: int
    detected: int
    clean: int
    false_alarms: int
    unknown: int
    rows: tuple[Row, ...]

    @property
    def as_it_should_be(self) -> bool:
        """Every defect detected, no false alarm, and every run conclusive."""
        return bool(self.rows) and all(row.as_it_should_be for row in self.rows)

    def to_json(self) -> bytes:
        """All figures; each row says in ``detected`` and ``false_alarm`` what came of it."""
        content = msgspec.to_builtins(self)
        for told, row in zip(content["rows"], self.rows, strict=True):
            told |= {"detected": row.detected, "false_alarm": row.false_alarm}
        return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def figures(rows: Sequence[Row]) -> Figures:
    """Count what the rows show."""
    planted = [row for row in rows if row.defect]
    return Figures(
        planted=len(planted),
        detected=sum(row.detected for row in planted),
        clean=len(rows) - len(planted),
        false_alarms=sum(row.false_alarm for row in rows),
        unknown=sum(not row.conclusive for row in rows),
        rows=tuple(rows),
    )


def told(row: Row) -> str:
    """One row in one line."""
    what = f"{row.defect} in {row.system}" if row.defect else f"{row.name} (seed {row.seed})"
    again = f", at the {row.attempts}nd try" if row.attempts > 1 else ""
    return f"{what}: {_what_came(row)}; {row.scenario}, {row.seconds:.0f} s{again}"


def _what_came(row: Row) -> str:
    if not row.conclusive:
        broken = f" ({', '.join(row.broken)})" if row.broken else ""
        return f"NO VERDICT{broken}: {row.explanation}"
    besides = [name for name in row.missed if name not in row.named_by]
    if not row.defect:
        return f"FALSE ALARM of {', '.join(besides)}: {row.explanation}" if besides else "met"
    more = f" (besides: {', '.join(besides)})" if besides else ""
    if row.detected:
        return f"detected by {', '.join(row.named_by)}{more}"
    return f"NOT DETECTED by {' or '.join(row.expected)}{more}"


def summary(found: Figures) -> list[str]:
    """What was found, for a person: the figures, and every row that is not as it should be."""
    lines = [told(row) for row in found.rows if not row.as_it_should_be]
    lines.append(
        f"{found.detected} of {found.planted} planted defects were detected by a check that names them "
        f"rightly; {found.false_alarms} false alarms in {found.clean} clean runs; {found.unknown} runs "
        "without a conclusive verdict."
    )
    return lines


def markdown(found: Figures) -> str:
    """The matrix, bilingual: rows are defects, columns the checks that missed their mark anywhere."""
    planted = [row for row in found.rows if row.defect]
    clean = [row for row in found.rows if not row.defect]
    checks = list(dict.fromkeys(_check(name) for row in planted for name in (*row.expected, *row.missed)))
    number = {check: index for index, check in enumerate(checks, start=1)}
    lines = [
        "# Tự kiểm tra · Self-test",
        "",
        f"Lỗi cài vào · planted **{found.planted}** · phát hiện · detected **{found.detected}** · "
        f"chạy sạch · clean **{found.clean}** · báo động giả · false alarms **{found.false_alarms}** · "
        f"chưa kết luận · no verdict **{found.unknown}**",
        "",
        f"{NAMED} gọi đúng tên lỗi · names the defect rightly; {BESIDES} cũng không đạt, là hệ quả · missed "
        f"besides, a consequence; {SILENT} lẽ ra phải gọi tên · should have named it and did not.",
        "",
        *_table(["Lỗi · Defect", "Hệ thống · System", *map(str, number.values())], _marks(planted, checks)),
        "",
        *(f"{index}. `{check}`" for check, index in number.items()),
        "",
        "## Vì sao · Why these checks",
        "",
        *_table(
            ["Lỗi · Defect", "Bộ kiểm tra · Check", "Vì sao", "Why", "Kịch bản · Scenario", "s"],
            [[row.defect, _code(row.expected), *_why(row.defect), row.scenario, f"{row.seconds:.0f}"]
             for row in planted],
        ),
        "",
        "## Chạy sạch · Clean runs",
        "",
        *_table(
            ["", "Kịch bản · Scenario", "Seed", "Kết quả · Outcome", "Không đạt · Missed", "s"],
            [[row.name, row.scenario, str(row.seed), row.outcome, _code(row.missed), f"{row.seconds:.0f}"]
             for row in clean],
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _marks(rows: Sequence[Row], checks: Sequence[str]) -> list[list[str]]:
    return [[row.defect, row.system, *(_mark(row, check) for check in checks)] for row in rows]


def _mark(row: Row, check: str) -> str:
    if check in map(_check, row.named_by):
        return NAMED
    if check in map(_check, row.missed):
        return BESIDES
    return SILENT if check in map(_check, row.expected) and not row.detected else ""


def _check(finding: str) -> str:
    """The check of a finding such as ``slo.read``."""
    return finding.partition(".")[0]


def _why(defect: str) -> tuple[str, str]:
    why = EXPECTATIONS[defect].why if defect in EXPECTATIONS else Text()
    return why.vi, why.en


def _code(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
