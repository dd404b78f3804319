"""What the rehearsal asks of the reference data."""

from __future__ import annotations

from collections import Counter

import pytest

from fixtures.reference.provinces import provinces
from fixtures.reference.traffic import traffic_figure
from rehearsal import country


@pytest.mark.parametrize("weighting", ["population", "activity", "uniform"])
def test_shares_of_the_34_provinces_sum_to_one(weighting: country.Weighting) -> None:
    shares = country.shares(weighting)
    assert len(shares) == 34
    assert sum(shares.values()) == pytest.approx(1)
    assert min(shares.values()) > 0


def test_activity_foretells_what_was_published_better_than_population_does() -> None:
    """Ho Chi Minh City had 14.7 % of dossiers with 12.3 % of the people."""
    published = traffic_figure("hcmc_share_of_dossiers").value
    by_activity, by_people = country.shares("activity")["79"], country.shares("population")["79"]
    assert by_people == pytest.approx(traffic_figure("hcmc_share_of_population").value, abs=0.001)
    assert abs(by_activity - published) < abs(by_people - published)
    assert by_activity == pytest.approx(published, rel=0.05)
    assert country.shares("activity")["11"] == pytest.approx(0.0034, rel=0.1)  # Dien Bien


def test_every_province_counts_as_city_delta_or_mountain() -> None:
    kinds = Counter(country.landscape(province) for province in provinces())
    assert kinds == {"city": 6, "delta": 16, "mountain": 12}


def test_every_commune_has_one_home_and_an_old_province_that_went_into_its_own() -> None:
    homes = [(code, home) for code in country.province_codes() for home in country.homes(code)]
    assert len({home.commune for _, home in homes}) == len(homes) == 3321
    assert all(country.successors()[home.old_province] == code for code, home in homes)


def test_people_of_all_63_old_provinces_are_found() -> None:
    found = {home.old_province for code in country.province_codes() for home in country.homes(code)}
    assert found == set(country.successors())
    assert len(found) == 63


@pytest.mark.parametrize(
    ("province", "commune", "old"),
    [
        pytest.param("31", "11948", "31", id="Bach Long Vi was Hai Phong's"),
        pytest.param("44", "19742", "45", id="Con Co was Quang Tri's"),
        pytest.param("48", "20333", "48", id="Hoang Sa was Da Nang's"),
        pytest.param("51", "21548", "51", id="Ly Son was Quang Ngai's"),
        pytest.param("79", "26732", "77", id="Con Dao was Ba Ria - Vung Tau's"),
    ],
)
def test_islands_without_old_wards_are_placed_too(province: str, commune: str, old: str) -> None:
    assert country.Home(commune, old) in country.homes(province)
