"""The rule says what may be seen at worst; what was seen is the worst that anybody got."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaos import catalogue
from reports.matrix.expectation import (
    EFFECTS,
    LEVELS,
    ROLES,
    RULE,
    Level,
    effect,
    expected,
    level,
    not_worse,
    role_of,
    roles,
    worst,
)
from reports.matrix.files import Role, Use
from tests.reports.matrix.examples import USES, fault, seen

FOUND = roles(USES, before_t0=False)
NEVER = {"wrong", "doubled", "lost"}


@pytest.mark.parametrize(
    ("way", "role"),
    [
        ("citizens--national-portal", "asked"),
        ("national-portal--vneid", "waited-for"),
        ("national-portal--population", "done-without"),  # derived as waited for, declared
        ("national-portal--procedures", "done-without"),  # seldom seen in a quiet run, declared
        ("national-portal--lgsp", "behind"),
        ("payment--national-portal", "unused"),
    ],
)
def test_the_role_of_a_way_is_what_a_quiet_run_showed_unless_it_is_declared(way: str, role: Role) -> None:
    assert role_of(FOUND, "submit-dossier", [way]) == role


def test_statuses_go_up_behind_the_work_of_officials_though_nobody_can_see_it() -> None:
    assert role_of(FOUND, "process-dossiers", ["lgsp--national-portal"]) == "behind"
    assert role_of(FOUND, "look-up-dossier", ["lgsp--national-portal"]) == "unused"


def test_of_several_ways_the_most_essential_role_counts() -> None:
    assert (
        role_of(FOUND, "submit-dossier", ["national-portal--lgsp", "national-portal--vneid"]) == "waited-for"
    )
    assert role_of(FOUND, "submit-dossier", []) == "unused"


def test_roles_before_t0_and_after_it_are_apart() -> None:
    uses = [Use("sign-in", "provincial-portal--vneid", "waited-for", before_t0=True)]
    assert roles(uses, before_t0=True) == {("sign-in", "provincial-portal--vneid"): "waited-for"}
    assert roles(uses, before_t0=False) == {}


@pytest.mark.parametrize(
    ("kind", "way", "at_worst"),
    [
        ("cut", "citizens--national-portal", "unanswered"),
        ("slow", "citizens--national-portal", "degraded"),
        ("errors", "citizens--national-portal", "refused"),
        ("cut", "national-portal--vneid", "refused"),
        ("frozen", "national-portal--vneid", "degraded"),
        ("cut", "national-portal--population", "degraded"),
        ("killed", "national-portal--lgsp", "queued"),
        ("duplicate-delivery", "citizens--national-portal", "full"),
        ("nothing", "citizens--national-portal", "full"),
        ("cut", "payment--national-portal", "full"),
        ("a-kind-of-tomorrow", "national-portal--vneid", "refused"),
    ],
)
def test_what_may_be_seen_follows_from_the_role_and_from_what_the_fault_does(
    kind: str, way: str, at_worst: Level
) -> None:
    assert expected([fault(kind, way)], FOUND, "submit-dossier") == at_worst


def test_of_two_faults_the_worse_counts() -> None:
    both = [fault("slow", "citizens--national-portal"), fault("cut", "national-portal--vneid")]
    assert expected(both, FOUND, "submit-dossier") == "refused"


def test_harm_and_wrong_answers_are_never_expected() -> None:
    for role in ROLES:
        assert NEVER.isdisjoint(RULE[role].values())


def test_effects_are_named_for_kinds_that_there_are() -> None:
    assert set(EFFECTS) <= set(catalogue.KINDS)
    assert effect("cut") == effect("killed") == "silences"


@pytest.mark.parametrize(
    ("more", "got"),
    [
        ({}, "full"),
        ({"late": 1}, "queued"),
        ({"slow": 1, "requests": 100}, "full"),
        ({"slow": 2, "requests": 100}, "degraded"),
        ({"errors": {"http-503": 1}}, "refused"),
        ({"errors": {"http-429": 1}}, "refused"),
        ({"errors": {"connect": 1}}, "refused"),
        ({"errors": {"http-502": 3, "timeout": 1}}, "unanswered"),
        ({"errors": {"reset": 1}}, "unanswered"),
        ({"errors": {"timeout": 9, "http-404": 1}}, "wrong"),
        ({"errors": {"wrong-amount": 1}}, "wrong"),
        ({"charged_twice": 1}, "doubled"),
        ({"doubled": 1, "errors": {"timeout": 1}}, "doubled"),
        ({"undelivered": 1}, "lost"),
        ({"lost": 1, "doubled": 1}, "lost"),
    ],
)
def test_what_was_seen_is_the_worst_that_anybody_got(more: dict[str, Any], got: Level) -> None:
    assert level(seen("submit-dossier", **more), lied_to=False) == got


def test_not_found_is_a_refusal_where_the_system_itself_was_told_to_say_so() -> None:
    told = seen("submit-dossier", errors={"http-404": 1})
    assert level(told, lied_to=True) == "refused"
    assert level(told, lied_to=False) == "wrong"
    assert level(seen("submit-dossier", errors={"wrong-dossier": 1}), lied_to=True) == "wrong"


@given(st.sampled_from(LEVELS), st.sampled_from(LEVELS))
def test_levels_are_in_one_order(one: Level, other: Level) -> None:
    assert not_worse(one, other) or not_worse(other, one)
    assert worst([one, other]) == (other if not_worse(one, other) else one)
