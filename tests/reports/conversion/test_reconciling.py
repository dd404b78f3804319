"""A conversion by hand: what must be there follows from the source and the rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reports.conversion.checks import checks
from reports.conversion.expecting import Rule
from reports.conversion.reading import rule_tables
from tests.reports.conversion.folders import (
    DUE,
    SHA,
    reconciled,
    source,
    source_dossier,
    target,
    target_dossier,
    told,
    write,
)


def held(**other: Any) -> dict[str, Any]:
    return target_dossier(commune="", placed="held", unit="H38.99", **other)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({}, target_dossier(), id="district, whole ward"),
        pytest.param({"ward": "00002"}, held(), id="split ward, nothing known"),
        pytest.param({"ward": "00002", "hamlet": "Thôn 9"}, held(), id="split ward, unlisted hamlet"),
        pytest.param(
            {"ward": "00002", "hamlet": "Thôn 1"},
            target_dossier(commune="00011", placed="hamlet", unit="H38.99.00011"),
            id="split ward, listed hamlet",
        ),
        pytest.param(
            {"procedure": "9.9"}, target_dossier(procedure="9.9", old_rule=True), id="abolished procedure"
        ),
        pytest.param(
            {"level": "province", "unit": "H38.99", "procedure": "1.5"},
            target_dossier(level="province", unit="H38.99", procedure="1.5"),
            id="provincial",
        ),
    ],
)
def test_what_must_become_of_a_dossier(tmp_path: Path, before: dict[str, Any], after: dict[str, Any]) -> None:
    write(
        tmp_path,
        source() | {"dossiers": [source_dossier(**before)]},
        target() | {"dossiers": [after]},
    )
    done = reconciled(tmp_path)
    assert told(done) == []
    assert all(tally.equal for tally in done.tallies)


def test_a_difference_is_told_with_both_values_and_the_place(tmp_path: Path) -> None:
    write(tmp_path, None, target() | {"dossiers": [target_dossier(due=DUE.replace(day=5))]})
    (row,) = reconciled(tmp_path).findings.to_pylist()
    assert row == {
        "kind": "due-date-altered",
        "province": "15",
        "record": "D-1",
        "field": "due",
        "expected": "2025-07-04T17:00:00+07:00",
        "found": "2025-07-05T17:00:00+07:00",
    }


TWO = [source_dossier(), source_dossier(code="D-2", owner_id="015705000002")]


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        pytest.param([target_dossier()], [("dossier-lost", "D-2")], id="lost"),
        pytest.param(
            [target_dossier(), target_dossier(code="D-9", owner_id="015705000002")],
            [("dossier-code-changed", "D-2")],
            id="another code",
        ),
        pytest.param(
            [target_dossier(owner_id="015705000002"), target_dossier()],
            [("dossier-code-shared", "D-2")],
            id="one code for both, the wrong one first",
        ),
        pytest.param(
            [*[target_dossier()] * 3, target_dossier(code="D-2", owner_id="015705000002")],
            [("dossier-doubled", "D-1"), ("dossier-doubled", "D-1")],
            id="three times",
        ),
        pytest.param(
            [
                target_dossier(),
                target_dossier(code="D-2", owner_id="015705000002"),
                target_dossier(code="D-3", owner_id="3"),
            ],
            [("dossier-invented", "D-3")],
            id="invented",
        ),
        pytest.param([], [("dossier-lost", "D-1"), ("dossier-lost", "D-2")], id="all lost"),
        pytest.param(
            [
                target_dossier(),
                target_dossier(code="D-2", owner_id="015705000002"),
                target_dossier(code="D-3"),
            ],
            [("dossier-under-two-codes", "D-3")],
            id="one of them under two codes",
        ),
        pytest.param(
            [target_dossier(), target_dossier(code="D-9", owner_id="015705000002", paid=0)],
            [("dossier-code-changed", "D-2"), ("payment-lost", "D-2")],
            id="another code, and what else is wrong",
        ),
    ],
)
def test_what_is_left_over(
    tmp_path: Path, after: list[dict[str, Any]], wanted: list[tuple[str, str]]
) -> None:
    write(tmp_path, source() | {"dossiers": TWO}, target() | {"dossiers": after})
    assert told(reconciled(tmp_path)) == wanted


def test_what_belongs_to_a_lost_dossier_is_not_told_again(tmp_path: Path) -> None:
    write(tmp_path, None, target() | {"dossiers": [], "attachments": [], "results": []})
    assert told(reconciled(tmp_path)) == [("dossier-lost", "D-1")]


def test_a_result_that_follows_its_dossier_to_another_code_is_told_once(tmp_path: Path) -> None:
    after = target() | {"dossiers": [target_dossier(code="D-9")]}
    after["attachments"] = [{**row, "dossier": "D-9"} for row in after["attachments"]]
    after["results"] = [{**row, "dossier": "D-9"} for row in after["results"]]
    write(tmp_path, None, after)
    assert told(reconciled(tmp_path)) == [("dossier-code-changed", "D-1")]


def test_a_second_file_of_the_same_name_is_a_finding(tmp_path: Path) -> None:
    after = target()
    after["attachments"].append({"dossier": "D-1", "name": "Đơn 2.pdf", "sha256": SHA})
    write(tmp_path, None, after)
    assert told(reconciled(tmp_path)) == [("attachment-invented", "D-1 / Đơn 2.pdf")]


@pytest.mark.parametrize(
    ("attachment", "wanted"),
    [
        pytest.param({"name": "Đơn.p"}, ("attachment-renamed", "name", "D-1 / Đơn.p"), id="name cut off"),
        pytest.param({"dossier": "D-7"}, ("attachment-misfiled", "dossier", "D-7 / Đơn.pdf"), id="orphaned"),
        pytest.param({"sha256": "cd" * 32}, ("attachment-altered", "sha256", "cd" * 32), id="content"),
    ],
)
def test_an_attachment_is_recognised_by_its_content(
    tmp_path: Path, attachment: dict[str, Any], wanted: tuple[str, str, str]
) -> None:
    after = target()
    after["attachments"][0] |= attachment
    write(tmp_path, None, after)
    (row,) = reconciled(tmp_path).findings.to_pylist()
    assert (row["kind"], row["field"], row["found"]) == wanted
    assert row["record"] == "D-1 / Đơn.pdf"


def test_a_result_under_another_code_is_recognised_and_compared(tmp_path: Path) -> None:
    after = target()
    after["results"][0] |= {"code": "KQ-9", "reusable": False}
    write(tmp_path, None, after)
    assert told(reconciled(tmp_path)) == [("result-code-changed", "KQ-1"), ("result-not-reusable", "KQ-1")]


def test_what_the_two_sides_said_is_held_against_their_files(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "source" / "handover.json").write_text(json.dumps({"dossiers": {"10": 1, "15": 2}}))
    (tmp_path / "target" / "handover.json").write_text(json.dumps({"units": {"15": 3}}))
    done = reconciled(tmp_path)
    assert told(done) == [("counts-off", "source / dossiers / 15")]
    assert done.examined.handovers == 3


def test_a_count_of_an_old_province_is_told_of_the_new_one(tmp_path: Path) -> None:
    write(tmp_path)
    for side in ("source", "target"):
        (tmp_path / side / "handover.json").write_text(json.dumps({"units": {"15": 9}}))
    (tmp_path / "source" / "handover.json").write_text(json.dumps({"units": {"10": 9}}))
    rows = reconciled(tmp_path).findings.to_pylist()
    assert [(row["province"], row["record"]) for row in rows] == [
        ("15", "source / units / 10"),
        ("15", "target / units / 15"),
    ]


@pytest.mark.parametrize(("has", "kinds"), [("\u00c1nh", []), ("A\u0301nh", [("name-decomposed", "D-1")])])
def test_a_name_of_any_form_must_be_composed_in_the_target(
    tmp_path: Path, has: str, kinds: list[tuple[str, str]]
) -> None:
    """Old systems wrote names in more than one form of Unicode; that is no reason to refuse their files."""
    dossiers = source() | {"dossiers": [source_dossier(owner_name="A\u0301nh")]}
    write(tmp_path, dossiers, target() | {"dossiers": [target_dossier(owner_name=has)]})
    assert told(reconciled(tmp_path)) == kinds


def answers(folder: Path) -> dict[str, str]:
    found = checks(reconciled(folder), Rule(rule_tables(folder / "rule")).tables["procedures"])
    return {check.name: check.outcome for check in found}


def test_the_answers_of_a_clean_conversion(tmp_path: Path) -> None:
    write(tmp_path)
    outcomes = answers(tmp_path)
    assert outcomes.pop("nothing-guessed") == "inconclusive", "no address lies in a split ward"
    assert outcomes.pop("district-procedures-counted") == "missed", "this rule has 2, not 346"
    assert outcomes.pop("handover-tallies") == "inconclusive", "neither side says what was handed over"
    assert set(outcomes.values()) == {"met"}


def test_a_check_of_districts_looks_at_their_dossiers_alone(tmp_path: Path) -> None:
    """A due date that changed is of a district's dossier in one case, and of a province's in the other."""
    late = {"due": DUE.replace(day=9)}
    write(tmp_path / "district", None, target() | {"dossiers": [target_dossier(**late)]})
    provincial = {"level": "province", "unit": "H38.99", "procedure": "1.5"}
    both = [source_dossier(), source_dossier(code="D-2", owner_id="2", **provincial)]
    after = [target_dossier(), target_dossier(code="D-2", owner_id="2", **provincial, **late)]
    write(tmp_path / "province", source() | {"dossiers": both}, target() | {"dossiers": after})
    found = {name: answers(tmp_path / name) for name in ("district", "province")}
    assert [each["district-dossiers-go-on"] for each in found.values()] == ["missed", "met"]
    assert [each["contents-kept"] for each in found.values()] == ["missed", "missed"]


@pytest.mark.parametrize(
    ("sides", "outcome"),
    [
        (("source", "target"), "met"),
        (("source",), "inconclusive"),
        (("target",), "inconclusive"),
    ],
)
def test_counts_tally_only_where_both_sides_state_them(
    tmp_path: Path, sides: tuple[str, ...], outcome: str
) -> None:
    write(tmp_path)
    stated = {"source": {"dossiers": {"10": 1}}, "target": {"units": {"15": 3}}}
    for side in sides:
        (tmp_path / side / "handover.json").write_text(json.dumps(stated[side]))
    assert answers(tmp_path)["handover-tallies"] == outcome
