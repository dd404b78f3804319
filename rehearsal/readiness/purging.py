"""Test dossiers are taken away again, and it is proved that they are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

import httpx
import msgspec

import fixtures
from rehearsal.readiness.desk import Desk, refused
from rehearsal.readiness.signing_in import PORTAL

HEAR_OF_A_CERTIFIED_COPY = ("emc", "signatures", "postal", "document-axis")
"""Systems of the nation that keep something under the code of a dossier which asks for a certified copy."""


class View(msgspec.Struct, frozen=True):
    """Where a dossier stands."""

    code: str
    steps: list[int]


class Own(msgspec.Struct, frozen=True):
    """The dossiers of whoever is signed in."""

    dossiers: list[View]


class Purged(msgspec.Struct, frozen=True):
    """Of how many dossiers something was removed."""

    purged: int


async def own(desk: Desk, session: Mapping[str, str]) -> dict[str, list[int]]:
    """The steps of every dossier of a test citizen, by code: whoever they are, no other test dossier is.

    Raises :class:`~rehearsal.readiness.desk.Unanswered`.
    """
    listed = await desk.ask(Own, PORTAL, "/api/me/dossiers", headers=session)
    return {view.code: view.steps for view in listed.dossiers}


async def purge(desk: Desk, province: fixtures.Province, codes: Sequence[str]) -> None:
    """Remove dossiers at the portal, which then forwards them no more, and at the case system.

    Raises :class:`~rehearsal.readiness.desk.Unanswered`.
    """
    desk.purged[province.code].update(codes)
    for system in (PORTAL, f"case-{province.code}"):
        await desk.ask(Purged, system, "/api/test-dossiers", method="DELETE", body={"codes": list(codes)})


def followers(province: fixtures.Province) -> tuple[str, ...]:
    """The systems that keep something about a test dossier besides those that hold it."""
    return (*HEAR_OF_A_CERTIFIED_COPY, f"documents-{province.code}")


async def purge_traces(desk: Desk, province: fixtures.Province) -> dict[str, int]:
    """Remove what the followers keep about purged dossiers; by system, of how many it kept something.

    Raises :class:`~rehearsal.readiness.desk.Unanswered`.
    """
    body = {"codes": sorted(desk.purged[province.code])}
    return {
        system: (await desk.ask(Purged, system, "/api/test-dossiers", method="DELETE", body=body)).purged
        for system in followers(province)
        if desk.knows(system)
    }


async def gone(
    desk: Desk, province: fixtures.Province, code: str, *, also_at_case_system: bool = True
) -> list[str]:
    """The systems that still know a dossier; none, where it is gone.

    Raises :class:`~rehearsal.readiness.desk.Unanswered` where one does not say.
    """
    case = f"case-{province.code}"
    asked = {"session": "", "service": "TraCuuHoSo", "mahoso": code}
    answers = {PORTAL: await desk.send(PORTAL, "GET", f"/api/dossiers/{quote(code)}")}
    if also_at_case_system:
        answers[case] = await desk.send(case, "POST", "/integration", body=asked)
    for system, answer in answers.items():
        if not answer.is_success and answer.status_code != httpx.codes.NOT_FOUND:
            raise refused(system, answer)
    return [system for system, answer in answers.items() if answer.is_success]
