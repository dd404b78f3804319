"""Every dependency meets every kind of fault that can befall it."""

from __future__ import annotations

import pytest

from chaos import catalogue
from rehearsal.errors import UsageError
from rehearsal.matrix.cells import LEFT_OUT, PARAMETERS, Cell, pairs, singles
from rehearsal.matrix.dependencies import dependencies

LINK_KINDS = {kind for kind, fault in catalogue.KINDS.items() if fault.place == "link"} - LEFT_OUT
SYSTEM_KINDS = {kind for kind, fault in catalogue.KINDS.items() if fault.place == "system"}
PROCESS_KINDS = {kind for kind, fault in catalogue.KINDS.items() if fault.place == "process"}


def kinds_of(dependency: str) -> set[str]:
    return {cell.choices[0].kind for cell in singles([dependency])}


@pytest.mark.parametrize(
    ("dependency", "kinds"),
    [
        ("entrance", LINK_KINDS - {"partition"} | SYSTEM_KINDS | PROCESS_KINDS),
        # these two ask nobody, so that they cannot ask twice
        ("identity", LINK_KINDS - {"partition"} | SYSTEM_KINDS - {"duplicate-delivery"} | PROCESS_KINDS),
        ("population", LINK_KINDS - {"partition"} | SYSTEM_KINDS - {"duplicate-delivery"} | PROCESS_KINDS),
        ("payment", LINK_KINDS - {"partition"} | SYSTEM_KINDS | PROCESS_KINDS),
        ("checkout", LINK_KINDS - {"partition"}),
        ("forwarding", LINK_KINDS - {"partition"} | SYSTEM_KINDS),
        ("three-provinces", LINK_KINDS | PROCESS_KINDS),
    ],
)
def test_a_dependency_meets_all_kinds_that_can_befall_it(dependency: str, kinds: set[str]) -> None:
    assert kinds_of(dependency) == kinds


def test_every_dependency_has_cells_and_every_cell_a_name_of_its_own() -> None:
    cells = singles()
    assert {cell.choices[0].dependency.name for cell in cells} == {each.name for each in dependencies()}
    assert len({cell.name for cell in cells}) == len(cells)


def test_every_kind_of_the_catalogue_is_played_somewhere() -> None:
    assert {cell.choices[0].kind for cell in singles()} == set(catalogue.KINDS) - LEFT_OUT


def test_parameters_are_those_of_kinds_that_there_are() -> None:
    assert set(PARAMETERS) <= set(catalogue.KINDS)


def test_a_dependency_that_does_not_exist_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match='--only identiy: is no dependency; did you mean "identity"'):
        singles(["identiy"])


def test_pairs_are_of_two_dependencies_after_t0_and_kill_nothing() -> None:
    cells = pairs(["identity", "payment", "old-portals-open"])
    assert cells
    for cell in cells:
        first, second = cell.choices
        assert first.dependency != second.dependency
        assert not cell.processes
        assert not cell.before_t0
        names = [name for name, _ in cell.faults]
        assert len(set(names)) == 2


def test_only_where_both_faults_befall_the_same_provinces_is_everybody_else_left_alone() -> None:
    (few,) = {cell.choices[0] for cell in singles(["three-provinces"]) if cell.choices[0].kind == "cut"}
    (all_,) = {cell.choices[0] for cell in singles(["forwarding"]) if cell.choices[0].kind == "cut"}
    assert Cell((few,)).provinces == few.dependency.provinces
    assert Cell((few, all_)).provinces == ()
