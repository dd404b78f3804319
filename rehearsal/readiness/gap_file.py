"""A file of gaps: TOML, one ``[[gap]]`` for each thing that the mocks shall lack.

::

    [[gap]]
    kind = "catalogue-incomplete"     # rehearse list gaps
    unit = "15"                       # code of a province, an old province or a commune
    detail = "1.001193"               # what is lacking there, where the kind asks for it
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from mocks.gaps import Gap
from rehearsal.errors import suggest
from rehearsal.readiness import toml_file
from rehearsal.readiness.planting import KINDS, details_of, units_of
from rehearsal.scenario.problems import Finding
from rehearsal.scenario.reading import Tree
from rehearsal.scenario.section import Many, OneOf, Section


class _Gap(Section):
    kind: Annotated[str, OneOf("kind of gap", lambda: KINDS)]
    unit: str
    detail: str = ""


class _File(Section):
    gap: Many[_Gap] = Field(min_length=1)


def read(path: Path) -> list[Gap]:
    """The gaps of a file. Raises :class:`~rehearsal.errors.ScenarioError` with everything that is wrong."""
    written = toml_file.read(path, _File, _wrong)
    return [Gap(each.kind, each.unit, each.detail) for each in written.gap]


def _wrong(tree: Tree) -> Iterator[Finding]:
    """Units and details that there are not, of the gaps that are well written."""
    written = tree.get("gap")
    for number, each in enumerate(written if isinstance(written, list) else ()):
        try:
            gap = _Gap.model_validate(each)
        except ValidationError:
            continue  # what is wrong with it is found by its type
        kind = KINDS[gap.kind]
        units, details = units_of(kind.of), details_of(kind.details)
        if gap.unit not in units:
            yield Finding(("gap", number, "unit"), f"is no code of a {kind.of}; {suggest(gap.unit, units)}")
        path = ("gap", number, "detail")
        if kind.details and not gap.detail:
            yield Finding(path, f"must be given: the code of a {kind.details}")
        elif kind.details and gap.detail not in details:
            yield Finding(path, f"is no code of a {kind.details}; {suggest(gap.detail, details)}")
        elif gap.detail and not kind.details:
            yield Finding(path, "a gap of this kind has none; leave it out")
