"""What came of a night, for people and for machines. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from rehearsal.nightly.tasks import ELSEWHERE, Night


class Nightly(msgspec.Struct, frozen=True):
    """The content of the file of ``--json``: ``planned`` runs, those made, and how they ended."""

    planned: int
    made: int
    as_expected: int
    seconds: float
    rows: tuple[Night, ...]

    @property
    def as_it_should_be(self) -> bool:
        """Every run was made and ended as expected."""
        return 0 < self.planned == self.as_expected

    def to_json(self) -> bytes:
        """All figures and rows."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def nightly(rows: Sequence[Night], planned: int) -> Nightly:
    """Count what the rows show."""
    return Nightly(
        planned=planned,
        made=len(rows),
        as_expected=sum(row.as_expected for row in rows),
        seconds=round(sum(row.seconds for row in rows), 1),
        rows=tuple(rows),
    )


def told(row: Night) -> str:
    """One run in one line."""
    again = f", at the {row.attempts}nd try" if row.attempts > 1 else ""
    return f"{row.scenario}: {_ending(row)} ({row.seconds:.0f} s{again})"


def _ending(row: Night) -> str:
    missed = f" by {', '.join(row.missed)}" if row.missed else ""
    if row.as_expected:
        return f"{row.outcome}{missed}, as expected"
    if row.outcome == row.expected:
        return f"{row.outcome}{missed}, but not named: {', '.join(row.unnamed)}"
    return f"{row.outcome.upper()}{missed}, expected {row.expected}: {row.explanation}"


def summary(found: Nightly) -> list[str]:
    """What was found, for a person: every run that did not end as expected, and the figures."""
    lines = [told(row) for row in found.rows if not row.as_expected]
    missing = found.planned - found.made
    lines.append(
        f"{found.as_expected} of {found.planned} rehearsals ended as expected, "
        f"in {found.seconds / 60:.0f} min" + (f"; {missing} were not made" if missing else "")
    )
    return lines


def markdown(found: Nightly) -> str:
    """The night as a table, bilingual: a line for each run, by day."""
    rows = [
        "| Ngày · Day | Kịch bản · Scenario | Đất nước · Country | Mong đợi · Expected | Kết quả · Outcome "
        "| Phải nêu tên · Must be named | Không đạt · Missed | s |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in found.rows:
        country = "sẵn sàng · prepared" if row.prepared else "chưa sẵn sàng · unprepared"
        reasons = ", ".join(f"{_mark(name in row.reasons_found)} `{name}`" for name in row.reasons_wanted)
        missed = ", ".join(f"`{name}`" for name in row.missed)
        rows.append(
            f"| {row.day} | {row.scenario} | {country} | {row.expected} "
            f"| {_mark(row.as_expected)} {row.outcome} | {reasons} | {missed} | {row.seconds:.0f} |"
        )
    lines = [
        "# Diễn tập toàn bộ lịch · The whole calendar rehearsed",
        "",
        f"Đúng như mong đợi · as expected **{found.as_expected}** / **{found.planned}** · "
        f"{found.seconds / 60:.0f} min",
        "",
        *rows,
        "",
        "Các kịch bản của lệnh khác · Scenarios of other commands: "
        + ", ".join(f"{name} (`{command}`)" for name, command in ELSEWHERE.items())
        + ".",
    ]
    return "\n".join(lines) + "\n"


def _mark(is_well: bool) -> str:
    return "✓" if is_well else "✗"
