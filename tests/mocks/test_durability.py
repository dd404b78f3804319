"""Nothing is acknowledged before it is on disk."""

import asyncio
from collections.abc import Callable

import httpx
import msgspec
import pytest

from mocks.messages import CaseDossier, Charge, Envelope, Progress
from tests.mocks.citizen import FREE, WITH_FEE, Citizen
from tests.mocks.country import Country

PORTAL, CASE, OLD = "national-portal", "case-15", "portal-10"
Asked = tuple[str, str, bytes, dict[str, str]]
"""System, path, body and headers of a request."""
Prepare = Callable[[Country], Asked]
KEY = {"Idempotency-Key": "key-00000009"}


def submit(country: Country, portal: str) -> Asked:
    citizen = Citizen(country, portal)
    dossier = citizen.dossier()
    for file in dossier.attachments:
        citizen.upload(file.content())
    content = msgspec.json.encode({"content": dossier.content()})
    return portal, "/api/dossiers", content, {**citizen.headers, **KEY}


def upload(country: Country) -> Asked:
    return PORTAL, "/api/attachments", b"%PDF", Citizen(country).headers


def receive(country: Country) -> Asked:
    commune = Citizen(country).dossier().commune
    dossier = CaseDossier("G22.99-1", FREE, "An", 0, "15", commune, "H", "2025", [], {"a": 1}, "key-00000009")
    return CASE, "/integration", msgspec.json.encode(Envelope("", "NoiHoSo", dossiers=[dossier])), {}


def synchronise(country: Country) -> Asked:
    dossier = CaseDossier("H15.99-1", FREE, "An", 0, "15", "1", "H", "2025", [], {"a": 1}, "key-00000009")
    return PORTAL, "/integration", msgspec.json.encode(Envelope("", "DongBoHoSoMC", dossiers=[dossier])), {}


def progress(country: Country) -> Asked:
    country.network.cut.add("national-portal--lgsp-15")
    citizen = Citizen(country)
    code = citizen.submit(citizen.dossier()).json()["code"]
    step = Progress(code, 2, "CB", "CB", "2025", "H", "", 2)
    envelope = Envelope("", "CapNhatTienDoHoSoMC", progress=[step])
    return PORTAL, "/integration", msgspec.json.encode(envelope), {}


def charge(country: Country) -> Asked:
    payer = Citizen(country)
    code = payer.submit(payer.dossier(procedure=WITH_FEE)).json()["code"]
    consent = payer.consent(code)
    asked = Charge(consent.order, consent.authorization, code)
    return "payment", "/api/charges", msgspec.json.encode(asked), KEY


@pytest.mark.parametrize(
    ("prepare", "gained"),
    [
        pytest.param(lambda country: submit(country, PORTAL), 1, id="a dossier at the national portal"),
        pytest.param(lambda country: submit(country, OLD), 1, id="a dossier at an old portal"),
        pytest.param(upload, 0, id="an uploaded file"),
        pytest.param(receive, 1, id="a dossier at its case system"),
        pytest.param(synchronise, 1, id="a dossier of a province"),
        pytest.param(progress, 0, id="a status"),
        pytest.param(charge, 1, id="a charge"),
    ],
)
def test_the_answer_waits_for_the_disk(country: Country, prepare: Prepare, gained: int) -> None:
    system, path, content, headers = prepare(country)
    disk = country.hold_commits(system)
    held = len(country.stored(system))

    async def begun() -> asyncio.Task[httpx.Response]:
        asked = country.ask(system, "POST", path, content=content, headers=headers)
        return asyncio.get_running_loop().create_task(asked)

    waiting = country.time.run(begun())
    country.time.advance(2)
    assert not waiting.done(), "answered, and nothing was on disk"
    assert len(country.stored(system)) == held, "shown, and nothing was on disk"
    disk.release()
    country.time.advance(0.5)
    assert waiting.result().status_code in (200, 201)
    assert len(country.stored(system)) == held + gained
