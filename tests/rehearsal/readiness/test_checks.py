"""What a sweep sees in a province that is ready, and in one that lacks something of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest

import fixtures
from mocks.gaps import Gap
from rehearsal.readiness.checks import rows
from rehearsal.readiness.planting import KINDS, compare
from reports.readiness.model import Cell
from tests.rehearsal.readiness.countries import PROVINCE, InMemory, province, swept
from tests.rehearsal.readiness.leftovers import leave_one

COMMUNES = [each.code for each in fixtures.communes_of(PROVINCE.code)]
DETAILS = {
    "procedure": fixtures.open_procedures()[5].code,
    "service": fixtures.open_procedures()[3].code,
    "fee": fixtures.fees()[0].code,
}


def gap_of(kind: str, number: int) -> Gap:
    """A gap of this kind somewhere in the province, at a commune that no other has."""
    match KINDS[kind].of:
        case "commune":
            unit = COMMUNES[3 + number]
        case "province":
            unit = PROVINCE.code
        case "old-province":
            unit = {"portal-open": "10", "portal-closed-early": "15"}[kind]
    what = KINDS[kind].details
    detail = DETAILS[what] if what else ""
    return Gap(kind, unit, fixtures.procedures()[0].code if kind == "district-procedure-left" else detail)


EVERY_KIND = [gap_of(kind, number) for number, kind in enumerate(KINDS)]


@pytest.fixture
def ready(tmp_path: Path) -> dict[str, Cell]:
    """What is seen in a province that lacks nothing, by check."""
    with province(tmp_path) as country:
        return {cell.check: cell for cell in swept(country, tmp_path)}


def test_a_province_that_is_ready_meets_every_check(ready: dict[str, Cell]) -> None:
    assert list(ready) != []
    assert {name: cell.outcome for name, cell in ready.items()} == {
        check.name: "met" for check in rows("across", own=True)
    }


def test_every_commune_is_looked_at(ready: dict[str, Cell]) -> None:
    communes = PROVINCE.communes_total
    assert ready["dossier-taken"].examined == ready["status-back"].examined == communes
    assert ready["test-records-gone"].examined == communes
    assert ready["hotline-numbers"].examined == communes + 1  # and the provincial centre
    assert ready["portal-closed-after-t0"].examined == 2


def test_exactly_what_is_lacking_is_found(tmp_path: Path) -> None:
    with province(tmp_path, EVERY_KIND) as country:
        comparison = compare(EVERY_KIND, swept(country, tmp_path))
    assert comparison.exact, comparison.sentence()
    assert comparison.planted == len(KINDS)


@pytest.mark.parametrize("kind", ["no-status-back", "unit-unknown", "sync-up-broken"])
def test_a_sweep_leaves_no_test_record_behind(tmp_path: Path, kind: str) -> None:
    with province(tmp_path, [gap_of(kind, 0)]) as country:
        swept(country, tmp_path)
        for system in ("national-portal", "case-15"):
            records = country.time.run(InMemory(country).stored(system))
            assert [each for each in records if each.intent.startswith("readiness-")] == []


def test_dossiers_of_a_killed_sweep_are_purged_by_the_next(tmp_path: Path) -> None:
    with province(tmp_path) as country:
        first = tmp_path / "first"
        first.mkdir()
        swept(country, first)
        # the same citizen hands something in, and is killed before it is purged

        code = leave_one(country)
        second = tmp_path / "second"
        second.mkdir()
        swept(country, second)
        assert country.get("national-portal", f"/api/dossiers/{code}").status_code == 404


def test_a_commune_that_the_portal_does_not_know_is_no_shortfall_of_what_follows(tmp_path: Path) -> None:
    gap = gap_of("unit-unknown", 0)
    with province(tmp_path, [gap]) as country:
        cells = {cell.check: cell for cell in swept(country, tmp_path)}
    assert [each.unit for each in cells["unit-at-portal"].shortfalls] == [gap.unit]
    for check in ("dossier-taken", "status-back"):
        assert cells[check].shortfalls == []
        assert [each.unit for each in cells[check].unseen] == [gap.unit]
        assert cells[check].outcome == "inconclusive"
