"""Codes of units: those of today are known, old ones lead to their successors, none is taken for another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fixtures
from mocks.gaps import Gap
from mocks.units import old_districts, succession
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing

CATALOGUE = "unit-catalogue"
TODAY = {each.code for each in fixtures.communes()}
GONE = [fixtures.ward_successors(ward.code) for ward in fixtures.old_wards() if ward.code not in TODAY]
WHOLE = next(each for each in GONE if isinstance(each, fixtures.WholeWard))
SPLIT = next(each for each in GONE if isinstance(each, fixtures.SplitWard))


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Country]:
    with standing(tmp_path, CATALOGUE, gaps=[Gap("unit-missing", "02671")]) as country:
        yield country


@given(st.sampled_from([each.code for each in fixtures.communes()]))
def test_a_unit_of_today_succeeds_itself(code: str) -> None:
    found = succession(code)
    assert found is not None
    assert (found.kind, [each.code for each in found.successors]) == ("current", [code])


@given(st.sampled_from([each.code for each in fixtures.old_wards()]))
def test_every_old_ward_leads_to_units_of_today(code: str) -> None:
    found = succession(code)
    assert found is not None
    assert all(
        each.code in {c.code for c in fixtures.communes_of(each.province)} for each in found.successors
    )
    assert (found.kind == "split") == (len(found.successors) > 1)


@given(st.text("0123456789", max_size=6))
def test_whatever_is_asked_has_an_answer_or_none(code: str) -> None:
    found = succession(code)
    assert found is None or (found.code == code and found.successors)


def test_every_old_district_lay_in_one_of_today_s_provinces() -> None:
    districts = [each for province in fixtures.provinces() for each in old_districts(province.code)]
    assert len(districts) == len(set(districts)) == len({each.district for each in fixtures.old_wards()})


def test_the_catalogue_has_34_provinces_and_3321_communes(catalogue: Country) -> None:
    provinces = catalogue.get(CATALOGUE, "/api/provinces").json()
    assert provinces[0] == {"code": "01", "name": "Thành phố Hà Nội", "type": "city", "province": "01"}
    assert len(provinces) == 34
    communes = [
        unit["code"]
        for each in provinces
        for unit in catalogue.get(CATALOGUE, f"/api/provinces/{each['code']}/communes").json()
    ]
    assert len(set(communes)) == len(communes) == 3_320
    assert "02671" not in communes, "the gap"


@pytest.mark.parametrize(
    ("code", "status", "said", "named"),
    [
        pytest.param("00004", 200, "", "Ba Đình", id="a commune, though an old ward had the same code"),
        pytest.param("15", 200, "", "Lào Cai", id="a province"),
        pytest.param(WHOLE.ward.code, 410, "unit-succeeded", WHOLE.successor.code, id="a ward gone whole"),
        pytest.param(SPLIT.ward.code, 410, "unit-split", SPLIT.candidates[-1].code, id="a ward divided"),
        pytest.param("001", 410, "unit-split", "00097", id="a district"),
        pytest.param("02", 410, "unit-succeeded", "08", id="an old province"),
        pytest.param("99999", 404, "no-such-unit", "99999", id="no unit at all"),
        pytest.param("02671", 404, "no-such-unit", "02671", id="a gap"),
    ],
)
def test_a_code_is_known_or_leads_on(
    catalogue: Country, code: str, status: int, said: str, named: str
) -> None:
    answer = catalogue.get(CATALOGUE, f"/api/units/{code}")
    assert answer.status_code == status
    assert named in answer.text
    if said:
        assert problem(answer) == said


def test_the_successors_of_an_old_code_are_data(catalogue: Country) -> None:
    answer = catalogue.get(CATALOGUE, f"/api/units/{SPLIT.ward.code}/successors").json()
    assert answer["kind"] == "split"
    assert [each["code"] for each in answer["successors"]] == [each.code for each in SPLIT.candidates]
    assert catalogue.get(CATALOGUE, "/api/units/99999/successors").status_code == 404


def test_the_version_in_force_is_the_order_of_two_levels(catalogue: Country) -> None:
    answer = catalogue.get(CATALOGUE, "/api/versions").json()
    assert (answer["current"], answer["in_force"]) == ("19/2025/QĐ-TTg", "2025-07-01")
    new, old = answer["versions"]
    assert (new["levels"], new["provinces"], new["communes"]) == (2, 34, 3_321)
    assert (old["levels"], old["provinces"], old["communes"]) == (3, 63, 10_035)


def test_there_are_34_provinces_and_no_other(catalogue: Country) -> None:
    answer = catalogue.get(CATALOGUE, "/api/provinces/02/communes")
    assert (answer.status_code, problem(answer)) == (404, "no-such-province")
