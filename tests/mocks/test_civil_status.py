"""The civil-status system: accepted now, entered later, asked for; late provinces are refused and wait."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import fixtures
from mocks.gaps import Gap
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing
from tests.mocks.registers import (
    A_WHILE,
    CASE,
    CITIZEN,
    COMMUNE,
    CORE,
    PROVINCE,
    dossier,
    forward,
    history,
    official,
    procedure,
)

SYSTEM = "civil-status"
SPLIT = next(
    each.code
    for each in fixtures.old_wards()
    if isinstance(fixtures.ward_successors(each.code), fixtures.SplitWard)
    and each.code not in {c.code for c in fixtures.communes()}
)
WHOLE = next(
    each.code
    for each in fixtures.old_wards()
    if isinstance(fixtures.ward_successors(each.code), fixtures.WholeWard)
    and each.code not in {c.code for c in fixtures.communes()}
)


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """Province 15 and the civil-status system."""
    with standing(tmp_path, *CORE, SYSTEM) as made:
        yield made


def bearer(country: Country) -> dict[str, str]:
    """The headers of a system that has a token."""
    token = country.post(SYSTEM, "/token", {"username": CASE}).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def registration(**other: str) -> dict[str, str]:
    """A registration of a birth."""
    made = {
        "maHoSo": "HS-0001",
        "loaiDangKy": "birth",
        "maTinh": PROVINCE,
        "maXa": COMMUNE,
        "nguoiYeuCau": CITIZEN.id,
    }
    return {**made, **other}


def test_a_registration_is_accepted_now_and_entered_later(country: Country) -> None:
    headers = bearer(country)
    first = country.post(SYSTEM, "/api/NhanDKHT", registration(), headers)
    assert (first.status_code, first.json()["state"]) == (202, "accepted")
    asked = {"maTinh": PROVINCE}
    assert country.post(SYSTEM, "/api/LayKetQua", asked, headers).json() == {"status": 0, "value": []}
    country.time.advance(A_WHILE)
    found = country.post(SYSTEM, "/api/LayKetQua", asked, headers).json()
    assert found["status"] == 1
    (row,) = found["value"]
    assert (row["maHoSo"], row["soDangKy"]) == ("HS-0001", f"{COMMUNE}.birth-000001")
    seen = {**asked, "sauThuTu": row["thuTu"]}
    assert country.post(SYSTEM, "/api/LayKetQua", seen, headers).json()["value"] == []
    again = country.post(SYSTEM, "/api/NhanDKHT", registration(), headers)
    assert (again.status_code, again.json()["number"]) == (200, row["soDangKy"])
    assert country.get(SYSTEM, "/api/registrations/HS-0001").json()["state"] == "done"
    assert problem(country.get(SYSTEM, "/api/registrations/HS-0002")) == "no-such-entry"


def test_entries_and_their_work_survive_a_kill(country: Country) -> None:
    country.post(SYSTEM, "/api/NhanDKHT", registration(), bearer(country))
    country.restart(SYSTEM)
    assert [each.status for each in country.stored(SYSTEM)] == [0]
    country.time.advance(A_WHILE)
    country.restart(SYSTEM)
    country.post(SYSTEM, "/api/NhanDKHT", registration(maHoSo="HS-0002"), bearer(country))
    country.time.advance(A_WHILE)
    country.restart(SYSTEM)
    found = country.post(SYSTEM, "/api/LayKetQua", {"maTinh": PROVINCE}, bearer(country)).json()["value"]
    assert [(row["soDangKy"], row["thuTu"]) for row in found] == [
        (f"{COMMUNE}.birth-{n:06d}", n) for n in (1, 2)
    ]


REFUSED = {
    "an old ward that went into one commune": ({"maXa": WHOLE}, 422, "unit-succeeded"),
    "an old ward that was split": ({"maXa": SPLIT}, 422, "unit-split"),
    "an old district": ({"maXa": "001"}, 422, "unit-split"),
    "a province instead of a commune": ({"maXa": PROVINCE}, 422, "wrong-unit"),
    "a commune of another province": (
        {"maXa": fixtures.communes_of("01")[0].code},
        422,
        "wrong-unit",
    ),
    "an old province": ({"maTinh": "10"}, 422, "unit-succeeded"),
    "a code that never was": ({"maXa": "99999"}, 404, "no-such-unit"),
    "nobody": ({"nguoiYeuCau": "001200000001"}, 422, "no-such-citizen"),
}


@pytest.mark.parametrize(("change", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_registered_is_refused(
    country: Country, change: dict[str, str], status: int, code: str
) -> None:
    answer = country.post(SYSTEM, "/api/NhanDKHT", registration(**change), bearer(country))
    assert (answer.status_code, problem(answer)) == (status, code)
    if change.get("maXa") == WHOLE:
        successor = fixtures.ward_successors(WHOLE)
        assert isinstance(successor, fixtures.WholeWard)
        assert successor.successor.code in answer.json()["message"]["en"], "it says where the ward went"
    assert country.stored(SYSTEM) == []


def test_another_content_under_the_same_code_is_refused(country: Country) -> None:
    country.post(SYSTEM, "/api/NhanDKHT", registration(), bearer(country))
    other = country.post(SYSTEM, "/api/NhanDKHT", registration(loaiDangKy="death"), bearer(country))
    assert (other.status_code, problem(other)) == (422, "key-reused")


def test_without_a_token_nothing_is_said(country: Country) -> None:
    for path, body in (("/api/NhanDKHT", registration()), ("/api/LayKetQua", {"maTinh": PROVINCE})):
        assert problem(country.post(SYSTEM, path, body)) == "invalid-token"
        bad = {"Authorization": "Bearer abc.def"}
        assert country.post(SYSTEM, path, body, bad).status_code == 401


def test_the_case_system_hears_under_which_number_a_dossier_was_registered(country: Country) -> None:
    (code,) = forward(country, dossier(procedure(form="marriage")))
    path, headers = f"/api/dossiers/{code}/registers", official(country)
    assert country.get(CASE, path, headers).json()["answers"] == {}
    country.time.advance(A_WHILE)
    expected = {SYSTEM: f"{COMMUNE}.marriage-000001"}
    assert country.get(CASE, path, headers).json()["answers"] == expected
    country.restart(CASE)
    assert country.get(CASE, path, official(country)).json()["answers"] == expected, "it was written down"


def test_a_case_system_that_was_killed_still_asks_for_its_results(country: Country) -> None:
    (code,) = forward(country, dossier(procedure(form="marriage")))
    while not country.stored(SYSTEM):
        country.time.advance(0.1)
    country.time.advance(0.2)  # the acknowledgement has been written down
    country.restart(CASE)
    country.time.advance(A_WHILE)
    answers = country.get(CASE, f"/api/dossiers/{code}/registers", official(country)).json()["answers"]
    assert answers == {SYSTEM: f"{COMMUNE}.marriage-000001"}


def test_a_token_that_has_expired_is_replaced(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("mocks.registers.TOKEN_LIFE", -1.0)
        forward(country, dossier(procedure(form="marriage")))
        country.time.advance(A_WHILE)
        assert country.stored(SYSTEM) == []
    country.time.advance(A_WHILE)
    assert len(country.stored(SYSTEM)) == 1


def test_a_province_that_is_not_connected_waits_and_its_dossiers_go_on(tmp_path: Path) -> None:
    gap = Gap("civil-status-not-connected", PROVINCE)
    with standing(tmp_path, *CORE, SYSTEM, gaps=[gap]) as country:
        answer = country.post(SYSTEM, "/api/NhanDKHT", registration(), bearer(country))
        assert (answer.status_code, problem(answer)) == (403, "not-connected")
        (code,) = forward(country, dossier(procedure(form="marriage")))
        country.time.advance(A_WHILE)
        assert history(country, code) == "1,2,4,9,10"
        assert country.stored(SYSTEM) == []
        assert country.undelivered(CASE) == 1, "it waits for the connection"
