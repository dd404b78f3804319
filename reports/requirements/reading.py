"""The newest evidence in a folder of runs: the reports of scenarios, and the evidence of commands.

::

    runs/<scenario>/<started>/report.json        the newest that was judged
    runs/<command>/<started>/evidence.json       of each check the newest

What cannot be read may have said that something failed: nothing older counts in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from reports.errors import ReportError, RunFolderError
from reports.evidence_file import EVIDENCE, CommandCheck
from reports.evidence_file import read as read_evidence
from reports.finding import Kind, Outcome, worst
from reports.requirements.model import FOLDER, Evidence, Shown
from reports.run_check import decoded
from reports.text import Text, listed
from reports.verdict import FORMAT

REPORT = "report.json"
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


class _Finding(msgspec.Struct, frozen=True):
    """A finding as ``report.json`` has it: every text is two strings."""

    name: str
    title: str
    outcome: Outcome
    explanation: str
    kind: Kind
    requirements: list[str]
    title_vi: str = ""
    explanation_vi: str = ""

    @property
    def shown(self) -> Shown:
        return Shown(self.name, Text(self.title_vi, self.title), self.outcome, self.told)

    @property
    def told(self) -> Text:
        return Text(self.explanation_vi, self.explanation)


class _Scenario(msgspec.Struct, frozen=True):
    name: str
    hypothesis: str
    hypothesis_vi: str = ""
    scale: float = 1.0


class _Validity(msgspec.Struct, frozen=True):
    outcome: Outcome
    findings: list[_Finding]


class _Stated(msgspec.Struct, frozen=True):
    id: str


class _Making(msgspec.Struct, frozen=True):
    started: str


class _Report(msgspec.Struct, frozen=True):
    """What the matrix needs of ``report.json`` (:class:`reports.verdict.Verdict`)."""

    format: int
    outcome: Outcome
    expected: Outcome
    scenario: _Scenario
    validity: _Validity
    findings: list[_Finding]
    requirements: list[_Stated]
    making: _Making


class _NotJudgedError(RunFolderError):
    """The run has no verdict: it was interrupted, or is under way."""


class _Notes:
    """What was left out: sets of names that keep their order, and messages."""

    def __init__(self) -> None:
        self.damaged: list[Text] = []
        self.unjudged: list[Text] = []
        self.unprepared: dict[str, None] = {}
        self.scaled: dict[str, None] = {}
        self.unknown: dict[str, None] = {}

    def all(self) -> list[Text]:
        """Each kind of them in a line; what cannot be read in one each."""
        return [*self.damaged, *self.unjudged, *self._grouped()]

    def _grouped(self) -> Iterator[Text]:
        if self.unprepared:
            names = listed(self.unprepared, 40)
            yield Text(
                f"Không tính các lần chạy trên quốc gia chưa chuẩn bị: {names}. Chúng cho thấy kiểm tra có "
                "thể không đạt, không nói gì về quốc gia thật.",
                f"Left out are runs of countries that are not prepared: {names}. They show that a check can "
                "fail, and say nothing of the country.",
            )
        if self.scaled:
            names = listed(self.scaled, 40)
            yield Text(
                f"Không tính các lần chạy ở mức tải khác với kịch bản: {names}.",
                f"Left out are runs at another load than the scenario's own: {names}.",
            )
        if self.unknown:
            names = listed(self.unknown, 40)
            yield Text(
                f"Không tính các thử nghiệm không nêu yêu cầu nào: {names}.",
                f"Left out are trials that speak for no obligation: {names}.",
            )


def gather(runs: Path, scenarios: Sequence[str], commands: Sequence[str]) -> Gathered:
    """Read what a folder of runs holds of these scenarios and commands. A missing folder holds nothing.

    What cannot be read is named in a note, and hides what is older. A run that was not judged does not.
    """
    notes = _Notes()
    sources: list[Source] = []
    of_commands: dict[str, list[_Command]] = {}
    for group in _folders(runs):
        if group.name == FOLDER:
            continue
        newest_first = sorted(_folders(group), key=lambda folder: folder.name, reverse=True)
        for command in _commands(newest_first, runs, notes):
            of_commands.setdefault(command.name, []).append(command)
        source = _newest_run(newest_first, runs, scenarios, notes)
        if source is not None:
            sources.append(source)
    for name, found in of_commands.items():
        if name in commands:
            sources.append(_of_command(name, found))
        else:
            notes.unknown[name] = None
    return Gathered(sources, notes.all(), damaged=bool(notes.damaged))


def _folders(parent: Path) -> list[Path]:
    """Its folders by name; ``runs/latest`` points to one that is there anyway."""
    try:
        return sorted(each for each in parent.iterdir() if each.is_dir() and not each.is_symlink())
    except OSError:
        return []


def _newest_run(
    newest_first: Sequence[Path], runs: Path, scenarios: Sequence[str], notes: _Notes
) -> Source | None:
    for folder in newest_first:
        try:
            report = _report(folder)
        except _NotJudgedError as error:
            notes.unjudged.append(Text(f"Bỏ qua: {error}", f"Skipped: {error}"))
            continue
        except (ReportError, OSError) as error:
            notes.damaged.append(_hides(error))
            return None
        if report is None:
            continue
        name = report.scenario.name
        if report.expected != "met":
            notes.unprepared[name] = None
            return None
        if name not in scenarios:
            notes.unknown[name] = None
            return None
        if report.scenario.scale != 1:
            notes.scaled[name] = None
            continue
        return _of_run(report, _page(folder, "report.html", REPORT, runs))
    return None


def _report(folder: Path) -> _Report | None:
    """The report of a run; None where the folder is of no run. Raises :class:`RunFolderError`."""
    if not (folder / REPORT).exists():
        if not (folder / PLANNED).exists():
            return None
        raise _NotJudgedError(
            f"{folder}: {REPORT} is missing; if the run is over, `rehearse report {folder}` writes it"
        )
    report = decoded(folder / REPORT, _Report)
    if report.format != FORMAT:
        raise RunFolderError(
            f"{folder / REPORT}: format is {report.format}; this version reads format {FORMAT}"
        )
    return report


def _of_run(report: _Report, page: str) -> Source:
    name = report.scenario.name
    broken = [each.told for each in report.validity.findings if each.outcome != "met"]
    believed = report.validity.outcome == "met"
    doubt = Text() if believed else (broken[0] if broken else NOT_BELIEVED)
    evidence: dict[str, list[Evidence]] = {}
    for stated in report.requirements:
        checks = [each.shown for each in report.findings if stated.id in each.requirements]
        checks = checks or [_verdict(report)]
        outcome = worst(each.outcome for each in checks) if believed else "inconclusive"
        told = Evidence(name, "run", report.making.started, outcome, checks, page, doubt)
        evidence[stated.id] = [told]
    return Source(name, evidence)


NOT_BELIEVED = Text("Lần chạy không đáng tin.", "The run cannot be believed.")


def _verdict(report: _Report) -> Shown:
    """The verdict of a run, for obligations of which no single check speaks; and on what it rests."""
    told = Text(report.scenario.hypothesis_vi, report.scenario.hypothesis)
    if report.outcome != "met":
        names = listed(each.name for each in report.findings if each.outcome == report.outcome)
        told = Text(f"Chưa đạt: {names}.", f"Not met: {names}.")
    return Shown("verdict", Text("Phán quyết của lần chạy", "Verdict of the run"), report.outcome, told)


class _Command(msgspec.Struct, frozen=True):
    """The evidence of one call of a command."""

    name: str
    started: str
    checks: list[CommandCheck]
    report: str


def _commands(newest_first: Sequence[Path], runs: Path, notes: _Notes) -> Iterator[_Command]:
    for folder in newest_first:
        try:
            if not (folder / EVIDENCE).exists():
                if (folder / f"{folder.parent.name}.json").exists():
                    notes.unjudged.append(_incomplete(folder))
                continue
            read = read_evidence(folder / EVIDENCE)
        except (ReportError, OSError) as error:
            notes.damaged.append(_hides(error))
            return
        page = _page(folder, f"{read.kind}.html", EVIDENCE, runs)
        yield _Command(read.kind, read.started, read.checks, page)


def _of_command(name: str, newest_first: Sequence[_Command]) -> Source:
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
            told = Evidence(name, "command", call.started, outcome, checks, call.report)
            evidence.setdefault(id_, []).append(told)
    return Source(name, evidence)


def _page(folder: Path, page: str, data: str, runs: Path) -> str:
    """The report that a reader opens, relative to the folder of runs."""
    found = folder / page if (folder / page).exists() else folder / data
    return found.relative_to(runs).as_posix()


def _hides(error: ReportError | OSError) -> Text:
    return Text(
        f"Không đọc được, nên kết quả cũ hơn cũng không được tính: {error}",
        f"Cannot be read, and hides what is older: {error}",
    )


def _incomplete(folder: Path) -> Text:
    return Text(
        f"Bỏ qua: {folder}: không có {EVIDENCE}; lệnh chưa làm xong",
        f"Skipped: {folder}: {EVIDENCE} is missing; the command did not come to its end",
    )
