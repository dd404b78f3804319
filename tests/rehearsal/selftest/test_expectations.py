"""Every defect is expected to be seen, where it can be, by checks that exist."""

from __future__ import annotations

import pytest

from mocks.defects import DEFECTS
from rehearsal import country, topology
from rehearsal.plan import make_plan
from rehearsal.scenario import load
from rehearsal.selftest.expectations import (
    CASE,
    EXPECTATIONS,
    OLD_PORTAL,
    PLATFORM,
    QUIET,
    SCENARIOS,
    Expectation,
)
from reports.checks import CHECKS
from reports.text import Text

EACH = pytest.mark.parametrize("defect", EXPECTATIONS)
HANOI = "01"


def test_every_defect_has_an_expectation_and_nothing_else_has() -> None:
    assert set(EXPECTATIONS) == set(DEFECTS)
    assert len(EXPECTATIONS) >= 30


@EACH
def test_it_is_planted_in_a_system_of_its_kind(defect: str) -> None:
    assert topology.kinds()[EXPECTATIONS[defect].system].value == DEFECTS[defect].kind


@EACH
def test_only_what_shows_without_a_fault_is_planted_on_the_quiet_day(defect: str) -> None:
    assert (EXPECTATIONS[defect].scenario == QUIET) == (not DEFECTS[defect].needs)


@EACH
def test_it_is_named_by_checks_that_exist_and_are_not_about_validity(defect: str) -> None:
    kinds = {check.name: check.kind for check in CHECKS}
    for pattern in EXPECTATIONS[defect].named_by:
        name = pattern.removesuffix(".*")
        assert name in kinds, f"{name} is no check; there are {', '.join(kinds)}"
        assert kinds[name] != "validity"


@EACH
def test_it_is_said_why_in_one_short_sentence_of_both_languages(defect: str) -> None:
    why = EXPECTATIONS[defect].why
    for text in (why.vi, why.en):
        assert text.endswith(".")
        assert text.count(". ") == 0
        assert 10 < len(text) <= 90


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_hanoi_in_which_provincial_defects_are_planted_gets_visitors(scenario: str) -> None:
    assert {name.partition("-")[2] for name in (CASE, PLATFORM, OLD_PORTAL)} == {HANOI}
    table = make_plan(load(scenario), 1).arrivals
    rows = table.select(["province", "journey"]).to_pylist()
    submitting = [row["province"] for row in rows if row["journey"].startswith("submit")]
    assert submitting.count(HANOI) >= 15
    assert set(submitting) == set(country.province_codes()), "every province gets some"


@pytest.mark.parametrize(
    ("named_by", "findings", "naming"),
    [
        (("no-dossier-lost",), ["synchronised", "no-dossier-lost"], ["no-dossier-lost"]),
        (("slo.*",), ["slo.read", "slow", "slo.pay"], ["slo.read", "slo.pay"]),
        (("no-dossier-lost",), ["no-dossier-lost-twice"], []),
        (("recovery",), ["recovery.vneid-slow", "recovery-time"], ["recovery.vneid-slow"]),
        (("a", "b"), ["b"], ["b"]),
        (("a",), [], []),
    ],
)
def test_which_findings_name_it(named_by: tuple[str, ...], findings: list[str], naming: list[str]) -> None:
    assert Expectation("d", "payment", QUIET, named_by, Text()).naming(findings) == naming
