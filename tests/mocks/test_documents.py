"""Documents reach the agency they are meant for, once, or come back with the reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

import fixtures
from mocks.documents import Interchange
from mocks.gaps import Gap
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing

SENDER, RECIPIENT, AXIS, REGISTER = "documents-15", "documents-01", "document-axis", "agency-codes"
FROM, TO = "H38.99", "H26.99"
COMMUNE = fixtures.commune_agency(fixtures.communes_of("01")[0].code)
GAP = fixtures.communes_of("01")[1].code
DISTRICT = "H63.99.132"  # of old Yên Bái
DIGEST = "d" * 64
A_WHILE = 10.0


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    gaps = [Gap("agency-code-missing", GAP)]
    with standing(tmp_path, SENDER, RECIPIENT, AXIS, REGISTER, gaps=gaps) as made:
        yield made


def send(country: Country, to: str = TO, key: str = "key-00000001", **changes: str) -> httpx.Response:
    body = {"from": FROM, "to": to, "subject": "Công văn", "digest": DIGEST, **changes}
    return country.post(SENDER, "/api/documents", body, {"Idempotency-Key": key})


def state(country: Country, code: str) -> tuple[str, str]:
    found = country.get(SENDER, f"/api/documents/{code}").json()
    return found["state"], found["reason"]


def dead_letters(country: Country, system: str = SENDER) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = country.get(system, "/api/dead-letters").json()
    return found


@pytest.mark.parametrize("to", [TO, COMMUNE], ids=["a province", "a commune"])
def test_a_document_is_delivered_and_the_sender_hears_of_it(country: Country, to: str) -> None:
    answer = send(country, to)
    code = answer.json()["id"]
    assert (answer.status_code, answer.json()["state"]) == (201, "waiting")
    country.time.advance(A_WHILE)
    assert state(country, code) == ("delivered", "")
    arrived = country.get(RECIPIENT, f"/api/incoming/{code}").json()
    assert arrived == {"id": code, "from": FROM, "to": to, "subject": "Công văn", "digest": DIGEST}
    assert [each.history for each in country.stored(AXIS)] == ["delivered"]
    assert country.get(AXIS, "/api/state").json() == {"in_transit": 0, "delivered": 1, "bounced": 0}
    assert [country.undelivered(each) for each in (SENDER, AXIS)] == [0, 0]


@pytest.mark.parametrize(
    ("to", "reason", "named"),
    [
        pytest.param("H63.99", "agency-closed", FROM, id="an old province: its successor is named"),
        pytest.param(DISTRICT, "agency-closed", DISTRICT, id="an old district"),
        pytest.param("H26.98", "agency-unknown", "H26.98", id="never given"),
        pytest.param(fixtures.commune_agency(GAP), "agency-unknown", GAP, id="not given yet"),
    ],
)
@pytest.mark.parametrize("found_by", [SENDER, AXIS])
def test_a_document_to_nobody_comes_back(
    country: Country, to: str, reason: str, named: str, found_by: str
) -> None:
    if found_by == AXIS:
        country.network.cut.add(f"{SENDER}--{REGISTER}")
    code = send(country, to).json()["id"]
    country.time.advance(A_WHILE)
    assert state(country, code) == ("bounced", reason)
    (dead,) = dead_letters(country)
    assert (dead["id"], dead["to"], dead["reason"]) == (code, to, reason)
    assert named in dead["message"]["vi"]
    assert named in dead["message"]["en"]
    assert country.stored(AXIS) == country.stored(RECIPIENT) == []
    country.restart(SENDER)
    assert dead_letters(country) == [dead]


@pytest.mark.parametrize(
    "link",
    [f"{SENDER}--{AXIS}", f"{AXIS}--{RECIPIENT}", f"{AXIS}--{SENDER}", f"{AXIS}--{REGISTER}"],
)
@pytest.mark.parametrize("fault", ["cut", "lose_answers"])
def test_whatever_fails_a_document_arrives_once(country: Country, link: str, fault: str) -> None:
    getattr(country.network, fault).add(link)
    codes = [send(country, key=f"key-{number:08d}").json()["id"] for number in range(3)]
    country.time.advance(A_WHILE)
    for name in (SENDER, AXIS):
        country.restart(name)
    country.network.cut.clear()
    country.network.lose_answers.clear()
    country.time.advance(A_WHILE)
    assert [state(country, code) for code in codes] == [("delivered", "")] * 3
    received = [each.record for each in country.stored(RECIPIENT) if each.kind == "document-received"]
    assert sorted(received) == sorted(codes)
    assert dead_letters(country) == []


def test_a_document_to_nobody_does_not_leave_the_province(country: Country) -> None:
    country.network.cut.add(f"{SENDER}--{AXIS}")
    code = send(country, "H63.99").json()["id"]
    country.time.advance(A_WHILE)
    assert state(country, code) == ("bounced", "agency-closed")
    assert country.network.requests[f"{SENDER}--{AXIS}"] == 0


@pytest.mark.parametrize("to", ["", "H" * 36])
def test_what_cannot_be_a_code_is_refused_at_once(country: Country, to: str) -> None:
    assert problem(send(country, to)) == "malformed"


def test_a_key_is_for_one_document(country: Country) -> None:
    first, again = send(country), send(country)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert problem(send(country, subject="Khác")) == "key-reused"
    country.restart(SENDER)
    assert send(country).json()["id"] == first.json()["id"]


@pytest.mark.parametrize("sender", ["H26.99", "H63.99", "", "nobody"])
def test_a_province_sends_under_its_own_codes_in_force(country: Country, sender: str) -> None:
    answer = send(country, **{"from": sender})
    assert (answer.status_code, problem(answer)) == (403, "not-ours")
    assert country.stored(SENDER) == []


def test_a_document_that_the_recipient_refuses_comes_back(country: Country) -> None:
    """The register knows a code that the recipient's system does not."""
    recipient = country.system(RECIPIENT)
    recipient.own = frozenset()  # type: ignore[attr-defined]  # of a document system
    code = send(country).json()["id"]
    country.time.advance(A_WHILE)
    assert state(country, code) == ("bounced", "not-here")
    assert [each["id"] for each in dead_letters(country)] == [code]
    assert [each["id"] for each in dead_letters(country, AXIS)] == [code]
    country.restart(AXIS)
    assert country.get(AXIS, f"/api/messages/{code}").json()["state"] == "bounced"


