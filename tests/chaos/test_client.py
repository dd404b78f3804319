"""The client where the server fails, and where the library it stands on would have kept silent."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from chaos.client import Client, ProxySpec, ProxyState
from chaos.errors import ToxicError, ToxiproxyError
from chaos.ports import free_ports
from chaos.toxics import Toxic
from tests.chaos.support import Callee, Caller, Scripted
from tests.ports import held_ports

BLACK_HOLE = Toxic(name="hole", type="timeout", stream="upstream", attributes={"timeout": 0})
HTML_503 = "<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>"


def shown(**changes: object) -> str:
    state = {"name": "p", "listen": "127.0.0.1:1", "upstream": "127.0.0.1:2", "enabled": True, "toxics": []}
    return json.dumps(state | changes)


CALLS = [
    pytest.param(lambda c: c.version(), "GET /version", id="version"),
    pytest.param(lambda c: c.proxies(), "GET /proxies", id="proxies"),
    pytest.param(lambda c: c.populate([]), "POST /populate", id="populate"),
    pytest.param(lambda c: c.proxy("p").state(), "GET /proxies/p", id="state"),
    pytest.param(lambda c: c.proxy("p").enable(), "PATCH /proxies/p", id="enable"),
    pytest.param(lambda c: c.proxy("p").disable(), "PATCH /proxies/p", id="disable"),
    pytest.param(lambda c: c.proxy("p").add(BLACK_HOLE), "POST /proxies/p/toxics", id="add"),
    pytest.param(lambda c: c.proxy("p").remove("hole"), "DELETE /proxies/p/toxics/hole", id="remove"),
    pytest.param(lambda c: c.proxy("p").delete(), "DELETE /proxies/p", id="delete"),
]


@pytest.mark.parametrize(("call", "route"), CALLS)
@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(500, '{"error": "listen tcp: address already in use", "status": 500}', id="500"),
        pytest.param(503, HTML_503, id="503 with HTML"),
        pytest.param(400, '{"error": "bad request body", "status": 400}', id="400, raised by the library"),
        pytest.param(
            409, '{"error": "proxy already exists", "status": 409}', id="409, raised by the library"
        ),
        pytest.param(302, "elsewhere", id="a redirect is not followed"),
        pytest.param(202, "later", id="another success than the one that is due"),
    ],
)
def test_any_other_status_is_an_error_with_all_there_is_to_know(
    call: Callable[[Client], object], route: str, status: int, body: str
) -> None:
    with Scripted({route: (status, body)}) as server, pytest.raises(ToxiproxyError) as error:
        call(Client(server.address))
    assert (error.value.call, error.value.status, error.value.body) == (route, status, body)
    assert error.value.proxy == ("p" if "/proxies/p" in route else "")


@pytest.mark.parametrize(("call", "route"), CALLS)
def test_a_server_that_does_not_answer_costs_no_more_than_the_limit(
    call: Callable[[Client], object], route: str
) -> None:
    with Scripted({route: (None, "")}) as server, pytest.raises(ToxiproxyError) as error:
        call(Client(server.address, within=0.05))
    assert error.value.status is None
    assert "nothing came within 0.05 s" in error.value.body


@pytest.mark.parametrize(("call", "route"), CALLS)
def test_a_server_that_is_not_there_is_an_error_too(call: Callable[[Client], object], route: str) -> None:
    [port] = held_ports(1)
    with pytest.raises(ToxiproxyError, match=f"127.0.0.1:{port}") as error:
        call(Client(f"127.0.0.1:{port}"))
    assert error.value.call == route


@pytest.mark.parametrize(
    ("call", "answers", "said"),
    [
        pytest.param(
            lambda c: c.proxy("p").enable(),
            {"PATCH /proxies/p": (200, shown()), "GET /proxies/p": (200, shown(enabled=False))},
            "wanted enabled = True, read back False",
            id="enable",
        ),
        pytest.param(
            lambda c: c.proxy("p").disable(),
            {"PATCH /proxies/p": (200, shown(enabled=False)), "GET /proxies/p": (200, shown())},
            "wanted enabled = False, read back True",
            id="disable",
        ),
        pytest.param(
            lambda c: c.proxy("p").add(BLACK_HOLE),
            {"POST /proxies/p/toxics": (200, "{}"), "GET /proxies/p": (200, shown())},
            "read back ()",
            id="add",
        ),
        pytest.param(
            lambda c: c.proxy("p").add(BLACK_HOLE),
            {
                "POST /proxies/p/toxics": (200, "{}"),
                "GET /proxies/p": (
                    200,
                    shown(toxics=[{**BLACK_HOLE.model_dump(), "attributes": {"timeout": 1}}]),
                ),
            },
            "read back (Toxic(",
            id="add, but with another value",
        ),
        pytest.param(
            lambda c: c.proxy("p").remove("hole"),
            {
                "DELETE /proxies/p/toxics/hole": (204, ""),
                "GET /proxies/p": (200, shown(toxics=[BLACK_HOLE.model_dump()])),
            },
            "still there",
            id="remove",
        ),
        pytest.param(
            lambda c: c.populate([ProxySpec(name="p", listen="127.0.0.1:1", upstream="127.0.0.1:2")]),
            {"POST /populate": (201, "{}"), "GET /proxies": (200, "{}")},
            "does not exist",
            id="populate",
        ),
        pytest.param(
            lambda c: c.populate([ProxySpec(name="p", listen="127.0.0.1:1", upstream="127.0.0.1:2")]),
            {"POST /populate": (201, "{}"), "GET /proxies": (200, f'{{"p": {shown(enabled=False)}}}')},
            "enabled=False",
            id="populate, but it is disabled",
        ),
    ],
)
def test_a_change_that_was_accepted_but_not_made_is_an_error(
    call: Callable[[Client], object], answers: dict[str, tuple[int | None, str]], said: str
) -> None:
    with Scripted(answers) as server, pytest.raises(ToxiproxyError) as error:
        call(Client(server.address))
    assert error.value.status is None
    assert said in error.value.body


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"p": {"name": "p"}}', "null"])
def test_an_answer_that_is_none_is_an_error(body: str) -> None:
    with (
        Scripted({"GET /proxies": (200, body)}) as server,
        pytest.raises(ToxiproxyError, match="not understood"),
    ):
        Client(server.address).proxies()


def test_a_deadly_toxic_never_reaches_the_server() -> None:
    with Scripted({}) as server, pytest.raises(ToxicError, match="rate = -1"):
        Client(server.address).proxy("p").add(Toxic(name="t", type="bandwidth", attributes={"rate": -1}))
    assert server.asked == []


def test_removing_what_is_not_there_does_no_harm() -> None:
    answers: dict[str, tuple[int | None, str]] = {
        "DELETE /proxies/p/toxics/hole": (404, '{"error": "toxic not found", "status": 404}'),
        "DELETE /proxies/p": (404, '{"error": "proxy not found", "status": 404}'),
        "GET /proxies/p": (200, shown()),
    }
    with Scripted(answers) as server:
        proxy = Client(server.address).proxy("p")
        assert proxy.remove("hole").healthy
        proxy.delete()


def test_removing_from_a_proxy_that_is_gone_is_an_error() -> None:
    with Scripted({}) as server, pytest.raises(ToxiproxyError) as error:
        Client(server.address).proxy("p").remove("hole")
    assert error.value.status == 404


def test_two_clients_speak_to_two_servers_at_the_same_time() -> None:
    with (
        Scripted({"GET /version": (200, '{"version": "2.12.0"}')}) as one,
        Scripted({"GET /version": (200, '{"version": "2.9.0"}')}) as other,
        ThreadPoolExecutor(8) as threads,
    ):
        clients = [Client(one.address), Client(other.address)] * 40
        versions = list(threads.map(Client.version, clients))
    assert versions == ["2.12.0", "2.9.0"] * 40


@pytest.mark.parametrize(
    ("said", "version"),
    [
        pytest.param('{"version": "2.12.0"}\n', "2.12.0", id="JSON"),
        pytest.param("2.1.4", "2.1.4", id="plain, as old servers say it"),
        pytest.param('{"version": git}', '{"version": git}', id="broken JSON is shown as it is"),
    ],
)
def test_the_version_is_read_however_it_is_said(said: str, version: str) -> None:
    with Scripted({"GET /version": (200, said)}) as server:
        assert Client(server.address).version() == version


def test_a_proxy_named_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with Scripted({"GET /version": (200, "2.12.0")}) as server:
        assert Client(server.address).version() == "2.12.0"


def test_a_name_cannot_lead_to_another_path() -> None:
    with Scripted({}) as server, pytest.raises(ToxiproxyError):
        Client(server.address).proxy("../reset?").state()
    assert server.asked == ["GET /proxies/..%2Freset%3F"]


@pytest.mark.e2e
class TestAgainstTheRealServer:
    """The same calls where they work."""

    def test_hundreds_of_proxies_are_made_with_one_call_and_read_back(
        self, client: Client, callee: Callee
    ) -> None:
        specs = [
            ProxySpec(name=f"p-{number}", listen=f"127.0.0.1:{port}", upstream=callee.address)
            for number, port in enumerate(free_ports(401))
        ]
        states = client.populate(specs)
        assert list(states) == [spec.name for spec in specs]
        assert all(state.healthy for state in states.values())
        assert states == client.proxies()

    def test_a_port_that_is_busy_is_an_error_with_the_servers_words(
        self, client: Client, callee: Callee
    ) -> None:
        with pytest.raises(ToxiproxyError, match="address already in use") as error:
            client.populate([ProxySpec(name="p", listen=callee.address, upstream=callee.address)])
        assert error.value.status == 500

    def test_a_proxy_is_switched_and_hurt_and_shows_it(self, client: Client, callee: Callee) -> None:
        [port] = held_ports(1)
        client.populate([ProxySpec(name="p", listen=f"127.0.0.1:{port}", upstream=callee.address)])
        proxy = client.proxy("p")
        assert not proxy.disable().enabled
        assert not proxy.disable().enabled, "disabling twice does no harm"
        assert proxy.enable().enabled
        assert proxy.enable().enabled, "enabling twice does no harm"
        sparse = BLACK_HOLE.model_copy(update={"toxicity": 0.3})
        state = proxy.add(sparse)
        assert isinstance(state, ProxyState)
        assert [toxic.name for toxic in state.toxics] == ["hole"]
        with pytest.raises(ToxiproxyError, match="toxic already exists"):
            proxy.add(BLACK_HOLE)
        assert proxy.remove("hole").healthy
        with closing(Caller(f"127.0.0.1:{port}", patience=2)) as caller:
            assert caller.write("w") == "answered"
        proxy.delete()
        assert client.proxies() == {}
