"""An old portal before the cutover minute and after it."""

import httpx
import pytest

import fixtures
from tests.mocks.citizen import FREE, Citizen
from tests.mocks.country import Country, problem

OLD, CASE, NATIONAL = "portal-10", "case-15", "http://national-portal"
BOOKMARK = f"/nop-ho-so?MaTTHCDP={FREE}.000.00.00.H15&MaCoQuanThucHien=H15.1&vnconnect=1"

PAGES = [
    pytest.param("/", id="the home page"),
    pytest.param("/api/procedures?q=khai%20sinh&limit=3", id="a search"),
    pytest.param(f"/api/procedures/{FREE}", id="a procedure"),
    pytest.param(BOOKMARK, id="a bookmark"),
    pytest.param("/api/me/dossiers", id="own dossiers"),
    pytest.param("/auth/login?return_to=/x", id="the sign-in"),
]
UNKNOWN = [
    pytest.param("/tin-tuc/2019?page=2", id="a page nobody knows any more"),
    pytest.param("/%E1%BB%87?q=%20%26%3D&empty=&q=2", id="percent-encoded"),
]


@pytest.mark.parametrize("page", PAGES)
def test_until_t0_pages_are_served(country: Country, page: str) -> None:
    citizen = Citizen(country, OLD)
    country.set_t0(in_seconds=60.0)
    assert citizen.get(page).status_code in (200, 302)


@pytest.mark.parametrize("page", [*PAGES, *UNKNOWN])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_from_t0_pages_lead_to_the_same_place_at_the_national_portal(
    country: Country, page: str, method: str
) -> None:
    country.set_t0()
    answer = country.time.run(country.ask(OLD, method, page))
    assert (answer.status_code, answer.headers["location"]) == (308, NATIONAL + page)


def test_t0_is_a_moment_and_not_a_restart(country: Country) -> None:
    country.set_t0(in_seconds=10.0)
    country.time.advance(9.999)
    assert country.get(OLD, "/").status_code == 200
    country.time.advance(0.001)
    assert country.get(OLD, "/").status_code == 308


def refused(answer: httpx.Response) -> None:
    assert (answer.status_code, problem(answer)) == (410, "portal-closed")  # problem() wants both languages
    assert answer.headers["link"] == f'<{NATIONAL}/>; rel="successor-version"'


def test_from_t0_nothing_is_taken_and_nothing_is_stored(country: Country) -> None:
    citizen = Citizen(country, OLD)
    dossier = citizen.dossier()
    for file in dossier.attachments:
        citizen.upload(file.content())
    kept = list(country.system(OLD).store.keys("file"))
    country.set_t0()
    refused(citizen.submit(dossier, upload=False))
    refused(citizen.upload(b"another file"))
    refused(citizen.post("/no/such/path", {}))
    refused(citizen.post("/api/dossiers", "not even a dossier"))
    country.time.advance(30)
    assert country.stored(OLD) == country.stored(CASE) == country.stored("national-portal") == []
    assert list(country.system(OLD).store.keys("file")) == kept


def test_the_refusal_names_the_portal_in_both_languages(country: Country) -> None:
    country.set_t0()
    message = country.post(OLD, "/api/dossiers", {}).json()["message"]
    old = fixtures.old_province("10")
    assert old.name_vi in message["vi"]
    assert old.name_en in message["en"]


def test_without_a_clock_it_stays_open(country: Country) -> None:
    country.time.advance(10_000)
    assert country.get(OLD, "/").status_code == 200


def test_its_form_is_never_prefilled(country: Country) -> None:
    form = Citizen(country, OLD).get(f"/api/form?procedure={FREE}&province=15&commune=1").json()
    assert (form["prefilled"], form["person"]) == (False, None)


def test_an_unreachable_case_system_means_no_acknowledgement(country: Country) -> None:
    citizen = Citizen(country, OLD)
    country.network.cut.add("portal-10--case-15")
    answer = citizen.submit(citizen.dossier())
    assert (answer.status_code, problem(answer)) == (502, "case-system-unavailable")
    assert country.stored(OLD) == []


@pytest.mark.parametrize("restarted", [False, True], ids=["at once", "after a restart of the portal"])
def test_a_second_try_after_a_lost_answer_makes_no_second_dossier(country: Country, restarted: bool) -> None:
    citizen = Citizen(country, OLD)
    country.network.lose_answers.add("portal-10--case-15")
    lost = citizen.submit(citizen.dossier(1), key="key-00000001")
    assert (lost.status_code, problem(lost)) == (504, "case-system-unavailable")
    assert len(country.stored(CASE)) == 1
    country.network.lose_answers.clear()
    if restarted:
        country.restart(OLD)
        # the number of the dossier that the portal has forgotten must not be given to another
        other = citizen.submit(citizen.dossier(2), key="key-00000002")
        assert other.status_code == 201, other.text
    again = citizen.submit(citizen.dossier(1), key="key-00000001")
    assert again.status_code == 201
    assert again.json()["code"] in [each.record for each in country.stored(CASE)]
    held = {each.intent: each.digest for each in country.stored(CASE)}
    assert held["key-00000001"] == citizen.dossier(1).digest()
    assert len(country.stored(CASE)) == len(country.stored(OLD)) == 1 + restarted


def test_the_case_system_never_gives_one_code_to_two_dossiers(country: Country) -> None:
    citizen = Citizen(country, OLD)
    code = citizen.submit(citizen.dossier()).json()["code"]
    forged = {
        "MaHoSo": code, "MaTTHC": FREE, "ChuHoSo": "B", "LoaiDoiTuong": 0, "MaTinh": "15",
        "MaXa": citizen.dossier().commune, "MaDonViTiepNhan": "", "NgayNop": "", "ThanhPhanHoSo": [],
        "NoiDung": {"other": 1}, "KhoaGuiNhan": "key-00000002",
    }  # fmt: skip
    answer = country.post(CASE, "/integration", {"session": "", "service": "NoiHoSo", "data": [forged]})
    assert (answer.status_code, problem(answer)) == (409, "code-taken")


def test_tracking_a_dossier_that_nobody_knows(country: Country) -> None:
    answer = country.get(OLD, "/api/dossiers/H15.99-250701-0001")
    assert (answer.status_code, problem(answer)) == (404, "case-system-refuses")
