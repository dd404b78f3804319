"""EMC, operations centres and the reporting system: what they count, once, and what they show."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mocks.gaps import Gap
from mocks.systems.emc import Action
from mocks.systems.ioc import Figures
from tests.mocks.country import Country, problem
from tests.mocks.platform import put, standing

EMC, IOC, REPORTING = "emc", "ioc-15", "reporting"
DAY = 86_400 * 10**9
NOON = 1_751_342_400 * 10**9  # 1 July 2025, 11:00 in Hanoi


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with standing(tmp_path, EMC, IOC, REPORTING, gaps=[Gap("emc-not-connected", "01")]) as made:
        yield made


def send(country: Country, dossier: str, status: int, user: str = "H38.99") -> httpx.Response:
    action = Action(
        dossier, "1.001193", "Đăng ký khai sinh", status, "Trực tuyến", 4, True, dossier, False, user
    )
    return country.post(EMC, "/api/SendAction", action)


def test_a_status_counts_once_however_often_it_is_sent(country: Country) -> None:
    for dossier, status in [("A", 1), ("A", 2), ("A", 2), ("B", 1), ("A", 1)]:
        assert send(country, dossier, status).json() == {"error_code": "00", "message": ""}
    expected = {
        "province": "15",
        "connected": True,
        "events": 3,
        "dossiers": 2,
        "by_status": {"1": 2, "2": 1},
    }
    assert country.get(EMC, "/api/provinces/15/events").json() == expected
    country.restart(EMC)
    assert country.get(EMC, "/api/provinces/15/events").json() == expected


@pytest.mark.parametrize(
    ("user", "status", "said"), [("H26.99", 403, "not-connected"), ("nobody", 422, "no-such-agency")]
)
def test_events_that_are_refused(country: Country, user: str, status: int, said: str) -> None:
    answer = send(country, "A", 1, user)
    assert (answer.status_code, problem(answer)) == (status, said)
    assert country.get(EMC, "/api/provinces/01/events").json()["events"] == 0


def test_whether_a_province_is_connected_is_shown(country: Country) -> None:
    assert country.get(EMC, "/api/provinces/01/events").json()["connected"] is False
    assert country.get(EMC, "/api/provinces/04/events").json()["connected"] is True


def figures(at: int, province: str = "15", received: int = 5) -> Figures:
    return Figures(province, at, received, 2, 2, 1)


def test_the_operations_centre_shows_the_newest_figures(country: Country) -> None:
    assert problem(country.get(IOC, "/api/kpis")) == "no-figures"
    newest = put(country, IOC, "/api/kpis", figures(2, received=7)).json()
    assert put(country, IOC, "/api/kpis", figures(1)).json() == newest
    country.restart(IOC)
    assert country.get(IOC, "/api/kpis").json() == newest
    assert problem(put(country, IOC, "/api/kpis", figures(3, "01"))) == "other-province"


def test_the_last_report_of_a_day_counts(country: Country) -> None:
    for each in (figures(NOON, received=5), figures(NOON + 1, received=6), figures(NOON, received=4)):
        country.post(REPORTING, "/api/reports", each)
    country.post(REPORTING, "/api/reports", figures(NOON + DAY, received=9))
    country.post(REPORTING, "/api/reports", figures(NOON, "01", received=100))
    country.restart(REPORTING)
    days = country.get(REPORTING, "/api/provinces/15/reports").json()
    assert [(each["day"], each["figures"]["received"]) for each in days] == [("20250702", 9), ("20250701", 6)]
    assert country.get(REPORTING, "/api/reports/totals").json() == {
        "provinces": 2,
        "received": 109,
        "open": 4,
        "finished": 4,
        "refused": 2,
    }
    assert problem(country.post(REPORTING, "/api/reports", figures(NOON, "99"))) == "no-such-province"
