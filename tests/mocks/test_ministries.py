"""The portals of ministries close as the provincial ones do; what they settle, the national portal knows."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from mocks.ministries import MINISTRIES
from tests.mocks.citizen import Citizen
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing
from tests.mocks.registers import A_WHILE, CORE, history, official

PORTAL, OLD, CASE = "national-portal", "ministry-portal-industry", "ministry-case-industry"
OTHER = "ministry-case-agriculture"
AGENCY = MINISTRIES["industry"].agency
CONTENT = {"content": {"procedure": "2.000001", "form": {"ten": "Thử nghiệm"}}}


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """Two ministries, one with its portal."""
    with standing(tmp_path, *CORE, OLD, CASE, OTHER) as made:
        yield made


def test_until_the_cutover_a_ministry_takes_dossiers_itself(country: Country) -> None:
    citizen = Citizen(country, OLD)
    assert citizen.get("/").status_code == 200
    assert citizen.get("/nop-ho-so?MaTTHCDP=2.000001").status_code == 200
    answer = citizen.post("/api/dossiers", CONTENT, key="intent-0001")
    assert (answer.status_code, answer.json()["status"]) == (201, 1)
    code = answer.json()["code"]
    assert citizen.post("/api/dossiers", CONTENT, key="intent-0001").json()["code"] == code
    country.time.advance(A_WHILE)
    assert history(country, code, CASE) == history(country, code, PORTAL) == "1,2,4,9,10"
    assert citizen.get(f"/api/dossiers/{code}").json()["status"] == 10, "the case system knows"
    assert [row["code"] for row in citizen.get("/api/me/dossiers").json()["dossiers"]] == [code]
    assert {each.kind for name in (OLD, CASE, PORTAL) for each in country.stored(name)} == {
        "ministry-dossier"
    }, "no province is to hold it"
    assert country.undelivered(CASE) == 0


def test_a_second_try_after_a_lost_answer_makes_no_second_dossier(country: Country) -> None:
    citizen = Citizen(country, OLD)
    country.network.lose_answers.add(f"{OLD}--{CASE}")
    assert citizen.post("/api/dossiers", CONTENT, key="intent-0001").status_code == 504
    assert country.stored(OLD) == []
    country.network.lose_answers.clear()
    country.restart(OLD)
    assert citizen.post("/api/dossiers", CONTENT, key="intent-0001").status_code == 201
    assert len(country.stored(CASE)) == len(country.stored(OLD)) == 1


def test_from_the_cutover_on_it_shows_the_way(country: Country) -> None:
    citizen = Citizen(country, OLD)
    country.set_t0()
    page = citizen.get("/nop-ho-so?MaTTHCDP=2.000001")
    assert (page.status_code, page.headers["location"]) == (
        308,
        "http://national-portal/nop-ho-so?MaTTHCDP=2.000001",
    )
    assert citizen.get("/api/no/such/path").status_code == 308
    refused = citizen.post("/api/dossiers", CONTENT, key="intent-0001")
    assert (refused.status_code, problem(refused)) == (410, "portal-closed")
    assert MINISTRIES["industry"].title.vi in refused.json()["message"]["vi"]
    assert refused.headers["link"] == '<http://national-portal/>; rel="successor-version"'
    assert country.stored(OLD) == country.stored(CASE) == []


def test_the_national_portal_takes_dossiers_for_a_ministry(country: Country) -> None:
    citizen = Citizen(country)
    path = "/api/ministries/industry/dossiers"
    country.network.cut.add(f"{PORTAL}--{CASE}")
    answer = citizen.post(path, CONTENT, key="intent-0001")
    assert answer.status_code == 201
    code = answer.json()["code"]
    assert citizen.post(path, CONTENT, key="intent-0001").status_code == 200
    country.time.advance(A_WHILE)
    assert country.undelivered(PORTAL) == 1, "acknowledged, and it waits"
    country.restart(PORTAL)
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    assert history(country, code, CASE) == history(country, code, PORTAL) == "1,2,4,9,10"
    assert country.stored(OTHER) == []
    assert citizen.get(f"/api/dossiers/{code}").json()["steps"] == [1, 2, 4, 9, 10]
    assert country.undelivered(PORTAL) == 0


def test_what_is_for_no_ministry_is_refused(country: Country) -> None:
    citizen = Citizen(country)
    unknown = citizen.post("/api/ministries/culture/dossiers", CONTENT, key="intent-0001")
    assert (unknown.status_code, problem(unknown)) == (404, "no-such-ministry")
    empty = citizen.post("/api/ministries/industry/dossiers", {"content": {}}, key="intent-0001")
    assert (empty.status_code, problem(empty)) == (422, "incomplete")
    other = citizen.post("/api/ministries/industry/dossiers", CONTENT, key="intent-0001")
    assert other.status_code == 201
    changed = {"content": {**CONTENT["content"], "form": {}}}
    reused = citizen.post("/api/ministries/industry/dossiers", changed, key="intent-0001")
    assert problem(reused) == "key-reused"


def test_a_case_system_takes_the_dossiers_of_its_own_ministry(country: Country) -> None:
    citizen = Citizen(country, OLD)
    citizen.post("/api/dossiers", CONTENT, key="intent-0001")
    body = country.system(CASE).store.load("dossier")
    assert len(list(body)) == 1
    envelope = {"session": "", "service": "NoiHoSo", "data": [_dossier(AGENCY)]}
    wrong = country.post(OTHER, "/integration", envelope)
    assert (wrong.status_code, problem(wrong)) == (422, "wrong-unit")


def test_officials_of_a_ministry_work_as_those_of_a_province(country: Country) -> None:
    citizen = Citizen(country, OLD)
    code = citizen.post("/api/dossiers", CONTENT, key="intent-0001").json()["code"]
    headers = official(country, CASE)
    assert [each["code"] for each in country.get(CASE, "/api/inbox", headers).json()["dossiers"]] == [code]
    changed = country.post(CASE, f"/api/dossiers/{code}/status", {"status": 2}, headers)
    assert changed.json()["status"] == 2
    body = msgspec.json.encode({"codes": [code]})
    purged = country.time.run(country.ask(CASE, "DELETE", "/api/test-dossiers", content=body))
    assert purged.json() == {"purged": 1}


def test_the_dossiers_survive_a_kill_of_every_system(country: Country) -> None:
    citizen = Citizen(country, OLD)
    code = citizen.post("/api/dossiers", CONTENT, key="intent-0001").json()["code"]
    for name in (OLD, CASE, PORTAL):
        country.restart(name)
    country.time.advance(A_WHILE)
    assert history(country, code, PORTAL) == "1,2,4,9,10"
    assert citizen.post("/api/dossiers", CONTENT, key="intent-0001").status_code == 200


def _dossier(agency: str) -> dict[str, object]:
    return {
        "MaHoSo": f"{agency}-1",
        "MaTTHC": "2.000001",
        "ChuHoSo": "",
        "LoaiDoiTuong": 0,
        "MaTinh": "",
        "MaXa": "",
        "MaDonViTiepNhan": agency,
        "NgayNop": "20250701080000",
        "ThanhPhanHoSo": [],
        "NoiDung": {},
        "KhoaGuiNhan": "intent-0009",
    }
