"""Nothing is acknowledged before it is on disk."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import msgspec
import pytest

from mocks.messages import CaseDossier, Charge, Envelope, Progress
from tests.mocks.citizen import FREE, WITH_FEE, Citizen
from tests.mocks.country import Country

PORTAL, CASE, OLD = "national-portal", "case-15", "portal-10"
KEY = {"Idempotency-Key": "key-00000009"}


def submit(country: Country, portal: str) -> tuple[str, str, bytes, dict[str, str]]:
    citizen = Citizen(country, portal)
    dossier = citizen.dossier()
    for file in dossier.attachments:
        citizen.upload(file.content())
    content = msgspec.json.encode({"content": dossier.content()})
    return portal, "/api/dossiers", content, {**citizen.headers, **KEY}


def upload(country: Country) -> tuple[str, str, bytes, dict[str, str]]:
    return PORTAL, "/api/attachments", b"%PDF", Citizen(country).headers


def receive(country: Country) -> tuple[str, str, bytes, dict[str, str]]:
    commune = Citizen(country).dossier().commune
    dossier = CaseDossier("G22.99-1", FREE, "An", 0, "15", commune, "H", "2025", [], {"a": 1}, "key-00000009")
    return CASE, "/integration", msgspec.json.encode(Envelope("", "NoiHoSo", dossiers=[dossier])), {}


def synchronise(country: Country) -> tuple[str, str, bytes, dict[str, str]]:
    dossier = CaseDossier("H15.99-1", FREE, "An", 0, "15", "1", "H", "2025", [], {"a": 1}, "key-00000009")
    return PORTAL, "/integration", msgspec.json.encode(Envelope("", "DongBoHoSoMC", dossiers=[dossier])), {}


def progress(country: Country) -> tuple[str, str, bytes, dict[str, str]]:
    country.network.cut.add("national-portal--lgsp-15")
    citizen = Citizen(country)
    code = citizen.submit(citizen.dossier()).json()["code"]
    step = Progress(code, 2, "CB", "CB", "2025", "H", "", 2)
    return PORTAL, "/integration", msgspec.json.encode(Envelope("", "CapNhatTienDoHoSoMC", progress=[step])), {}


def charge(country: Country) -> tuple[str, str, bytes, dict[str, str]]:
    payer = Citizen(country)
    code = payer.submit(payer.dossier(procedure=WITH_FEE)).json()["code"]
    consent = payer.consent(code)
    return "payment", "/api/charges", msgspec.json.encode(Charge(consent.order, consent.authorization, code)), KEY


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(lambda country: submit(country, PORTAL), id="a dossier at the national portal"),
        pytest.param(lambda country: submit(country, OLD), id="a dossier at an old portal"),
        pytest.param(upload, id="an uploaded file"),
        pytest.param(receive, id="a dossier at its case system"),
        pytest.param(synchronise, id="a dossier of a province"),
        pytest.param(progress, id="a status"),
        pytest.param(charge, id="a charge"),
    ],
)
def test_the_answer_waits_for_the_disk(
    country: Country, prepare: Callable[[Country], tuple[str, str, bytes, dict[str, str]]]
) -> None:
    system, path, content, headers = prepare(country)
    disk = country.hold_commits(system)

    def ask() -> Coroutine[Any, Any, httpx.Response]:
        return country.ask(system, "POST", path, content=content, headers=headers)

    async def begun() -> asyncio.Task[httpx.Response]:
        return asyncio.get_running_loop().create_task(ask())

    waiting = country.time.run(begun())
    country.time.advance(2)
    assert not waiting.done(), "answered, and nothing was on disk"
    before = len(country.stored(system))
    disk.release()
    country.time.advance(0.5)
    assert waiting.result().status_code in (200, 201)
    if path != "/api/attachments" and prepare is not progress:
        assert before == len(country.stored(system)) - 1 or prepare is charge
