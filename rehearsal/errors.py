"""How a rehearsal can end, and the exceptions that end it early.

::

    Exception
    └── RehearsalError               70  our own fault, unless a child says otherwise
        ├── UsageError                2  the command line asks for something that does not exist
        │   └── ScenarioError         2  a scenario file cannot be used; holds every problem found
        ├── EvidenceError             3  a run folder holds too little to be judged
        ├── SetUpError                4  a process, a port or Toxiproxy did not come up
        └── Interrupted             130  somebody pressed Ctrl-C; the links were healed first

MET (0) and MISSED (1) are verdicts about the country, no errors, and have no exception.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

NAMES_SHOWN = 12
"""A list of legal names longer than this is cut in a message: the nearest ones are named anyway."""


ALIKE = 0.6
"""Ratio from which difflib itself calls two words a close match."""


class ExitCode(IntEnum):
    """The exit codes of the command line. One meaning each, so that CI can tell them apart."""

    MET = 0
    MISSED = 1
    USAGE = 2
    INCONCLUSIVE = 3
    NO_ENVIRONMENT = 4
    OUR_FAULT = 70
    INTERRUPTED = 130


class RehearsalError(Exception):
    """Anything that ends a command early. The message is written for the user, without a traceback."""

    exit_code: ClassVar[ExitCode] = ExitCode.OUR_FAULT


class UsageError(RehearsalError):
    """The user asked for something that cannot be done as asked."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a scenario file.

    ``place`` is the file and the path of the key (``smoke.toml: faults[1].links[0]``), ``value`` what
    stands there as it is written in TOML ("" where something is missing), ``message`` what is legal.
    """

    place: str
    value: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.value, self.message) if part)


class ScenarioError(UsageError):
    """A scenario file cannot be used. ``problems`` holds everything that is wrong, in the file's order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EvidenceError(RehearsalError):
    """The files of a run cannot carry a verdict."""

    exit_code = ExitCode.INCONCLUSIVE


class SetUpError(RehearsalError):
    """What the rehearsal needs around it did not come up; the message says how to fix it."""

    exit_code = ExitCode.NO_ENVIRONMENT


class Interrupted(RehearsalError):  # noqa: N818 -- it is how a run ended, not a mistake of anyone
    """The user ended the run. Raised only after every link was healed."""

    exit_code = ExitCode.INTERRUPTED


def nearest(name: str, legal: Iterable[str], count: int = 3) -> list[str]:
    """The legal names most like ``name``, best first; at least one where there is any legal name.

    Likeness is difflib's ratio; among equals those come first that begin alike.
    """
    likeness = _likeness(name, legal)
    return [candidate for candidate in likeness if likeness[candidate] >= ALIKE][:count] or [*likeness][:1]


def suggest(name: str, legal: Iterable[str]) -> str:
    """``did you mean "x"? (legal: ...)``, for the end of a message about an unknown name."""
    names = list(dict.fromkeys(legal))
    if not names:
        return "nothing is legal here"
    close = nearest(name, names)
    quoted = " or ".join(f'"{candidate}"' for candidate in close)
    alike = _likeness(name, close)[close[0]] >= ALIKE
    offer = f"did you mean {quoted}?" if alike else f"the nearest is {quoted}"
    shown = ", ".join(names[:NAMES_SHOWN])
    rest = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return f"{offer} (legal: {shown}{rest})"


def _likeness(name: str, legal: Iterable[str]) -> dict[str, float]:
    """How much each legal name is like ``name``, from 0 to 1, the most alike first."""
    wanted = name.casefold()
    folded = {candidate: candidate.casefold() for candidate in legal}
    ratio = {each: difflib.SequenceMatcher(None, folded[each], wanted).ratio() for each in folded}
    best = sorted(folded, key=lambda each: (-ratio[each], folded[each][:1] != wanted[:1]))
    return {each: ratio[each] for each in best}
