"""A file of gaps names kinds, units and details that there are; whatever else it names is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from mocks.gaps import Gap
from rehearsal.errors import ScenarioError
from rehearsal.readiness.gap_file import read
from rehearsal.readiness.planting import KINDS, details_of, units_of

FEE = "TEST-LP-01"


def written(folder: Path, text: str) -> Path:
    path = folder / "gaps.toml"
    path.write_text(text)
    return path


def gap(kind: str, unit: str, detail: str | None = None) -> str:
    lines = ["[[gap]]", f'kind = "{kind}"', f'unit = "{unit}"']
    return "\n".join([*lines, *([] if detail is None else [f'detail = "{detail}"']), ""])


def test_gaps_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, gap("sso-down", "15") + gap("fee-code-old", "15", FEE))
    assert read(path) == [Gap("sso-down", "15"), Gap("fee-code-old", "15", FEE)]


def test_every_kind_can_be_named(tmp_path: Path) -> None:
    every = [
        Gap(name, units_of(kind.of)[0], details_of(kind.details)[0] if kind.details else "")
        for name, kind in KINDS.items()
    ]
    text = "".join(gap(each.kind, each.unit, each.detail or None) for each in every)
    assert read(written(tmp_path, text)) == every


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(gap("sso-dwon", "15"), 'gap[0].kind: "sso-dwon": is no kind of gap', id="a kind"),
        pytest.param(gap("sso-down", "10"), 'gap[0].unit: "10": is no code of a province', id="a unit"),
        pytest.param(gap("fee-code-old", "15", "x"), "is no code of a fee", id="a fee"),
        pytest.param(gap("fee-code-old", "15"), "gap[0].detail: must be given: the code of a fee", id="none"),
        pytest.param(gap("sso-down", "15", "x"), "leave it out", id="a detail"),
        pytest.param('[[gap]]\nkind = "sso-down"', "gap[0].unit: must be given", id="no unit"),
        pytest.param('[[gap]]\nkind = "sso-down"\nunit = 15', "must be text in quotes", id="a number"),
        pytest.param('[[gap]]\nknid = "sso-down"', 'did you mean "kind"', id="a key"),
        pytest.param("gap = 3", "gap: 3: must be an array", id="no tables"),
        pytest.param("gap = []", "must hold at least one entry", id="empty"),
        pytest.param("", "gap: must be given", id="nothing"),
        pytest.param("[[gap", "gaps.toml:1:", id="no TOML"),
    ],
)
def test_what_is_wrong_is_named_with_what_would_be_legal(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read(written(tmp_path, text))
    assert said in str(error.value)
    assert "gaps.toml" in str(error.value)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = gap("sso-dwon", "15") + gap("sso-down", "10", "x") + gap("sso-down", "15") + "[[gap]]\nunit = 4\n"
    with pytest.raises(ScenarioError) as error:
        read(written(tmp_path, text))
    places = [problem.place.removeprefix("gaps.toml: ") for problem in error.value.problems]
    assert sorted(places) == ["gap[0].kind", "gap[1].detail", "gap[1].unit", "gap[3].kind", "gap[3].unit"]
