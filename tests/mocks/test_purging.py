"""A purged test dossier is gone from every system of the country, whenever it is purged, and stays gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from mocks.messages import CaseDossier
from mocks.partners_feeds import NOTICES, RETURNS, is_one_in
from mocks.purging import TOMBSTONE
from mocks.registry import KINDS
from tests.mocks.citizen import Citizen
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing
from tests.mocks.registers import A_WHILE, CASE, COMMUNE, CORE, dossier, forward, procedure

PORTAL, CENTRE = "national-portal", "national-data-centre"
FOLLOWERS = (
    "civil-status",
    "birth-death",
    "population",
    "social-insurance",
    "land",
    "tax",
    "business-households",
    "judicial-records",
    "emc",
    "signatures",
    "postal",
    "documents-15",
    "document-axis",
)
OTHERS = ("agency-codes", "health-insurance-appraisal", "insurance-data", "ioc-15", "reporting", CENTRE)
EVERYBODY = tuple(dict.fromkeys((*CORE, *FOLLOWERS, *OTHERS)))
PROCEDURES = (
    procedure(form="marriage"),
    procedure(field="interconnected", form="birth"),
    procedure(form="land"),
    procedure(field="business", level="commune"),
    procedure(field="judicial-records"),
    procedure(field="health", form="birth"),
    procedure(field="certification"),
)


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with standing(tmp_path, *EVERYBODY) as made:
        yield made


def purge(country: Country, system: str, *codes: str) -> int:
    """Purge test dossiers at a system; of how many there was something."""
    body = msgspec.json.encode({"codes": codes})
    answer = country.time.run(country.ask(system, "DELETE", "/api/test-dossiers", content=body))
    assert answer.status_code == 200, answer.text
    purged: int = answer.json()["purged"]
    return purged


def hand_in(country: Country) -> list[str]:
    """Dossiers of all kinds at the portal, and two from another one: one announced, one returned by post."""
    citizen = Citizen(country)
    codes = [
        citizen.submit(citizen.dossier(number, code, COMMUNE), key=f"intent-{number}").json()["code"]
        for number, code in enumerate(PROCEDURES)
    ]
    return codes + forward(country, *chosen())


def chosen() -> list[CaseDossier]:
    """One of which a document is sent, and one whose result is returned by post."""
    found = []
    for one_in, purpose in ((NOTICES, "documents"), (RETURNS, "postal")):
        codes = (f"H38.99-250701-{number:04d}" for number in range(1, 1000))
        code = next(code for code in codes if is_one_in(one_in, code, purpose))
        made = dossier(procedure(field="certification"), 100 + one_in)
        found.append(msgspec.structs.replace(made, MaHoSo=code))
    return found


def traces(country: Country, codes: list[str]) -> set[tuple[str, str]]:
    """Records on any disk that name one of these dossiers, by system and kind; who purged them may know."""
    found = set()
    for system in EVERYBODY:
        with sqlite3.connect(country.folder / f"{system}.sqlite") as database:
            for kind, key, body in database.execute("SELECT kind, key, body FROM record"):
                said = key.encode() + body
                if kind != TOMBSTONE and any(code.encode() in said for code in codes):
                    found.add((system, kind))
        database.close()
    return found


def shown(country: Country, codes: list[str]) -> set[str]:
    """The systems whose operator is shown one of these dossiers."""
    return {
        system
        for system in EVERYBODY
        for each in (*country.stored(system), *country.set_aside(system))
        if each.dossier in codes
    }


def test_all_of_them_leave_traces(country: Country) -> None:
    codes = hand_in(country)
    country.time.advance(A_WHILE)
    assert shown(country, codes) == {PORTAL, CASE, CENTRE, *FOLLOWERS}


@pytest.mark.parametrize("after", [0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0, A_WHILE])
def test_whenever_they_are_purged_nothing_is_left_of_them_anywhere(country: Country, after: float) -> None:
    codes = hand_in(country)
    country.time.advance(after)
    for system in (PORTAL, CASE, *FOLLOWERS):
        purge(country, system, *codes)
    country.time.advance(A_WHILE)
    assert (traces(country, codes), shown(country, codes)) == (set(), set())
    for system in EVERYBODY:
        country.restart(system)
    country.time.advance(A_WHILE)
    for system in EVERYBODY:
        assert country.get(system, "/-/backlog").json() == {"undelivered": 0, "open": 0, "set_aside": 0}
    assert (traces(country, codes), shown(country, codes)) == (set(), set())


def test_a_code_is_never_empty(country: Country) -> None:
    body = msgspec.json.encode({"codes": [""]})  # which is what a record without a dossier is about
    answer = country.time.run(country.ask("documents-15", "DELETE", "/api/test-dossiers", content=body))
    assert answer.status_code == 400


def test_what_others_have_is_not_touched(country: Country) -> None:
    codes = hand_in(country)
    citizen = Citizen(country)
    other = citizen.submit(citizen.dossier(50, PROCEDURES[0], COMMUNE), key="intent-other").json()["code"]
    country.time.advance(A_WHILE)
    before = {name: [each for each in country.stored(name) if each.dossier == other] for name in EVERYBODY}
    for system in (PORTAL, CASE, *FOLLOWERS):
        purge(country, system, *codes)
    country.time.advance(1)
    after = {name: [each for each in country.stored(name) if each.dossier == other] for name in EVERYBODY}
    assert after == before
    assert country.get("emc", "/api/provinces/15/events").json()["dossiers"] == 1
    kpis = country.get("ioc-15", "/api/kpis").json()
    country.time.advance(6)
    assert country.get("ioc-15", "/api/kpis").json()["received"] <= kpis["received"]


@pytest.mark.parametrize(
    ("system", "path", "body"),
    [
        (
            "emc",
            "/api/SendAction",
            {
                "CodeProfile": "A",
                "CodeTTHC": "1.001193",
                "NameTTHC": "",
                "Status": 1,
                "FormsReception": "",
                "Level": 4,
                "IsFromDVCQG": True,
                "MaHoSo": "A",
                "IsDVCBC": False,
                "User": "H38.99",
            },
        ),
        ("signatures", "/api/sign", {"digest": "0" * 64, "unit": COMMUNE, "dossier": "A"}),
        ("postal", "/api/orders", {"dossier": "A", "province": "15"}),
        (
            "documents-15",
            "/api/documents",
            {"from": "H38.99", "to": "H38.99", "subject": "", "digest": "0" * 64, "dossier": "A"},
        ),
    ],
    ids=lambda each: each if isinstance(each, str) and "/" not in each else "",
)
def test_what_comes_late_about_a_purged_dossier_is_refused(
    country: Country, system: str, path: str, body: object
) -> None:
    assert purge(country, system, "A") == 0
    country.restart(system)
    answer = country.post(system, path, body, {"Idempotency-Key": "key-of-the-test"})
    assert (answer.status_code, problem(answer)) == (422, "purged")


def test_the_kinds_that_offer_a_purge_are_those_that_keep_something_about_a_dossier() -> None:
    offer = {
        kind
        for kind, system in KINDS.items()
        if any(each.path == "/api/test-dossiers" for each in system.operations())
    }
    asked = {each.partition("-15")[0] for each in FOLLOWERS}
    # the last three hold nothing under the code of a dossier that goes through a province
    assert offer == {PORTAL, "case-system", *asked, "ministry-case", "driver-licences", "enterprises"}
