"""What every system answers whoever runs the rehearsal."""

import time

import msgspec
import pyarrow.compute as pc
import pytest

from mocks.operator import ClockReading
from mocks.registry import KINDS
from mocks.system import System
from reports.journal import RECEIVED
from reports.journal_reader import read_stream
from tests.mocks.citizen import FREE, Citizen
from tests.mocks.country import Country, problem

EVERY = ["national-portal", "vneid", "population", "procedures", "payment", "lgsp-15", "case-15", "portal-10"]


@pytest.mark.parametrize("name", EVERY)
def test_every_system_says_who_it_is(country: Country, name: str) -> None:
    health = country.get(name, "/-/health").json()
    assert health == {"system": name, "kind": KINDS[country.configs[name].kind].kind, "ready": True}
    assert country.get(name, "/-/backlog").json() == {"undelivered": 0, "open": 0, "set_aside": 0}
    assert country.get(name, "/-/counters").json()["requests"] == 0, "the operator costs no capacity"


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_stored_records_come_page_by_page_and_all_of_them(country: Country, size: int) -> None:
    citizen = Citizen(country)
    for number in range(6):
        citizen.submit(citizen.dossier(number), key=f"intent-{number:04d}")
    everything = country.stored("national-portal", carried_over=True)
    assert len(everything) == 340 + 6
    offset, intents, pages = 340, list[str](), 0
    while offset >= 0:
        page = country.get("national-portal", f"/-/stored?offset={offset}&limit={size}").json()
        intents += [each["intent"] for each in page["records"]]
        offset, pages = page["next"], pages + 1
    assert intents == [f"intent-{number:04d}" for number in range(6)]
    assert pages == 6 // size + 1


@pytest.mark.parametrize("query", ["offset=x", "offset=-1", "limit=0", "limit=", "limit=1.5"])
def test_a_page_that_cannot_be_is_refused(country: Country, query: str) -> None:
    answer = country.get("case-15", f"/-/stored?{query}")
    assert (answer.status_code, problem(answer)) == (400, "malformed")


@pytest.mark.parametrize("body", [b"", b"{}", b'{"t0_monotonic_ns": "soon"}', b"\xff"])
def test_a_clock_that_cannot_be_is_refused(country: Country, body: bytes) -> None:
    answer = country.time.run(country.ask("portal-10", "PUT", "/-/clock", content=body))
    assert (answer.status_code, problem(answer)) == (400, "malformed")
    assert not country.system("portal-10").after_t0()


def test_a_clock_is_answered_with_what_the_clocks_here_read(country: Country) -> None:
    """The two middle timestamps of RFC 5905, of the very instants that the journals use."""
    before, sent = country.time.now_ns, time.time_ns()
    answer = country.time.run(country.ask("vneid", "PUT", "/-/clock", content=b'{"t0_monotonic_ns": 77}'))
    reading = msgspec.json.decode(answer.content, type=ClockReading)
    assert (reading.t0_monotonic_ns, country.system("vneid").t0) == (77, 77)
    assert before <= reading.received_monotonic_ns <= reading.answered_monotonic_ns <= country.time.now_ns
    assert sent <= reading.received_unix_ns <= time.time_ns()


def test_an_unknown_path_is_not_found(country: Country) -> None:
    answer = country.get("national-portal", "/no/such/page")
    assert (answer.status_code, problem(answer)) == (404, "no-such-path")


def test_a_failure_of_the_mock_itself_is_answered_and_journaled(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: object, _id: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("fixtures.people.Registry.by_id", broken)
    with pytest.raises(AssertionError, match="answered 500, which it does not declare"):
        country.get("population", "/api/citizens/001")
    country.flush()
    table, _ = read_stream(country.folder / "received.test.1.arrows", RECEIVED)
    assert table.filter(pc.equal(table["system"], "population"))["status"].to_pylist() == [500]


def test_every_request_is_journaled_with_its_trace_and_key(country: Country) -> None:
    citizen = Citizen(country)
    trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    citizen.headers["traceparent"] = f"00-{trace}-{span}-01"
    code = citizen.submit(citizen.dossier(), key="key-00000001").json()["code"]
    citizen.get(f"/api/form?procedure={FREE}&province=15&commune=1")
    country.time.advance(20)
    country.flush()
    received, _ = read_stream(country.folder / "received.test.1.arrows", RECEIVED)
    rows = [each for each in received.to_pylist() if each["trace"] == trace]
    by_operation = {(each["system"], each["operation"]): each for each in rows}
    submit = by_operation["national-portal", "submit"]
    assert (submit["caller"], submit["key"], submit["parent"]) == ("citizens", "key-00000001", span)
    assert submit["status"] == 201
    assert submit["at"] <= submit["done"]
    # the trace follows the dossier through the platform to the case system
    assert by_operation["lgsp-15", "integrate"]["key"] == code
    assert by_operation["case-15", "integrate"]["key"] == code
    assert by_operation["case-15", "integrate"]["caller"] == "lgsp-15"
    assert by_operation["population", "citizen"]["caller"] == "national-portal"


def test_no_two_systems_share_a_kind() -> None:
    assert all(issubclass(each, System) and each.kind == kind for kind, each in KINDS.items())
