"""What a case system tells those who watch, sign, write and carry, and that none of them can hold it up."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fixtures
from mocks.dossiers import Held, new_held
from mocks.gaps import Gap
from mocks.partner import Partner
from mocks.partners_feeds import CERTIFICATES_EVERY, FEEDS, NOTICES, RETURNS, is_one_in
from tests.mocks.citizen import Citizen
from tests.mocks.country import NATIONAL, Country
from tests.mocks.platform import case_dossier, standing

CASE, EMC, SIGNATURES, POSTAL, IOC, REPORTING = (
    "case-15",
    "emc",
    "signatures",
    "postal",
    "ioc-15",
    "reporting",
)
WATCHERS = (EMC, SIGNATURES, POSTAL, IOC, REPORTING, "documents-15", "document-axis", "agency-codes")
A_WHILE = 30.0
CHOSEN = next(code for code in map(str, range(10**6)) if is_one_in(RETURNS, code, "postal"))
ANNOUNCED = next(code for code in map(str, range(10**6)) if is_one_in(NOTICES, code, "documents"))


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with standing(tmp_path, *NATIONAL, "lgsp-15", CASE, *WATCHERS) as made:
        yield made


def partners(country: Country) -> dict[str, Partner]:
    made = (factory(country.system(CASE)) for factory in FEEDS)
    return {each.destination: each for each in made if each is not None}


def held(code: str, *steps: int, **changes: Any) -> Held:
    dossier = msgspec.structs.replace(case_dossier(code), **changes)
    return msgspec.structs.replace(new_held(dossier, 0.0), steps=list(steps))


def said(country: Country, destination: str, about: Held) -> list[dict[str, Any]]:
    return [msgspec.json.decode(each.body) for each in partners(country)[destination].messages(about)]


def submitted(country: Country, dossiers: int) -> list[str]:
    citizen = Citizen(country)
    return [
        citizen.submit(citizen.dossier(number), key=f"intent-{number:04d}").json()["code"]
        for number in range(dossiers)
    ]


# -- each by itself --------------------------------------------------------------------------------


def test_emc_hears_of_every_status(country: Country) -> None:
    (event,) = said(country, EMC, held("H38.99-250701-0001", 1, 2, 4))
    assert (event["MaHoSo"], event["Status"], event["User"]) == ("H38.99-250701-0001", 4, "H38.99.02671")
    assert (event["NameTTHC"], event["Level"], event["IsFromDVCQG"]) == ("Đăng ký khai sinh", 4, False)
    (event,) = said(country, EMC, held("G22.99-20250701-0000001", 1, MaTTHC="9.999999"))
    assert (event["NameTTHC"], event["Level"], event["IsFromDVCQG"]) == ("", 3, True)


@pytest.mark.parametrize(
    ("agency", "unit"), [("H38.99.02671", "02671"), ("H38.99", "15")], ids=["commune", "province"]
)
def test_a_result_is_signed_by_the_unit_that_settled_it(country: Country, agency: str, unit: str) -> None:
    (request,) = said(country, SIGNATURES, held("A", 1, 2, 4, 9, MaDonViTiepNhan=agency))
    assert (request["unit"], request["dossier"]) == (unit, "A")
    assert said(country, SIGNATURES, held("A", 1, 2, 4, MaDonViTiepNhan=agency)) == []
    assert said(country, SIGNATURES, held("A", 1, 2, 4, 9, MaTinh="")) == [], "a ministry signs elsewhere"


def test_chosen_results_are_returned_by_post(country: Country) -> None:
    (order,) = said(country, POSTAL, held(CHOSEN, 1, 2, 4, 9))
    assert order == {"dossier": CHOSEN, "province": "15", "kind": "return"}
    assert said(country, POSTAL, held(CHOSEN, 1, 2, 4, 9, 10)) == []
    assert sum(bool(said(country, POSTAL, held(str(n), 1, 2, 4, 9))) for n in range(800)) == sum(
        is_one_in(RETURNS, str(n), "postal") for n in range(800)
    )


def test_chosen_dossiers_are_announced_to_their_commune(country: Country) -> None:
    (document,) = said(country, "documents-15", held(ANNOUNCED, 1, 2))
    assert (document["from"], document["to"]) == ("H38.99", "H38.99.02671")
    assert said(country, "documents-15", held(ANNOUNCED, 1)) == []


@given(number=st.integers(1, 20), purpose=st.text(max_size=5))
def test_the_chosen_part_is_about_as_large_as_it_says(number: int, purpose: str) -> None:
    chosen = sum(is_one_in(number, f"G22.99-20250701-{n:07d}", purpose) for n in range(2_000))
    assert 2_000 / number * 0.5 <= chosen <= 2_000 / number * 1.5


def test_a_partner_is_there_where_it_can_be_reached(country: Country) -> None:
    assert set(partners(country)) == {EMC, SIGNATURES, POSTAL, IOC, REPORTING, "documents-15"}


def test_in_the_core_there_are_none(tmp_path: Path) -> None:
    with standing(tmp_path, *NATIONAL, "lgsp-15", CASE) as core:
        assert partners(core) == {}


# -- all together ----------------------------------------------------------------------------------


def test_a_dossier_is_told_from_its_first_status_to_its_last(country: Country) -> None:
    codes = submitted(country, 24)
    country.time.advance(A_WHILE)
    settled = {each.record: each.history.split(",") for each in country.stored(CASE)}
    assert set(settled) == set(codes)
    events = country.get(EMC, "/api/provinces/15/events").json()
    assert events["events"] == sum(map(len, settled.values()))
    assert events["dossiers"] == len(codes)
    with_result = {code for code, path in settled.items() if "9" in path}
    signed = {each.dossier for each in country.stored(SIGNATURES, carried_over=True)}
    assert signed == with_result
    returned = {each.dossier: each.history for each in country.stored(POSTAL)}
    chosen = {code for code in with_result if is_one_in(RETURNS, code, "postal")}
    assert returned == dict.fromkeys(chosen, "delivered")
    assert chosen
    for code in chosen:
        (order,) = country.get(CASE, f"/api/postal-status/{code}").json()
        assert order["state"] == "delivered"
    announced = [each for each in country.stored("documents-15") if each.kind == "document-received"]
    accepted = {code for code, path in settled.items() if "2" in path}
    assert len(announced) == sum(is_one_in(NOTICES, code, "documents") for code in accepted) > 0
    for watcher in (
        country.get(IOC, "/api/kpis").json(),
        country.get(REPORTING, "/api/reports/totals").json(),
    ):
        assert watcher["received"] == len(country.stored(CASE, carried_over=True))
        assert watcher["finished"] + watcher["refused"] + watcher["open"] == watcher["received"]


@pytest.mark.parametrize("away", WATCHERS)
def test_whoever_is_away_holds_up_nobody(country: Country, away: str) -> None:
    country.time.run(country.kill(away))
    codes = submitted(country, 8)
    country.time.advance(A_WHILE)
    assert {each.record for each in country.stored(CASE) if each.status in (3, 10)} == set(codes)
    assert country.undelivered("lgsp-15") == 0
    country.time.run(country.start(away))
    country.time.advance(A_WHILE)
    assert country.undelivered(CASE) == 0
    settled = [each.history.split(",") for each in country.stored(CASE)]
    assert country.get(EMC, "/api/provinces/15/events").json()["events"] == sum(map(len, settled))
    assert (
        country.get(IOC, "/api/kpis").json()["open"]
        == country.get(REPORTING, "/api/reports/totals").json()["open"]
    )


def test_a_province_that_is_not_connected_works_all_the_same(tmp_path: Path) -> None:
    gaps = [Gap("emc-not-connected", "15")]
    with standing(tmp_path, *NATIONAL, "lgsp-15", CASE, *WATCHERS, gaps=gaps) as country:
        codes = submitted(country, 4)
        country.time.advance(A_WHILE)
        stored = country.stored(CASE)
        assert {each.record for each in stored if each.status in (3, 10)} == set(codes)
        assert country.get(EMC, "/api/provinces/15/events").json()["events"] == 0
        assert country.undelivered(CASE) == sum(len(each.history.split(",")) for each in stored), "they wait"


@pytest.mark.parametrize("gap", ["certificate-expired", "certificate-old-name", "revoked"])
def test_a_result_that_could_not_be_signed_is_signed_once_there_is_a_certificate(
    tmp_path: Path, gap: str
) -> None:
    units = [each.code for each in fixtures.communes_of("15")] + ["15"]
    gaps = [] if gap == "revoked" else [Gap(gap, each) for each in units]
    with standing(tmp_path, *NATIONAL, "lgsp-15", CASE, *WATCHERS, gaps=gaps) as country:
        for unit in units if gap == "revoked" else ():
            country.post(SIGNATURES, f"/api/certificates/{unit}/revoke")
        codes = submitted(country, 6)
        country.time.advance(A_WHILE)
        refused = country.set_aside(CASE)
        reason = f"{SIGNATURES}: {gap if gap in {each.kind for each in gaps} else 'certificate-revoked'}"
        assert {each.history for each in refused} == {reason}
        assert country.undelivered(CASE) == 0, "they hold up nobody"
        country.restart(CASE)
        country.post(SIGNATURES, "/api/certificates/reissue", {"province": "15"})
        country.time.advance(A_WHILE)
        signed = {each.dossier for each in country.stored(SIGNATURES)}
        assert signed == {each.dossier for each in refused} <= set(codes)
        assert country.set_aside(CASE) == []


def test_a_result_whose_unit_gets_no_certificate_stays_where_an_operator_finds_it(tmp_path: Path) -> None:
    gaps = [Gap("certificate-expired", each.code) for each in fixtures.communes_of("15")]
    with standing(tmp_path, *NATIONAL, "lgsp-15", CASE, *WATCHERS, gaps=gaps) as country:
        country.network.cut.add(f"{CASE}--emc")
        submitted(country, 6)
        country.time.advance(A_WHILE)
        asked = country.network.requests[f"{CASE}--{SIGNATURES}"]
        aside = country.get(CASE, "/-/backlog").json()["set_aside"]
        assert aside == len(country.set_aside(CASE)) > 0
        country.time.advance(2 * CERTIFICATES_EVERY)
        again = country.network.requests[f"{CASE}--{SIGNATURES}"] - asked
        assert 0 < again <= 2 * aside, "each unit is asked for once a round, and nothing is sent again"
