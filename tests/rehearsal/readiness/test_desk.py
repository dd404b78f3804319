"""How systems are asked: politely, again where that does no harm, and only those of the target."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import httpx
import msgspec
import pytest

from rehearsal.readiness.desk import TRIES, Desk, Unanswered
from rehearsal.readiness.target import Target
from tests.virtual_time import VirtualTime

TARGET = Target("", {"portal": "http://portal.test", "vneid": "http://vneid.test"})


class Number(msgspec.Struct):
    number: int


class Server:
    """Answers by a function, and remembers what it was asked and when."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response], lasts: float = 0.0) -> None:
        self.answer = answer
        self.lasts = lasts
        self.asked: list[tuple[float, httpx.Request]] = []
        self.most = self._under_way = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((asyncio.get_running_loop().time(), request))
        self._under_way += 1
        self.most = max(self.most, self._under_way)
        await asyncio.sleep(self.lasts)
        self._under_way -= 1
        return self.answer(request)


def run(
    server: Server,
    work: Callable[[Desk], Coroutine[Any, Any, Any]],
    rate: float = 1000,
    at_once: int = 50,
) -> Any:
    """What comes of work at a desk whose systems are the server."""

    async def begin() -> Any:
        async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as client:
            return await work(Desk(TARGET, client, rate=rate, at_once=at_once))

    with VirtualTime() as time:
        return time.run(begin())


def ok(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"number": 7})


async def many(desk: Desk) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(60):
            group.create_task(desk.send("portal", "GET", "/"))


def test_no_more_requests_are_made_in_a_second_than_agreed() -> None:
    server = Server(ok)
    run(server, many, rate=20)
    times = [at for at, _ in server.asked]
    assert times[-1] - times[0] == pytest.approx(59 / 20, abs=0.01)
    assert all(later - earlier >= 0.049 for earlier, later in pairwise(times))


def test_no_more_requests_are_under_way_than_agreed() -> None:
    server = Server(ok, lasts=1.0)
    run(server, many, at_once=7)
    assert server.most == 7


def test_an_answer_is_read_as_its_model() -> None:
    assert run(Server(ok), lambda desk: desk.ask(Number, "portal", "/n")).number == 7


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(httpx.Response(200, text="<html>"), "another shape", id="no JSON"),
        pytest.param(httpx.Response(200, json={"number": "x"}), "another shape", id="another model"),
        pytest.param(httpx.Response(404, json={}), "answered 404", id="an error"),
        pytest.param(
            httpx.Response(422, json={"code": "x", "message": {"vi": "a", "en": "because"}}),
            "because",
            id="a problem in words",
        ),
    ],
)
def test_any_other_answer_is_none(answer: httpx.Response, said: str) -> None:
    with pytest.raises(Unanswered, match=said):
        run(Server(lambda _: answer), lambda desk: desk.ask(Number, "portal", "/n"))


def refuses(_request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def busy(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(503, headers={"Retry-After": "2"})


@pytest.mark.parametrize(
    ("method", "headers", "tries"),
    [
        pytest.param("GET", {}, TRIES, id="a question"),
        pytest.param("POST", {"Idempotency-Key": "k"}, TRIES, id="a submission with a key"),
        pytest.param("POST", {}, 1, id="a submission without one"),
        pytest.param("DELETE", {}, 1, id="a purge"),
    ],
)
def test_only_what_does_no_harm_is_sent_again(method: str, headers: dict[str, str], tries: int) -> None:
    for answer in (refuses, busy):
        server = Server(answer)

        async def send(desk: Desk) -> None:
            with contextlib.suppress(Unanswered):
                await desk.send("portal", method, "/", headers=headers)

        run(server, send)
        assert len(server.asked) == tries


def test_who_asks_to_wait_is_waited_for() -> None:
    server = Server(busy)
    run(server, lambda desk: desk.send("portal", "GET", "/"))
    times = [at for at, _ in server.asked]
    assert [round(later - earlier) for earlier, later in pairwise(times)] == [2, 2]


def test_a_redirect_is_followed_to_hosts_of_the_target_alone() -> None:
    def leads(request: httpx.Request) -> httpx.Response:
        if request.url.host == "vneid.test":
            return httpx.Response(200, json={"number": 1})
        where = "http://vneid.test/page" if request.url.path == "/in" else "http://elsewhere.test/"
        return httpx.Response(302, headers={"Location": where})

    async def follow(desk: Desk, path: str) -> int:
        return (await desk.follow(await desk.send("portal", "GET", path), "vneid")).status_code

    server = Server(leads)
    assert run(server, lambda desk: follow(desk, "/in")) == 200
    with pytest.raises(Unanswered, match="elsewhere"):
        run(server, lambda desk: follow(desk, "/out"))
    assert {request.url.host for _, request in server.asked} == {"portal.test", "vneid.test"}


def test_a_system_without_an_address_is_not_asked() -> None:
    server = Server(ok)
    with pytest.raises(Unanswered, match="no address of postal"):
        run(server, lambda desk: desk.send("postal", "GET", "/"))
    assert server.asked == []
