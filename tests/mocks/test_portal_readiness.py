"""What the core mocks tell a readiness sweep, what a gap makes them lack, and test dossiers purged."""

from __future__ import annotations

from pathlib import Path

import httpx
import msgspec
import pytest

import fixtures
from mocks.gaps import Gap
from tests.mocks.citizen import Citizen
from tests.mocks.country import Country, problem, running

PROVINCE, OTHER = "15", "19"
COMMUNE = fixtures.communes_of(PROVINCE)[0].code
SERVICE = fixtures.open_procedures()[0].code
PORTAL = "national-portal"


def delete(country: Country, system: str, *codes: str) -> int:
    """Purge test dossiers; how many were."""
    body = msgspec.json.encode({"codes": codes})
    answer = country.time.run(country.ask(system, "DELETE", "/api/test-dossiers", content=body))
    assert answer.status_code == 200
    purged: int = answer.json()["purged"]
    return purged


def procedures(country: Country, province: str) -> dict[str, str]:
    rows = country.get("procedures", f"/api/provinces/{province}/procedures").json()["procedures"]
    return {row["code"]: row["level"] for row in rows}


def services(country: Country, province: str) -> list[str]:
    found: list[str] = country.get(PORTAL, f"/api/provinces/{province}/services").json()["services"]
    return found


def deep_link(country: Country, agency: str) -> httpx.Response:
    return country.get(PORTAL, f"/nop-ho-so?MaTTHCDP={SERVICE}.000.00.00.{agency}")


# -- lists -----------------------------------------------------------------------------------------


def test_a_prepared_province_has_announced_every_procedure_in_force(country: Country) -> None:
    in_force = {each.code: each.level for each in fixtures.procedures() if each.level != "abolished"}
    assert procedures(country, PROVINCE) == in_force


def test_a_prepared_province_offers_every_online_service(country: Country) -> None:
    assert services(country, PROVINCE) == [each.code for each in fixtures.open_procedures()]


@pytest.mark.parametrize("path", ["/api/provinces/99/services", "/api/provinces/10/services"])
def test_a_province_that_there_is_not_has_no_list(country: Country, path: str) -> None:
    answer = country.get(PORTAL, path)
    assert (answer.status_code, problem(answer)) == (404, "no-such-province")


# -- gaps ------------------------------------------------------------------------------------------


def test_a_procedure_that_was_not_announced_and_one_that_was_left_at_the_district(tmp_path: Path) -> None:
    left, missing = fixtures.open_procedures()[1].code, SERVICE
    gaps = [Gap("catalogue-incomplete", PROVINCE, missing), Gap("district-procedure-left", PROVINCE, left)]
    with running(tmp_path, gaps=gaps) as country:
        assert missing not in procedures(country, PROVINCE)
        assert procedures(country, PROVINCE)[left] == "district"
        assert "district" not in procedures(country, OTHER).values()
        assert missing in procedures(country, OTHER)


def test_a_service_that_is_not_offered_cannot_be_opened_from_its_province(tmp_path: Path) -> None:
    with running(tmp_path, gaps=[Gap("service-unreachable", PROVINCE, SERVICE)]) as country:
        assert SERVICE not in services(country, PROVINCE)
        assert SERVICE in services(country, OTHER)
        own = deep_link(country, fixtures.province(PROVINCE).agency_code)
        assert (own.status_code, problem(own)) == (404, "service-not-offered")
        assert deep_link(country, fixtures.province(OTHER).agency_code).status_code == 200
        assert deep_link(country, "H99").status_code == 200  # no province: whoever comes from elsewhere


def test_a_commune_that_the_portal_does_not_know_can_hand_nothing_in(tmp_path: Path) -> None:
    with running(tmp_path, gaps=[Gap("unit-unknown", COMMUNE)]) as country:
        citizen = Citizen(country)
        refused = citizen.submit(citizen.dossier(commune=COMMUNE))
        assert (refused.status_code, problem(refused)) == (422, "no-such-unit")
        elsewhere = citizen.dossier(commune=fixtures.communes_of(PROVINCE)[1].code)
        assert citizen.submit(elsewhere).status_code == 201


@pytest.mark.parametrize(
    ("gap", "before", "after"),
    [
        pytest.param("portal-open", 200, 200, id="it stays open"),
        pytest.param("portal-closed-early", 308, 308, id="it closed early"),
        pytest.param("hotline-missing", 200, 308, id="as it should"),
    ],
)
def test_when_an_old_portal_closes(tmp_path: Path, gap: str, before: int, after: int) -> None:
    with running(tmp_path, gaps=[Gap(gap, "10")]) as country:
        country.set_t0(in_seconds=60.0)
        assert country.get("portal-10", "/").status_code == before
        country.set_t0()
        assert country.get("portal-10", "/").status_code == after


# -- test dossiers ---------------------------------------------------------------------------------


@pytest.fixture
def handed_in(country: Country) -> tuple[Citizen, str]:
    citizen = Citizen(country)
    return citizen, citizen.submit(citizen.dossier()).json()["code"]


def test_what_is_purged_is_nowhere_any_more(handed_in: tuple[Citizen, str]) -> None:
    citizen, code = handed_in
    country = citizen.country
    assert delete(country, PORTAL, code) == 1
    assert country.get(PORTAL, f"/api/dossiers/{code}").status_code == 404
    assert citizen.get("/api/me/dossiers").json()["dossiers"] == []
    assert country.stored(PORTAL) == []


def test_purged_twice_counts_once(handed_in: tuple[Citizen, str]) -> None:
    citizen, code = handed_in
    assert [delete(citizen.country, PORTAL, code, code, "G22.99-nothing") for _ in range(2)] == [1, 0]


def test_what_was_carried_over_cannot_be_purged(country: Country) -> None:
    code = next(each.dossier for each in country.stored(PORTAL, carried_over=True) if not each.at)
    assert delete(country, PORTAL, code) == 0
    assert country.get(PORTAL, f"/api/dossiers/{code}").status_code == 200


def test_it_stays_purged_whatever_still_comes_of_it(handed_in: tuple[Citizen, str]) -> None:
    citizen, code = handed_in
    country = citizen.country
    country.time.advance(1.0)  # the province has it, and works on it
    assert delete(country, PORTAL, code) == 1
    country.time.advance(20.0)
    assert country.get(PORTAL, f"/api/dossiers/{code}").status_code == 404
    assert country.undelivered("case-15") == 0  # its statuses are taken, and hold up nobody
    country.restart(PORTAL)
    assert country.get(PORTAL, f"/api/dossiers/{code}").status_code == 404


def test_what_is_purged_is_forwarded_no_more(country: Country) -> None:
    country.network.cut.add("national-portal--lgsp-15")
    citizen = Citizen(country)
    code = citizen.submit(citizen.dossier()).json()["code"]
    country.time.advance(1.0)
    assert delete(country, PORTAL, code) == 1
    country.network.cut.clear()
    country.time.advance(30.0)
    assert country.undelivered(PORTAL) == 0
    assert country.stored("case-15") == []
