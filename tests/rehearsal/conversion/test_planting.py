"""Whatever is planted, in whatever number, from whatever seed: exactly that is found."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rehearsal.conversion.faults import FAULTS, KINDS_PLANTED
from reports.conversion.kinds import KINDS
from tests.rehearsal.conversion.small import found, make, reconciled

BESIDE = {
    "attachment-moved", "result-moved", "unit-moved",  # follow from what their dossier or province suffers
    "result-invented", "unit-invented", "unit-altered", "account-invented", "account-altered",
    "procedure-invented",
}  # fmt: skip
"""Kinds that no fault plants: their judges are tested row by row."""


def test_every_kind_is_planted_or_said_not_to_be() -> None:
    assert set(KINDS_PLANTED) | BESIDE == set(KINDS)
    assert not set(KINDS_PLANTED) & BESIDE
    assert len(KINDS_PLANTED) >= 25
    assert all(KINDS[kind].table == fault.table for kind, fault in FAULTS.items())


@pytest.mark.parametrize("seed", range(3))
def test_a_clean_conversion_has_no_finding_and_equal_checksums(tmp_path: Path, seed: int) -> None:
    make(tmp_path, seed=seed)
    done = reconciled(tmp_path)
    assert not found(done)
    assert all(tally.equal and tally.expected for tally in done.tallies)
    assert done.examined.held
    assert done.examined.abolished_dossiers


@pytest.mark.parametrize("kind", KINDS_PLANTED)
def test_a_fault_of_one_kind_is_found_as_what_it_is(tmp_path: Path, kind: str) -> None:
    planted = make(tmp_path, {kind: 4}, seed=11)
    assert planted, f"{kind} found no place in the small country"
    assert found(reconciled(tmp_path)) == Counter(planted)


@given(
    seed=st.integers(0, 2**31),
    asked=st.dictionaries(st.sampled_from(KINDS_PLANTED), st.integers(1, 12), max_size=12),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_found_is_what_was_planted_and_nothing_is_invented(seed: int, asked: dict[str, int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        planted = make(Path(folder), asked, dossiers=900, seed=seed)
        assert found(reconciled(Path(folder))) == Counter(planted)


def test_all_kinds_at_once_are_told_apart(tmp_path: Path) -> None:
    planted = make(tmp_path, dict.fromkeys(KINDS_PLANTED, 6), dossiers=4_000, seed=3)
    assert {each.kind for each in planted} == set(KINDS_PLANTED)
    assert found(reconciled(tmp_path)) == Counter(planted)


def test_the_same_seed_plants_the_same(tmp_path: Path) -> None:
    asked = dict.fromkeys(KINDS_PLANTED, 2)
    first, again, other = (
        make(tmp_path / name, asked, seed=seed) for name, seed in (("a", 5), ("b", 5), ("c", 6))
    )
    assert first == again
    assert first != other


def test_what_finds_no_place_is_not_said_to_be_planted(tmp_path: Path) -> None:
    planted = make(tmp_path, {"split-guessed": 500}, dossiers=300)
    assert 0 < len(planted) < 500
    assert found(reconciled(tmp_path)) == Counter(planted)
