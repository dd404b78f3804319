"""What is demanded and who could show it, and the matrix that is made of it and of the evidence.

``demands.json`` is a :class:`Demands`, ``requirements.json`` a :class:`Matrix`; moments are ISO 8601. Paths
of reports are relative to the folder of runs, which the matrix names.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from reports.finding import Outcome
from reports.text import Text

FORMAT = 1
FOLDER = "requirements"
"""In the folder of runs."""
DEMANDS, MATRIX = "demands.json", "requirements.json"

State = Literal["proved", "failed", "inconclusive", "not_yet_run", "not_rehearsable"]
"""``inconclusive``: there is a newest run or result, and it says neither."""
Origin = Literal["run", "command"]
How = Literal["mock", "fault", "capacity", "client", "data", "through", "not-rehearsable"]
"""How a system is rehearsed; ``through``: by what the systems around it do."""


class Directive(msgspec.Struct, frozen=True):
    """One of the directives."""

    code: str
    title: Text


class Obligation(msgspec.Struct, frozen=True):
    """One demand. ``deadline`` is in the directive's words, ``due`` the moment they mean, "" for none."""

    id: str
    directive: str
    clause: Text
    who: Text
    obligation: Text
    measure: str
    deadline: Text
    systems: list[str]
    due: str = ""


class Statement(msgspec.Struct, frozen=True):
    """Who can speak for obligations, a scenario that a prepared country meets or a command; how to run it."""

    source: str
    origin: Origin
    command: str
    requirements: list[str]


class SignOff(msgspec.Struct, frozen=True):
    """Why no program can show that an obligation is fulfilled, and who signs for it instead."""

    id: str
    why: Text
    signs: Text


class System(msgspec.Struct, frozen=True):
    """A system of the directives, how it is rehearsed, ``by`` which parts, and what puts these to use.

    Where it cannot be rehearsed the note says why, and ``signs`` who stands for it instead.
    """

    id: str
    name: Text
    how: How
    by: list[str]
    exercised_by: list[str]
    note: Text
    signs: Text = Text()


class Reading(msgspec.Struct, frozen=True):
    """One of the moments that the directives give for the same thing, and the obligations that say so."""

    due: str
    requirements: list[str]
    note: Text


class Deadline(msgspec.Struct, frozen=True):
    """Something that the directives date differently: its readings, and the moment that is used.

    ``why`` it was chosen; ``given``: by whoever asked for the matrix, and not by the suite.
    """

    topic: str
    readings: list[Reading]
    chosen: str
    why: Text
    given: bool = False


class Demands(msgspec.Struct, frozen=True):
    """Everything that is known before any evidence is read."""

    made: str
    directives: list[Directive]
    obligations: list[Obligation]
    statements: list[Statement]
    sign_offs: list[SignOff]
    systems: list[System]
    deadlines: list[Deadline]
    format: int = FORMAT


class Shown(msgspec.Struct, frozen=True):
    """What one check showed."""

    name: str
    title: Text
    outcome: Outcome
    finding: Text


class Evidence(msgspec.Struct, frozen=True):
    """What one run, or one command, says of one obligation.

    ``doubt``: why it cannot be believed, was not judged or cannot be read, if so.
    """

    source: str
    origin: Origin
    started: str
    outcome: Outcome
    checks: list[Shown]
    report: str
    doubt: Text = Text()

    @property
    def unclear(self) -> Text:
        """Why it came to no conclusion; empty where it did."""
        open_ = (check.finding for check in self.checks if check.outcome == "inconclusive")
        return self.doubt if self.doubt.en else next(open_, Text())


class Row(msgspec.Struct, frozen=True):
    """One obligation. ``commands`` are all that could speak for it.

    ``reason``: why there is no run yet or, where none came to a conclusion, which did not, and why.
    """

    obligation: Obligation
    state: State
    evidence: list[Evidence]
    commands: list[str]
    reason: Text = Text()
    sign_off: SignOff | None = None

    @property
    def told(self) -> list[Evidence]:
        """The evidence that decides the state: the failures of what failed, the proofs of what is proved."""
        wanted = {"failed": "missed", "proved": "met"}.get(self.state, "inconclusive")
        return [each for each in self.evidence if each.outcome == wanted]


class Counts(msgspec.Struct, frozen=True):
    """How many obligations are in each state."""

    proved: int = 0
    failed: int = 0
    inconclusive: int = 0
    not_yet_run: int = 0
    not_rehearsable: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.proved + self.failed + self.open + self.not_rehearsable

    @property
    def open(self) -> int:
        """Neither shown nor for a signature."""
        return self.inconclusive + self.not_yet_run


class DirectiveRow(msgspec.Struct, frozen=True):
    """The obligations of one directive, counted."""

    directive: Directive
    counts: Counts


class Matrix(msgspec.Struct, frozen=True):
    """Everything that the reports say. ``notes`` name what was found in the folder of runs and left out.

    ``subject``: whose systems it is about, "" for those of the suite.
    """

    made: str
    runs: str
    sentence: Text
    counts: Counts
    directives: list[DirectiveRow]
    rows: list[Row]
    systems: list[System]
    deadlines: list[Deadline]
    notes: list[Text]
    subject: str = ""
    format: int = FORMAT

    def in_state(self, state: State) -> list[Row]:
        """The obligations of which became this."""
        return [row for row in self.rows if row.state == state]