def test_an_id_is_for_one_document(country: Country) -> None:
    document = Interchange("VB-1", FROM, TO, "Công văn", DIGEST)
    other = msgspec.structs.replace(document, subject="Khác")
    for name, path, first in ((AXIS, "/api/messages", 202), (RECIPIENT, "/api/incoming", 201)):
        assert country.post(name, path, document).status_code in (first, 200)
        assert country.post(name, path, document).status_code == 200
        assert problem(country.post(name, path, other)) == "key-reused"
        country.time.advance(1)


def test_the_axis_does_not_take_what_it_cannot_place(country: Country) -> None:
    country.network.cut.add(f"{AXIS}--{REGISTER}")
    document = Interchange("VB-1", FROM, TO, "Công văn", DIGEST)
    answer = country.post(AXIS, "/api/messages", document)
    assert (answer.status_code, problem(answer)) == (502, "register-unavailable")
    country.network.cut.clear()
    elsewhere = msgspec.structs.replace(document, recipient="H14.99")
    answer = country.post(AXIS, "/api/messages", elsewhere)
    assert (answer.status_code, problem(answer)) == (502, "not-connected")


def test_documents_of_the_old_provinces_are_found_by_their_codes(country: Country) -> None:
    def found(code: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = country.get(SENDER, f"/api/documents?old_code={code}").json()
        return rows

    (document,) = found("0007/UBND-H63")
    assert (document["old_code"], document["from"], document["holder"]) == ("0007/UBND-H63", "H63", FROM)
    assert document["digest"] != found("0008/UBND-H63")[0]["digest"]
    assert found("0007/UBND-H38"), "the documents of the province whose name stayed"
    for unknown in ("0201/UBND-H63", "0000/UBND-H63", "0007/UBND-H26", "7/UBND-H63", ""):
        assert found(unknown) == []


@pytest.mark.parametrize(
    ("system", "path"),
    [(SENDER, "/api/documents/VB-0"), (RECIPIENT, "/api/incoming/VB-0"), (AXIS, "/api/messages/VB-0")],
)
def test_an_unknown_document_is_not_found(country: Country, system: str, path: str) -> None:
    assert problem(country.get(system, path)) == "no-such-document"
    receipt = {"id": "VB-0", "state": "delivered"}
    assert problem(country.post(SENDER, "/api/receipts", receipt)) == "no-such-document"
