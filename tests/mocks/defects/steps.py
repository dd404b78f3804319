"""Steps that give defects away: what citizens do, and where a rehearsal looks afterwards."""

from __future__ import annotations

from typing import Any

import httpx

import fixtures
from reports.journal import CALLS
from reports.journal_reader import read_stream
from tests.mocks.citizen import FREE, WITH_FEE, Citizen
from tests.mocks.country import Country

PORTAL, CASE = "national-portal", "case-15"
PROVINCES = ("01", "15")
A_WHILE = 30.0
"""Virtual seconds in which everything that follows from a submission has happened."""


def submit(
    country: Country, count: int, procedure: str = FREE
) -> list[tuple[fixtures.Dossier, httpx.Response]]:
    """So many dossiers, each under a key of its own; the answers."""
    citizen = Citizen(country)
    dossiers = [citizen.dossier(number, procedure) for number in range(count)]
    return [(each, citizen.submit(each, key=f"intent-{number:04d}")) for number, each in enumerate(dossiers)]


def pay(country: Country, count: int) -> list[httpx.Response]:
    """So many dossiers with a fee, paid at once."""
    citizen = Citizen(country)
    answers = []
    for number in range(count):
        code = citizen.submit(citizen.dossier(number, WITH_FEE), key=f"intent-{number:04d}").json()["code"]
        answers.append(citizen.pay(code, citizen.consent(code), key=f"pay-{number:08d}"))
    country.time.advance(A_WHILE)
    return answers


def calls(country: Country, callers: str) -> list[dict[str, Any]]:
    """What a system asked of others, from the journal."""
    country.flush()
    table, _ = read_stream(country.folder / "calls.test.1.arrows", CALLS)
    return [each for each in table.to_pylist() if each["caller"] == callers]


def histories(country: Country) -> list[list[int]]:
    """The statuses of every dossier at the case system, which all arrive at the portal."""
    submit(country, 30)
    country.time.advance(A_WHILE)
    stored = {each.record: each.history for each in country.stored(CASE)}
    assert stored == {each.record: each.history for each in country.stored(PORTAL)}
    assert country.undelivered(CASE) == 0
    return [[int(step) for step in history.split(",")] for history in stored.values()]
