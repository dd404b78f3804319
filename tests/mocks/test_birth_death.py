"""The interconnected services: one submission, three registers, and a province that reads a list."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.mocks.country import Country, problem
from tests.mocks.platform import put, standing
from tests.mocks.registers import (
    A_WHILE,
    CASE,
    CITIZEN,
    COMMUNE,
    CORE,
    PROVINCE,
    dossier,
    forward,
    official,
    procedure,
)

SYSTEM, BASE = "birth-death", "/api/lienthongdvclt"
PARTS = ("civil-status", "population", "social-insurance")
BIRTH, DEATH = (
    procedure(field="interconnected", form="birth"),
    procedure(field="interconnected", form="death"),
)


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """Province 15, the interconnected services and the three registers."""
    names = (SYSTEM, "civil-status", "social-insurance", "health-insurance-appraisal")
    with standing(tmp_path, *CORE, *names) as made:
        yield made


def bearer(country: Country) -> dict[str, str]:
    """The headers of a system that has a token."""
    token = country.post(SYSTEM, "/api/token", {"userName": CASE}).json()["token"]
    return {"Authorization": f"Bearer {token}"}


def submission(**other: str) -> dict[str, str]:
    """An interconnected birth."""
    made = {
        "maHoSo": "LT-0001",
        "maTTHC": BIRTH,
        "module": "KS",
        "maTinh": PROVINCE,
        "maXa": COMMUNE,
        "maDonVi": "H00.99",
        "ngayTiepNhan": "20250701080000",
        "techId": CITIZEN.id,
    }
    return {**made, **other}


def submit(country: Country, **other: str) -> int:
    """Submit it; the status of the answer."""
    answer = country.post(SYSTEM, f"{BASE}/hosolienthong", submission(**other), bearer(country))
    return answer.status_code


def states(country: Country, code: str = "LT-0001") -> dict[str, str]:
    """How far the parts of a dossier are."""
    found = country.get(SYSTEM, f"{BASE}/hosolienthong/{code}/parts", bearer(country)).json()
    return {each["register"]: each["state"] for each in found["parts"]}


def listed(country: Country, province: str = PROVINCE) -> list[str]:
    """What a province has not acknowledged."""
    answer = country.get(SYSTEM, f"{BASE}/LayDanhSachHoSo?maTinh={province}", bearer(country))
    return [row["maHoSo"] for row in answer.json()["data"]]


def said(country: Country, body: dict[str, Any]) -> int:
    """A province gives a status; the status of the answer."""
    return country.post(SYSTEM, f"{BASE}/CapNhatTrangThai", body, bearer(country)).status_code


@pytest.mark.parametrize(
    ("module", "kinds"),
    [("KS", ("birth", "entry", "health-card")), ("KT", ("death", "removal", "funeral-allowance"))],
    ids=["birth", "death"],
)
def test_one_submission_reaches_three_registers(
    country: Country, module: str, kinds: tuple[str, str, str]
) -> None:
    assert submit(country, module=module) == 201
    assert submit(country, module=module) == 200
    country.time.advance(A_WHILE)
    assert states(country) == dict.fromkeys(PARTS, "acknowledged")
    for register, kind in zip(PARTS, kinds, strict=True):
        (entry,) = country.stored(register)
        assert (entry.dossier, entry.procedure, entry.commune) == ("LT-0001", kind, COMMUNE)
    assert country.undelivered(SYSTEM) == 0


@pytest.mark.parametrize("down", PARTS)
def test_a_register_that_is_down_gets_its_part_later(country: Country, down: str) -> None:
    country.network.cut.add(f"{SYSTEM}--{down}")
    submit(country)
    country.time.advance(A_WHILE)
    assert states(country) == {**dict.fromkeys(PARTS, "acknowledged"), down: "sent"}
    assert country.undelivered(SYSTEM) == 1
    country.restart(SYSTEM)
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    assert states(country) == dict.fromkeys(PARTS, "acknowledged")
    assert len(country.stored(down)) == 1


def test_a_lost_acknowledgement_makes_no_second_part(country: Country) -> None:
    country.network.lose_answers |= {f"{SYSTEM}--{each}" for each in PARTS}
    submit(country)
    country.time.advance(A_WHILE)
    assert states(country) == dict.fromkeys(PARTS, "sent")
    country.network.lose_answers.clear()
    country.time.advance(A_WHILE)
    assert states(country) == dict.fromkeys(PARTS, "acknowledged")
    assert [len(country.stored(each)) for each in PARTS] == [1, 1, 1]


def test_a_part_that_is_refused_for_good_says_so(country: Country) -> None:
    country.post(
        "social-insurance",
        "/api/benefits",
        {
            "dossier": "LT-0001",
            "kind": "funeral-allowance",
            "province": PROVINCE,
            "commune": COMMUNE,
            "citizen_id": CITIZEN.id,
        },
    )
    submit(country)
    country.time.advance(A_WHILE)
    assert states(country)["social-insurance"] == "refused", "its number belongs to another request"
    assert country.undelivered(SYSTEM) == 0


def test_a_province_reads_its_list_until_it_has_acknowledged(country: Country) -> None:
    submit(country)
    submit(country, maHoSo="LT-0002")
    assert listed(country) == listed(country) == ["LT-0001", "LT-0002"]
    assert listed(country, "01") == []
    detail = country.get(SYSTEM, f"{BASE}/hosolienthong/LT-0001", bearer(country)).json()
    assert (detail["maHoSo"], detail["daNhan"], detail["fileDinhKem"]) == ("LT-0001", False, [])

    async def acknowledge() -> int:
        body = msgspec.json.encode({"maHoSo": "LT-0001", "daNhan": True})
        headers = {"Authorization": f"Bearer {token}"}
        path = f"{BASE}/CapNhatDaNhanHoSo"
        return (await country.ask(SYSTEM, "PUT", path, content=body, headers=headers)).status_code

    token = bearer(country)["Authorization"].removeprefix("Bearer ")
    assert country.time.run(acknowledge()) == 200
    country.restart(SYSTEM)
    assert listed(country) == ["LT-0002"]
    assert put(country, SYSTEM, f"{BASE}/CapNhatDaNhanHoSo", {"maHoSo": "LT-0002"}).status_code == 401


def test_an_older_status_turns_nothing_back(country: Country) -> None:
    submit(country)
    told = {
        "maTTHC": BIRTH,
        "soHoSoLT": "LT-0001",
        "coQuanXuLy": "H00.99",
        "maHoSo": "LT-0001",
        "thoiGianThucHien": "20250701080000",
    }
    assert said(country, {**told, "trangThai": 4, "thuTu": 3}) == 200
    assert said(country, {**told, "trangThai": 2, "thuTu": 2}) == 200
    country.restart(SYSTEM)
    detail = country.get(SYSTEM, f"{BASE}/hosolienthong/LT-0001", bearer(country)).json()
    assert detail["trangThai"] == 4
    assert said(country, {**told, "trangThai": 4, "soHoSoLT": "LT-0009"}) == 404


@pytest.mark.parametrize("code", [BIRTH, DEATH], ids=["birth", "death"])
def test_a_dossier_of_a_province_is_told_acknowledged_and_followed(country: Country, code: str) -> None:
    (made,) = forward(country, dossier(code))
    country.time.advance(A_WHILE)
    assert states(country, made) == dict.fromkeys(PARTS, "acknowledged")
    assert listed(country) == []
    detail = country.get(SYSTEM, f"{BASE}/hosolienthong/{made}", bearer(country)).json()
    assert (detail["daNhan"], detail["trangThai"]) == (True, 10)
    assert msgspec.json.decode(detail["data"])["thu_tuc"]
    answers = country.get(CASE, f"/api/dossiers/{made}/registers", official(country)).json()["answers"]
    assert answers == {SYSTEM: "acknowledged"}
    assert country.undelivered(CASE) == 0


def test_a_late_province_queues_and_drains(country: Country) -> None:
    country.network.cut.add(f"{CASE}--{SYSTEM}")
    codes = forward(country, *(dossier(BIRTH, number) for number in range(1, 6)))
    country.time.advance(A_WHILE)
    assert country.undelivered(CASE) == 5 * 5, "each dossier and its four statuses"
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    assert country.undelivered(CASE) == 0
    assert [each.dossier for each in country.stored(SYSTEM)] == codes


def test_what_cannot_be_taken_is_refused(country: Country) -> None:
    path = f"{BASE}/hosolienthong"
    assert problem(country.post(SYSTEM, path, submission())) == "invalid-token"
    nobody = country.post(SYSTEM, path, submission(techId="x"), bearer(country))
    assert (nobody.status_code, problem(nobody)) == (422, "no-such-citizen")
    assert submit(country, maXa="001") == 422
    assert country.get(SYSTEM, f"{path}/LT-0001", bearer(country)).status_code == 404
