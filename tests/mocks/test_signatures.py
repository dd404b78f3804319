"""Agencies sign with valid certificates only; new ones are issued in a queue that says how long it takes."""

import math
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import fixtures
from mocks.gaps import Gap
from mocks.systems.signature_certificates import ISSUED_PER_SECOND, ROUND
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing

NAME = "signatures"
DIGEST, OTHER_DIGEST = "a" * 64, "b" * 64
COMMUNES = [each.code for each in fixtures.communes_of("15")]
GOOD, EXPIRED, OLD_NAME = COMMUNES[:3]
REISSUE = "/api/certificates/reissue"


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    gaps = [Gap("certificate-expired", EXPIRED), Gap("certificate-old-name", OLD_NAME)]
    with standing(tmp_path, NAME, gaps=gaps) as made:
        yield made


def sign(country: Country, unit: str = GOOD, digest: str = DIGEST) -> httpx.Response:
    return country.post(NAME, "/api/sign", {"digest": digest, "unit": unit, "dossier": "H38.99-1"})


def verify(country: Country, signature: str, digest: str = DIGEST) -> tuple[bool, str]:
    said = country.post(NAME, "/api/verify", {"digest": digest, "signature": signature}).json()
    return said["valid"], said["reason"]


def state(country: Country, unit: str) -> str:
    found: str = country.get(NAME, f"/api/certificates/{unit}").json()["state"]
    return found


def test_every_unit_has_a_certificate_and_gaps_show(country: Country) -> None:
    found = country.get(NAME, "/api/provinces/15/certificates").json()
    assert [each["unit"] for each in found] == ["15", *COMMUNES]
    assert {each["unit"]: each["state"] for each in found if each["state"] != "valid"} == {
        EXPIRED: "expired",
        OLD_NAME: "old-name",
    }
    assert len({each["serial"] for each in found}) == len(found)


def test_a_document_is_signed_once(country: Country) -> None:
    first = sign(country).json()
    country.restart(NAME)
    assert sign(country).json() == first
    (kept,) = country.stored(NAME, carried_over=True)
    assert (kept.kind, kept.dossier, kept.digest, kept.commune) == ("signature", "H38.99-1", DIGEST, GOOD)
    assert verify(country, first["signature"]) == (True, "")
    assert verify(country, first["signature"], OTHER_DIGEST) == (False, "other-document")
    assert verify(country, "forged.x") == (False, "not-ours")


@pytest.mark.parametrize(
    ("unit", "status", "said"),
    [
        (EXPIRED, 409, "certificate-expired"),
        (OLD_NAME, 409, "certificate-old-name"),
        ("001", 410, "unit-split"),
        ("99999", 404, "no-such-unit"),
    ],
)
def test_who_has_no_valid_certificate_does_not_sign(
    country: Country, unit: str, status: int, said: str
) -> None:
    answer = sign(country, unit)
    assert (answer.status_code, problem(answer)) == (status, said)
    assert country.stored(NAME, carried_over=True) == []


@pytest.mark.parametrize("digest", ["", "A" * 64, "a" * 63])
def test_only_a_digest_is_signed(country: Country, digest: str) -> None:
    assert problem(sign(country, digest=digest)) == "malformed"


def test_what_a_revoked_certificate_signed_is_no_longer_good(country: Country) -> None:
    signature = sign(country).json()["signature"]
    assert country.post(NAME, f"/api/certificates/{GOOD}/revoke").json()["state"] == "revoked"
    country.restart(NAME)
    assert verify(country, signature) == (False, "certificate-revoked")
    assert problem(sign(country, digest=OTHER_DIGEST)) == "certificate-revoked"


def test_certificates_are_issued_anew_within_the_time_that_was_said(country: Country) -> None:
    queued = country.post(NAME, REISSUE, {"province": "15", "units": [EXPIRED]}).json()
    assert queued["accepted"] == queued["waiting"] == 1 + len(COMMUNES)
    batches = math.ceil(queued["waiting"] / (ISSUED_PER_SECOND * ROUND))
    assert queued["expected_seconds"] == batches * ROUND
    country.time.advance(queued["expected_seconds"] - ROUND - 0.01)
    assert country.get(NAME, REISSUE).json()["waiting"] > 0, "no sooner than the capacity allows"
    country.time.advance(ROUND + 0.02)
    assert country.get(NAME, REISSUE).json() == {
        "waiting": 0,
        "issued": queued["waiting"],
        "expected_seconds": 0.0,
    }
    assert state(country, EXPIRED) == state(country, OLD_NAME) == "valid"
    assert sign(country, EXPIRED).status_code == 200


def test_a_certificate_waits_once(country: Country) -> None:
    assert country.post(NAME, REISSUE, {"units": [EXPIRED, EXPIRED]}).json()["accepted"] == 1
    assert country.post(NAME, REISSUE, {"units": [EXPIRED, OLD_NAME]}).json() == {
        "accepted": 1,
        "waiting": 2,
        "expected_seconds": ROUND,
    }


def test_the_queue_outlives_the_process(country: Country) -> None:
    country.post(NAME, REISSUE, {"units": [EXPIRED]})
    country.restart(NAME)
    assert state(country, EXPIRED) == "expired"
    country.time.advance(2 * ROUND)
    assert state(country, EXPIRED) == "valid"
    country.restart(NAME)
    assert country.get(NAME, REISSUE).json()["issued"] == 1
    assert country.get(NAME, f"/api/certificates/{EXPIRED}").json()["serial"] == f"CT-{EXPIRED}-2"


def test_old_signatures_stay_good_when_a_new_certificate_is_revoked(country: Country) -> None:
    signature = sign(country).json()["signature"]
    country.post(NAME, REISSUE, {"units": [GOOD]})
    country.time.advance(2 * ROUND)
    country.post(NAME, f"/api/certificates/{GOOD}/revoke")
    assert verify(country, signature) == (True, "")


def test_who_asks_again_after_a_re_issue_is_given_the_signature_that_there_is(country: Country) -> None:
    first = sign(country).json()
    country.post(NAME, REISSUE, {"units": [GOOD]})
    country.time.advance(2 * ROUND)
    assert sign(country).json() == first
    assert len(country.stored(NAME, carried_over=True)) == 1


def test_nothing_is_queued_where_a_unit_is_unknown(country: Country) -> None:
    answer = country.post(NAME, REISSUE, {"units": [GOOD, "99999"]})
    assert (answer.status_code, problem(answer)) == (404, "no-such-unit")
    assert country.get(NAME, REISSUE).json()["waiting"] == 0
