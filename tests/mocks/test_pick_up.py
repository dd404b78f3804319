"""The post picks the papers of a dossier up at its owner's door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.mocks.citizen import Citizen
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing
from tests.mocks.registers import A_WHILE, CASE, CORE

POST = "postal"


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """Province 15 and the post."""
    with standing(tmp_path, *CORE, POST) as made:
        yield made


@pytest.fixture
def code(country: Country) -> str:
    """Of a dossier that its owner has just handed in."""
    citizen = Citizen(country)
    submitted: str = citizen.submit(citizen.dossier()).json()["code"]
    return submitted


def order(country: Country, code: str, citizen: Citizen | None = None) -> httpx.Response:
    return (citizen or Citizen(country)).post(f"/api/dossiers/{code}/pick-up", key="pick-up-0001")


def test_it_is_ordered_once_and_the_province_hears_how_far_it_is(country: Country, code: str) -> None:
    country.time.advance(A_WHILE)
    first, again = order(country, code), order(country, code)
    assert (first.status_code, first.json()["state"]) == (201, "ordered")
    assert again.json()["order"] == first.json()["order"]
    country.time.advance(A_WHILE)
    carried = {each.kind: each for each in country.stored(POST)}
    assert (carried["pick-up"].dossier, carried["pick-up"].history) == (code, "delivered")
    told = country.get(CASE, f"/api/postal-status/{code}").json()
    assert ("pick-up", "delivered") in [(each["kind"], each["state"]) for each in told]


def test_nobody_comes_before_the_province_has_the_dossier(country: Country, code: str) -> None:
    answer = order(country, code)
    assert (answer.status_code, problem(answer)) == (409, "too-early")
    assert country.stored(POST) == []


def test_only_the_owner_can_order_it(country: Country, code: str) -> None:
    country.time.advance(A_WHILE)
    other, nobody = Citizen(country, number=7), Citizen(country, signed_in=False)
    assert [order(country, code, each).status_code for each in (other, nobody)] == [403, 401]
    assert "pick-up" not in {each.kind for each in country.stored(POST)}


def test_where_the_post_does_not_answer_the_citizen_is_told(country: Country, code: str) -> None:
    country.time.advance(A_WHILE)
    country.network.cut.add(f"national-portal--{POST}")
    answer = order(country, code)
    assert (answer.status_code, problem(answer)) == (502, "register-unavailable")
