"""The newest evidence in a folder of runs: the reports of scenarios, and the evidence of commands.

::

    runs/<scenario>/<started>/report.json        the newest that was judged
    runs/<command>/<started>/evidence.json       of each check the newest

What cannot be read may have said that something failed: nothing older counts in its place. What was not
judged, because it is under way or was broken off, gives way to what is older; where nothing is, it is all
there is to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from reports.errors import ReportError, RunFolderError
from reports.evidence_file import EVIDENCE, CommandCheck
from reports.evidence_file import read as read_evidence
from reports.finding import worst
from reports.requirements import run_report
from reports.requirements.model import FOLDER, Evidence, Shown, Statement
from reports.requirements.notes import Notes
from reports.text import Text, listed

PLANNED = "plan.json"
"""Every run has one from its beginning."""


class Source(msgspec.Struct, frozen=True):
    """What one scenario or command shows: ``evidence`` by the id of the obligation that it speaks for.

    That of a scenario is of its newest run; that of a command may be of several calls, newest first.
    """

    name: str
    evidence: dict[str, list[Evidence]]


class Gathered(msgspec.Struct, frozen=True):
    """What a folder of runs holds. ``notes`` name what was left out, and why; ``damaged``: some of it should
    have been read."""

    sources: list[Source]
    notes: list[Text]
    damaged: bool = False


def gather(runs: Path, statements: Sequence[Statement], subject: str = "") -> Gathered:
    """Read what a folder of runs holds of those who speak for obligations. A missing folder holds nothing.

    With a ``subject`` only what commands found out about that counts; runs are of the suite's own systems.

    What cannot be read or was not judged is named in a note and, where nothing else counts in its place, is
    evidence that came to no conclusion. Raises :class:`~reports.errors.RunFolderError` where the folder
    itself cannot be read, or nothing in it is about the subject.
    """
    notes = Notes()
    speaking = {each.source: each for each in statements}
    sources: list[Source] = []
    calls: dict[str, list[_Call]] = {}
    for group in _folders(runs) if runs.exists() else ():
        if group.name == FOLDER:
            continue
        try:
            newest_first = sorted(_folders(group), key=lambda folder: folder.name, reverse=True)
        except RunFolderError as error:
            notes.damaged.append(_hides(error))
            continue
        for call in _calls(newest_first, runs, notes):
            if call.subject == subject:
                calls.setdefault(call.name, []).append(call)
            elif call.subject:
                notes.others[call.subject] = None
        source = None if subject else _newest_run(newest_first, runs, speaking, notes)
        if source is not None:
            sources.append(source)
    if subject and not calls:
        raise RunFolderError(
            f'{runs}: nothing in it is about "{subject}"; results are there about '
            f"{listed((f'“{name}”' for name in sorted(notes.others)), 40) or 'no other systems than mocks'}"
        )
    for name, found in calls.items():
        if name in speaking:
            sources.append(_of_command(speaking[name], found))
        elif not all(call.doubt.en for call in found):
            notes.unknown[name] = None
    return Gathered(sources, notes.all(), damaged=bool(notes.damaged))


def _folders(parent: Path) -> list[Path]:
    """Its folders by name; ``runs/latest`` points to one that is there anyway."""
    try:
        return sorted(each for each in parent.iterdir() if each.is_dir() and not each.is_symlink())
    except OSError as error:
        raise RunFolderError(f"{parent}: cannot be read: {error.strerror}") from error


def _newest_run(
    newest_first: Sequence[Path], runs: Path, speaking: Mapping[str, Statement], notes: Notes
) -> Source | None:
    unjudged: Source | None = None
    for folder in newest_first:
        try:
            if not (folder / run_report.REPORT).exists():
                if (folder / PLANNED).exists():
                    notes.unjudged.append(_not_judged(folder))
                    unjudged = unjudged or _silent(folder, NOT_JUDGED, runs, speaking)
                continue
            report = run_report.read(folder)
        except (ReportError, OSError) as error:
            notes.damaged.append(_hides(error))
            return _silent(folder, _unreadable(run_report.REPORT), runs, speaking)
        name = report.scenario.name
        if report.expected != "met":
            notes.unprepared[name] = None
            return None
        if name not in speaking:
            notes.unknown[name] = None
            return None
        if report.scenario.scale != 1:
            notes.scaled[name] = None
            continue
        page = _page(folder, "report.html", run_report.REPORT, runs)
        return Source(name, run_report.evidence(report, page))
    return unjudged


def _silent(folder: Path, why: Text, runs: Path, speaking: Mapping[str, Statement]) -> Source | None:
    """A run that says nothing of what its scenario states. None where that is no scenario."""
    statement = speaking.get(folder.parent.name)
    if statement is None:
        return None
    told = _said_nothing(statement, _Call(statement.source, folder.name, [], _relative(folder, runs), why))
    return Source(statement.source, {id_: [told] for id_ in statement.requirements})


class _Call(msgspec.Struct, frozen=True):
    """The evidence of one call of a command, about a ``subject``. ``doubt``: why there is none, if so."""

    name: str
    started: str
    checks: list[CommandCheck]
    report: str
    doubt: Text = Text()
    subject: str = ""


def _calls(newest_first: Sequence[Path], runs: Path, notes: Notes) -> Iterator[_Call]:
    for folder in newest_first:
        name = folder.parent.name
        try:
            if not (folder / EVIDENCE).exists():
                if (folder / f"{name}.json").exists():
                    notes.unjudged.append(_broken_off(folder))
                    yield _Call(name, folder.name, [], _relative(folder, runs), BROKEN_OFF)
                continue
            read = read_evidence(folder / EVIDENCE)
        except (ReportError, OSError) as error:
            notes.damaged.append(_hides(error))
            yield _Call(name, folder.name, [], _relative(folder, runs), _unreadable(EVIDENCE))
            return
        page = _page(folder, f"{read.kind}.html", EVIDENCE, runs)
        yield _Call(read.kind, read.started, read.checks, page, subject=read.subject)


def _of_command(statement: Statement, newest_first: Sequence[_Call]) -> Source:
    """Of each check the newest: a command may have been called for some of its checks alone."""
    seen: set[str] = set()
    evidence: dict[str, list[Evidence]] = {}
    for call in newest_first:
        fresh = [each for each in call.checks if each.name not in seen]
        seen.update(each.name for each in fresh)
        for id_ in dict.fromkeys(id_ for each in fresh for id_ in each.requirements):
            mine = [each for each in fresh if id_ in each.requirements]
            checks = [Shown(each.name, each.title, each.outcome, each.finding) for each in mine]
            outcome = worst(each.outcome for each in mine)
            told = Evidence(call.name, "command", call.started, outcome, checks, call.report)
            evidence.setdefault(id_, []).append(told)
    for call in newest_first:
        if call.doubt.en:
            for id_ in statement.requirements:
                evidence.setdefault(id_, [_said_nothing(statement, call)])
    return Source(statement.source, evidence)


def _said_nothing(statement: Statement, call: _Call) -> Evidence:
    return Evidence(
        statement.source, statement.origin, call.started, "inconclusive", [], call.report, call.doubt
    )


def _page(folder: Path, page: str, data: str, runs: Path) -> str:
    """The report that a reader opens, relative to the folder of runs."""
    return _relative(folder / page if (folder / page).exists() else folder / data, runs)


def _relative(path: Path, runs: Path) -> str:
    return path.relative_to(runs).as_posix()


def _unreadable(file: str) -> Text:
    return Text(f"Không đọc được {file}.", f"{file} cannot be read.")


def _hides(error: ReportError | OSError) -> Text:
    return Text(
        f"Không đọc được, nên kết quả cũ hơn cũng không được tính: {error}",
        f"Cannot be read, and hides what is older: {error}",
    )


NOT_JUDGED = Text(
    f"Chưa có phán quyết: không có {run_report.REPORT}.",
    f"It was not judged: {run_report.REPORT} is missing.",
)


def _not_judged(folder: Path) -> Text:
    return Text(
        f"Bỏ qua: {folder}: không có {run_report.REPORT}; nếu lần chạy đã kết thúc, "
        f"`rehearse report {folder}` sẽ ghi tệp này.",
        f"Skipped: {folder}: {run_report.REPORT} is missing; if the run is over, `rehearse report {folder}` "
        "writes it.",
    )


BROKEN_OFF = Text(
    f"Lệnh chưa làm xong: không có {EVIDENCE}.",
    f"The command did not come to its end: {EVIDENCE} is missing.",
)


def _broken_off(folder: Path) -> Text:
    return Text(f"Bỏ qua: {folder}: {BROKEN_OFF.vi}", f"Skipped: {folder}: {BROKEN_OFF.en}")
