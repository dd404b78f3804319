"""Hotlines: numbers of every unit, calls that are answered or given up, figures that outlive the process."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

import fixtures
from mocks.gaps import Gap
from mocks.systems.hotline import AGENTS
from tests.mocks.country import Country, problem
from tests.mocks.platform import standing

NAME = "hotline"
COMMUNES = [each.code for each in fixtures.communes_of("15")]
SILENT, UNIT = COMMUNES[:2]


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with standing(tmp_path, NAME, gaps=[Gap("hotline-missing", SILENT)]) as made:
        yield made


def call(country: Country, unit: str = UNIT, patience: float = 60.0) -> httpx.Response:
    return country.post(NAME, "/api/calls", {"unit": unit, "patience": patience})


async def calls(country: Country, number: int, patience: float) -> list[str]:
    body = msgspec.json.encode({"unit": UNIT, "patience": patience})
    answers = await asyncio.gather(
        *(country.ask(NAME, "POST", "/api/calls", content=body) for _ in range(number))
    )
    return [each.json()["outcome"] for each in answers]


def test_every_unit_has_a_number_of_its_own_that_nobody_has(country: Country) -> None:
    found = country.get(NAME, "/api/provinces/15/numbers").json()
    assert [each["unit"] for each in found] == ["15", *COMMUNES[1:]]
    everywhere = [
        each["number"]
        for province in fixtures.provinces()
        for each in country.get(NAME, f"/api/provinces/{province.code}/numbers").json()
    ]
    assert len(set(everywhere)) == len(everywhere) == 34 + 3_321 - 1
    assert all(each.startswith("0953") for each in everywhere)


def test_a_call_is_answered_at_once_while_somebody_is_free(country: Country) -> None:
    answer = call(country).json()
    assert (answer["outcome"], answer["waited"], answer["unit"]) == ("answered", 0.0, UNIT)
    assert answer["talk"] > 0


def test_whoever_is_not_answered_in_time_gives_up(country: Country) -> None:
    began = country.time.seconds
    outcomes = country.time.run(calls(country, AGENTS + 3, 0.001))
    assert sorted(outcomes) == ["abandoned"] * 3 + ["answered"] * AGENTS
    assert country.time.seconds - began == pytest.approx(0.001)
    state = country.get(NAME, "/api/state").json()
    assert (state["waiting"], state["answered"], state["abandoned"]) == (0, AGENTS, 3)
    assert state["mean_wait"] == pytest.approx(0.003 / (AGENTS + 3))


def test_patient_callers_are_answered_in_the_end(country: Country) -> None:
    assert set(country.time.run(calls(country, 3 * AGENTS, 60.0))) == {"answered"}
    assert country.get(NAME, "/api/provinces/15/state").json()["answered"] == 3 * AGENTS
    assert country.get(NAME, "/api/provinces/01/state").json()["answered"] == 0


def test_waiting_calls_are_shown(country: Country) -> None:
    async def look() -> int:
        under_way = asyncio.gather(*(calls(country, 1, 0.5) for _ in range(AGENTS + 2)))
        await asyncio.sleep(0.0001)
        answer = await country.ask(NAME, "GET", "/api/state")
        await under_way
        waiting: int = answer.json()["waiting"]
        return waiting

    assert country.time.run(look()) == 2


def test_figures_outlive_the_process(country: Country) -> None:
    country.time.run(calls(country, AGENTS + 1, 0.001))
    before = country.get(NAME, "/api/state").json()
    country.restart(NAME)
    assert country.get(NAME, "/api/state").json() == before


@pytest.mark.parametrize(
    ("unit", "status", "said"),
    [(SILENT, 404, "no-number"), ("99999", 404, "no-such-unit"), ("001", 410, "unit-split")],
)
def test_a_unit_without_a_number_cannot_be_called(
    country: Country, unit: str, status: int, said: str
) -> None:
    answer = call(country, unit)
    assert (answer.status_code, problem(answer)) == (status, said)


def test_patience_is_no_longer_than_a_minute(country: Country) -> None:
    assert problem(call(country, patience=61.0)) == "malformed"
