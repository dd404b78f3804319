"""What the plan says is owed, and what the case systems of a prepared country really send."""

from __future__ import annotations

import zlib

import pytest

import fixtures
from mocks.partners_feeds import READY, RETURNS, is_one_in
from rehearsal import topology
from rehearsal.plan import dues as planned
from rehearsal.plan.dues import dues


def test_the_way_of_a_dossier_alone_owes_nothing() -> None:
    assert dues("core") == ()


def test_what_is_owed_is_owed_at_systems_of_the_country_by_procedures_that_are_offered() -> None:
    systems = {each.name for each in topology.systems("whole")}
    offered = {each.code for each in fixtures.procedures() if each.level != "abolished"}
    for due in dues("whole"):
        assert due.system in systems
        assert set(due.procedures) <= offered


def test_no_procedure_owes_the_same_register_twice() -> None:
    owed = [(due.system, code) for due in dues("whole") for code in due.procedures]
    assert len(owed) == len(set(owed))


@pytest.mark.parametrize(
    ("field", "registers"),
    [
        ("civil-status", {"civil-status"}),
        ("interconnected", {"birth-death", "civil-status", "population", "social-insurance"}),
        ("judicial-records", {"judicial-records"}),
        ("education", set()),
    ],
)
def test_a_procedure_owes_the_registers_of_its_field(field: str, registers: set[str]) -> None:
    offered = [each for each in fixtures.procedures() if each.field == field and each.level != "abolished"]
    assert offered
    for procedure in offered:
        assert {due.system for due in dues("whole") if procedure.code in due.procedures} == registers


def test_the_dossiers_with_a_return_by_post_are_those_that_case_systems_choose() -> None:
    (due,) = (each for each in dues("whole") if each.family == "returns")
    assert (due.one_in, due.status) == (RETURNS, READY)
    codes = [f"G22.99-20250701-{number:07d}" for number in range(200)]
    chosen = [code for code in codes if zlib.crc32(f"{due.system}/{code}".encode()) % due.one_in == 0]
    assert chosen == [code for code in codes if is_one_in(RETURNS, code, "postal")]
    assert chosen
    assert planned.RETURNED_ONE_IN == RETURNS
