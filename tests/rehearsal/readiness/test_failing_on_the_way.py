"""Whatever fails on the way, no test dossier is left; and where nobody knows, it is not said to be gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

import fixtures
from reports.readiness.model import Cell
from tests.mocks.country import Country
from tests.rehearsal.readiness.countries import PROVINCE, InMemory, Spoil, province, swept

Honest = Callable[[], Awaitable[httpx.Response]]
COMMUNE = fixtures.communes_of(PROVINCE.code)[0].code
COMMUNES = len(fixtures.communes_of(PROVINCE.code))


def _is_submission(request: httpx.Request) -> bool:
    at_portal = (request.url.host, request.url.path) == ("national-portal", "/api/dossiers")
    return at_portal and f'"{COMMUNE}"'.encode() in request.content


async def answer_lost(request: httpx.Request, honest: Honest) -> httpx.Response:
    """One dossier is taken, and nobody hears of it."""
    answer = await honest()
    if _is_submission(request):
        raise httpx.ReadTimeout("no answer")
    return answer


async def request_lost(request: httpx.Request, honest: Honest) -> httpx.Response:
    """One dossier never arrives, and nobody hears of that either."""
    if _is_submission(request):
        raise httpx.ConnectTimeout("no connection")
    return await honest()


def list_fails(looks: range) -> Spoil:
    """The own list of dossiers answers 500 at these looks, counted from zero."""
    seen = 0

    async def spoil(request: httpx.Request, honest: Honest) -> httpx.Response:
        nonlocal seen
        if request.url.path == "/api/me/dossiers":
            seen += 1
            if seen - 1 in looks:
                return httpx.Response(500)
        return await honest()

    return spoil


async def look_up_fails(request: httpx.Request, honest: Honest) -> httpx.Response:
    """The portal cannot say where a dossier of a counter stands."""
    if request.url.path.startswith("/api/dossiers/") and request.method == "GET":
        return httpx.Response(500)
    return await honest()


def left(country: Country) -> list[str]:
    return [
        f"{system}/{each.record}"
        for system in ("national-portal", "case-15")
        for each in country.time.run(InMemory(country).stored(system))
        if each.intent.startswith("readiness-")
    ]


def cells(country: Country, folder: Path, spoil: Spoil) -> dict[str, Cell]:
    return {cell.check: cell for cell in swept(country, folder, "after", spoil)}


def test_a_dossier_whose_acknowledgement_was_lost_is_found_on_the_list_and_purged(tmp_path: Path) -> None:
    with province(tmp_path) as country:
        seen = cells(country, tmp_path, answer_lost)
        assert left(country) == []
    assert [each.unit for each in seen["dossier-taken"].unseen] == [COMMUNE]
    gone = seen["test-records-gone"]
    assert (gone.outcome, gone.examined) == ("met", COMMUNES)


def test_where_nobody_knows_whether_a_dossier_was_taken_it_is_not_said_to_be_gone(tmp_path: Path) -> None:
    with province(tmp_path) as country:
        seen = cells(country, tmp_path, request_lost)
        assert left(country) == []
    gone = seen["test-records-gone"]
    assert gone.outcome == "inconclusive"
    assert [each.unit for each in gone.unseen] == [COMMUNE]


def test_dossiers_are_purged_although_their_status_cannot_be_read(tmp_path: Path) -> None:
    with province(tmp_path) as country:
        # two citizens look for what an earlier sweep left; the third look is after the submission
        seen = cells(country, tmp_path, list_fails(range(2, 3)))
        assert left(country) == []
    assert seen["status-back"].outcome == "inconclusive"
    assert len(seen["status-back"].unseen) == COMMUNES
    assert (seen["test-records-gone"].outcome, seen["test-records-gone"].examined) == ("met", COMMUNES)


def test_where_the_list_cannot_be_read_nothing_is_said_to_be_gone(tmp_path: Path) -> None:
    with province(tmp_path) as country:
        seen = cells(country, tmp_path, list_fails(range(2, 1000)))
    assert seen["test-records-gone"].outcome == "inconclusive"
    assert seen["test-records-gone"].examined == 0


def test_a_dossier_of_a_counter_is_purged_although_the_portal_cannot_say_where_it_stands(
    tmp_path: Path,
) -> None:
    with province(tmp_path) as country:
        seen = cells(country, tmp_path, look_up_fails)
        assert left(country) == []
    assert seen["counter-dossier-shown"].outcome == "inconclusive"
