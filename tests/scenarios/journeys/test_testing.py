"""The fake visitor judges as the real one does, and never waits."""

import pytest

from scenarios.journeys.answer import Answer
from scenarios.journeys.testing import Broken, FakeVisitor, Request, arrival, json_answer, redirect
from scenarios.journeys.visitor import GaveUp, Visitor

PORTAL = "national-portal"
SECOND = 1_000_000_000


def scripted(*plays: Answer | Broken) -> FakeVisitor:
    script = list(plays)

    def system(_: Request) -> Answer:
        play = script.pop(0)
        if isinstance(play, Broken):
            raise play
        return play

    return FakeVisitor(system, retries=2)


def test_it_is_a_visitor() -> None:
    visitor: Visitor = scripted()
    assert visitor.arrival == arrival()


def test_requests_are_kept_as_a_system_sees_them() -> None:
    visitor = scripted(Answer(200), json_answer({}, 201))
    visitor.request("home", PORTAL, "GET", "/", headers={"X-A": "1"})
    intent = visitor.intent("submission", system=PORTAL, province="15")
    visitor.request("submit", PORTAL, "POST", "/d", json={"a": 1}, expect=(201,), intent=intent)
    home, submit = visitor.requests
    assert (home.step, home.system, home.method, home.path, home.headers) == (
        "home", PORTAL, "GET", "/", {"X-A": "1"},
    )  # fmt: skip
    assert submit.json() == {"a": 1}
    assert submit.intent is not None
    assert submit.intent.id == intent.id
    assert len(submit.intent.digest) == 64
    assert visitor.steps == ["home", "submit"]


def test_a_failure_is_tried_again_and_a_clear_no_is_not() -> None:
    visitor = scripted(Answer(503), Broken("reset"), Answer(200))
    visitor.request("home", PORTAL, "GET", "/")
    assert [request.attempt for request in visitor.requests] == [1, 2, 3]
    with pytest.raises(GaveUp, match="http-404"):
        scripted(Answer(404)).request("home", PORTAL, "GET", "/")
    with pytest.raises(GaveUp, match="http-503"):
        scripted(Answer(503)).request("home", PORTAL, "GET", "/", retry=False)


def test_a_wrong_content_is_found() -> None:
    with pytest.raises(GaveUp, match="wrong-title"):
        scripted(*[Answer(200)] * 3).request("home", PORTAL, "GET", "/", check=lambda _: "title")


def test_what_was_acknowledged_is_kept() -> None:
    visitor = scripted(json_answer({"code": "H1"}, 201))
    intent = visitor.intent("submission", system=PORTAL, province="15")
    visitor.request(
        "submit",
        PORTAL,
        "POST",
        "/",
        expect=(201,),
        intent=intent,
        record=lambda answer: answer.field("code"),
    )
    assert visitor.records == {intent.id: "H1"}


def test_an_acknowledgement_without_its_record_is_wrong() -> None:
    visitor = scripted(json_answer({}, 201))
    with pytest.raises(GaveUp, match="wrong-record"):
        visitor.request(
            "submit",
            PORTAL,
            "POST",
            "/",
            expect=(201,),
            record=lambda answer: answer.field("code"),
            retry=False,
        )


def test_redirects_are_followed_by_the_name_of_the_system() -> None:
    visitor = scripted(redirect("http://vneid/authorize?a=1"), redirect("/callback"), Answer(200))
    login = visitor.request("login", PORTAL, "GET", "/login", expect=(303,))
    back = visitor.follow("authorize", login, expect=(303,))
    visitor.follow("callback", back)
    assert [(request.system, request.path) for request in visitor.requests] == [
        (PORTAL, "/login"), ("vneid", "/authorize?a=1"), ("vneid", "/callback"),
    ]  # fmt: skip


def test_the_clock_moves_by_thinking_only() -> None:
    visitor = FakeVisitor(lambda _: Answer(200), arrival(planned=-2 * SECOND))
    assert not visitor.after_t0
    visitor.request("home", PORTAL, "GET", "/")
    visitor.think(3, 3)
    assert visitor.now_ns() == SECOND
    assert visitor.after_t0


def test_the_same_arrival_draws_the_same() -> None:
    draws = [FakeVisitor(lambda _: Answer(200), arrival(number)).random.random() for number in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]
