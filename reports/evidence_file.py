"""``evidence.json``: what a command that needs no swarm has found out, check by check.

A command writes it as ``runs/<command>/<started>/evidence.json``, beside its own reports; the matrix of
obligations reads it as it reads the verdicts of runs.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from reports.files import indented, write_whole
from reports.finding import Outcome
from reports.run_check import decoded
from reports.text import Text

EVIDENCE = "evidence.json"

_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+([-.][a-z0-9]+)*$")]


class CommandCheck(msgspec.Struct, frozen=True):
    """What one check found. ``requirements`` are the ids of the obligations that it speaks for.

    ``examined`` counts what was looked at, in the unit of the finding; of nothing, nothing is met.
    """

    name: _Name
    title: Text
    outcome: Outcome
    requirements: list[str]
    finding: Text
    examined: Annotated[int, msgspec.Meta(ge=0)]

    def __post_init__(self) -> None:
        if self.outcome == "met" and self.examined == 0:
            raise ValueError(
                f"check {self.name!r} is met, but it examined nothing; legal is inconclusive or missed"
            )


class CommandEvidence(msgspec.Struct, frozen=True):
    """What a command found. ``kind`` is its name; ``started`` is ISO 8601 with its offset.

    ``subject`` names whose systems or files were examined, "" for those of the suite: what is true of mocks
    says nothing of a staging system, and the other way round.
    """

    kind: _Name
    started: str
    outcome: Outcome
    checks: list[CommandCheck]
    subject: str = ""

    def __post_init__(self) -> None:
        try:
            offset = datetime.fromisoformat(self.started).utcoffset()
        except ValueError:
            offset = None
        if offset is None:
            raise ValueError(
                f"started is {self.started!r}; legal is ISO 8601 with an offset, "
                "such as 2025-07-01T00:00:00+07:00"
            )


def write(folder: Path, evidence: CommandEvidence) -> Path:
    """Write ``evidence.json`` into the folder, whole or not at all; give its path."""
    return write_whole(folder / EVIDENCE, indented(evidence))


def read(path: Path) -> CommandEvidence:
    """The evidence of a file. Raises :class:`~reports.errors.RunFolderError` with place and value."""
    return decoded(path, CommandEvidence)
