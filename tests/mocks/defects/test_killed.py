"""``kill -9`` of a real portal that acknowledges before it commits, and of an honest one."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import msgspec
import pytest

import fixtures
from fixtures.people import Registry
from mocks.operator import Stored, SwitchSet
from mocks.tokens import Session, Signer
from tests.mocks.country import SEED, configuration
from tests.mocks.processes import MockProcess, on_ports

PORTAL = "national-portal"
DOSSIERS = 5
PATIENCE = 60.0

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("defects", "kept"),
    [
        pytest.param(frozenset[str](), DOSSIERS, id="honest"),
        pytest.param(frozenset({"acknowledges-before-commit"}), 0, id="planted"),
    ],
)
def test_a_kill_loses_what_was_acknowledged_before_it_was_committed(
    tmp_path: Path, defects: frozenset[str], kept: int
) -> None:
    places = on_ports(configuration(("15",), (), defects={PORTAL: defects}))
    address = f"http://127.0.0.1:{places[PORTAL].port}"
    who = Registry(SEED).citizen(1, "15")
    session = Signer(PORTAL, SEED).sign(Session(who.id, who.name, time.time() + 3600))
    headers = {"Cookie": f"session={session}"}
    content = Registry(SEED).dossier(1, province="15", commune=fixtures.communes_of("15")[0].code).content()
    others = MockProcess("others", tmp_path, [place for name, place in places.items() if name != PORTAL])
    with others, MockProcess(PORTAL, tmp_path, [places[PORTAL]]) as portal:
        with httpx.Client(base_url=address, headers=headers, timeout=PATIENCE) as http:
            bare = msgspec.json.encode({"content": {**content, "attachments": []}})
            for number in range(DOSSIERS):
                key = {"Idempotency-Key": f"intent-{number:04d}"}
                assert http.post("/api/dossiers", content=bare, headers=key).status_code == 201
        portal.kill()
        portal.start()
        page = httpx.get(f"{address}/-/stored", timeout=PATIENCE).json()["records"]
        assert sum(each.at > 0 for each in msgspec.convert(page, list[Stored])) == kept


def test_a_switch_is_gone_after_a_restart_and_off_at_its_instant(tmp_path: Path) -> None:
    places = on_ports(configuration((), ()))
    address = f"http://127.0.0.1:{places['vneid'].port}"
    told = {"name": "a", "kind": "throttled", "until_monotonic_ns": time.monotonic_ns() + 3_600 * 10**9}
    with MockProcess("vneid", tmp_path, [places["vneid"]]) as process:
        page = f"{address}/oauth2/userinfo"
        taken = httpx.put(f"{address}/-/switches", json={"switches": [told]})
        assert [each.name for each in msgspec.convert(taken.json(), SwitchSet).switches] == ["a"]
        assert httpx.get(page).status_code == 429
        httpx.put(f"{address}/-/switches", json={"switches": [{**told, "until_monotonic_ns": 1}]})
        assert httpx.get(page).status_code == 401
        httpx.put(f"{address}/-/switches", json={"switches": [told]})
        process.kill()
        process.start()
        assert httpx.get(f"{address}/-/switches").json() == {"switches": []}
