"""Every attempt leaves one honest sample; retries, intents and redirects follow the contract."""

import hashlib
import re

import gevent
import msgspec
import pytest

from rehearsal.swarm.settings import Policy
from rehearsal.swarm.targets import UnknownLinkError
from rehearsal.swarm.transport import (
    ConnectFailed,
    ConnectionReset,
    ProtocolError,
    TimedOut,
    TooLarge,
    TransportError,
)
from rehearsal.swarm.visitor import HttpVisitor, effect_of
from scenarios.journeys.answer import Answer
from scenarios.journeys.testing import arrival
from scenarios.journeys.visitor import GaveUp, Intent, Visitor
from tests.rehearsal.swarm.fakes import MS, SECOND, T0, FakeWorld, Play, response

PORTAL = "national-portal"


def visitor_of(fake: FakeWorld, number: int = 7, planned: int = 0, actor: str = "citizen") -> HttpVisitor:
    return HttpVisitor(fake.world, arrival(number, planned=planned, actor=actor, journey="j", province="15"))


def a_submission(visitor: HttpVisitor) -> Intent:
    return visitor.intent("submission", system=PORTAL, province="15")


def test_it_is_a_visitor() -> None:
    visitor: Visitor = visitor_of(FakeWorld())
    assert visitor.arrival.number == 7


def test_a_right_answer_is_one_ok_sample() -> None:
    fake = FakeWorld(response(200, b"page"))
    visitor = visitor_of(fake, planned=-5 * MS)
    answer = visitor.request("home", PORTAL, "GET", "/")
    assert (answer.status, answer.body, answer.system) == (200, b"page", PORTAL)
    (sample,) = fake.journal.samples
    assert sample._replace(trace="", span="") == (
        7, "j", "home", "15", "citizens--national-portal", 1, T0 - 5 * MS, T0, T0 + 100 * MS, 200, "ok", "",
        len(fake.requests[0][1]), 4, "", "",
    )  # fmt: skip


def test_the_first_request_is_planned_for_the_arrival_and_is_not_sent_before_it() -> None:
    fake = FakeWorld(response())
    visitor_of(fake, planned=250 * MS).request("home", PORTAL, "GET", "/")
    assert (fake.journal.samples[0].planned, fake.journal.samples[0].sent) == (T0 + 250 * MS,) * 2


def test_a_later_request_is_planned_for_the_end_of_the_last_plus_the_pause() -> None:
    fake = FakeWorld(response(), response(), policy=Policy(0.5, 10, 0, 0))
    visitor = visitor_of(fake)
    visitor.request("one", PORTAL, "GET", "/")
    visitor.think(4, 4)
    fake.time.now_ns += 30 * MS  # the generator was busy elsewhere
    visitor.request("two", PORTAL, "GET", "/")
    one, two = fake.journal.samples
    assert two.planned == one.done + 2 * SECOND
    assert two.sent - two.planned == 30 * MS


def test_a_failure_is_tried_again_after_the_pause_and_every_attempt_is_a_sample() -> None:
    fake = FakeWorld(response(503), TimedOut(), response(200))
    visitor_of(fake).request("home", PORTAL, "GET", "/")
    one, two, three = fake.journal.samples
    assert [sample.attempt for sample in (one, two, three)] == [1, 2, 3]
    assert [sample.error for sample in (one, two, three)] == ["http-503", "timeout", ""]
    assert two.planned == one.done + 3 * SECOND
    assert three.planned == two.done + 3 * SECOND


def test_the_pause_before_a_retry_is_drawn_from_its_range() -> None:
    fake = FakeWorld(response(503), response(503), response(200), policy=Policy(1, 10, 2, (1.0, 5.0)))
    visitor_of(fake).request("home", PORTAL, "GET", "/")
    one, two, three = fake.journal.samples
    pauses = [two.planned - one.done, three.planned - two.done]
    assert all(1 * SECOND <= pause <= 5 * SECOND for pause in pauses)
    assert pauses[0] != pauses[1]


def test_a_visitor_gives_up_after_the_last_retry() -> None:
    fake = FakeWorld(response(503), response(503), response(500, b"sorry"))
    with pytest.raises(GaveUp) as gave_up:
        visitor_of(fake).request("home", PORTAL, "GET", "/")
    assert (gave_up.value.step, gave_up.value.error) == ("home", "http-500")
    assert gave_up.value.answer is not None
    assert gave_up.value.answer.body == b"sorry"
    assert len(fake.journal.samples) == 3


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 410, 422])
def test_a_clear_no_is_not_tried_again(status: int) -> None:
    fake = FakeWorld(response(status))
    with pytest.raises(GaveUp, match=f"http-{status}"):
        visitor_of(fake).request("home", PORTAL, "GET", "/")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_not_now_is_tried_again(status: int) -> None:
    fake = FakeWorld(response(status), response(200))
    assert visitor_of(fake).request("home", PORTAL, "GET", "/").status == 200


def test_without_retry_the_first_failure_is_final() -> None:
    fake = FakeWorld(response(503))
    with pytest.raises(GaveUp):
        visitor_of(fake).request("home", PORTAL, "GET", "/", retry=False)


@pytest.mark.parametrize(
    ("play", "outcome", "error"),
    [
        pytest.param(ConnectFailed(), "failed", "connect", id="no connection: nothing was sent"),
        pytest.param(ConnectionReset(), "unknown", "reset", id="reset"),
        pytest.param(TimedOut(), "unknown", "timeout", id="timeout"),
        pytest.param(ProtocolError(), "unknown", "protocol", id="no HTTP"),
        pytest.param(TooLarge(), "unknown", "too-large", id="too large"),
        pytest.param(response(503), "failed", "http-503", id="refused"),
        pytest.param(response(204), "failed", "http-204", id="another status than expected"),
    ],
)
def test_outcomes_of_attempts(play: Play, outcome: str, error: str) -> None:
    fake = FakeWorld(play)
    with pytest.raises(GaveUp, match=error):
        visitor_of(fake).request("home", PORTAL, "GET", "/", retry=False)
    (sample,) = fake.journal.samples
    assert (sample.outcome, sample.error) == (outcome, error)
    assert (sample.status == 0) is isinstance(play, TransportError)


def wrong_title(answer: Answer) -> str | None:
    return "title" if b"title" not in answer.body else None


def test_a_wrong_content_is_a_failed_sample_and_tried_again() -> None:
    fake = FakeWorld(response(200, b"?"), response(200, b"title"))
    visitor_of(fake).request("home", PORTAL, "GET", "/", check=wrong_title)
    assert [(sample.outcome, sample.error, sample.status) for sample in fake.journal.samples] == [
        ("failed", "wrong-title", 200),
        ("ok", "", 200),
    ]


def test_every_request_carries_its_trace_its_span_and_its_caller() -> None:
    fake = FakeWorld(response(), response(), response())
    visitor = visitor_of(fake)
    visitor.request("one", PORTAL, "GET", "/")
    visitor.request("two", "vneid", "GET", "/")
    visitor_of(fake, number=8, actor="official").request("inbox", "case-15", "GET", "/")
    one, two, other = fake.journal.samples
    for number, sample in enumerate((one, two, other)):
        assert fake.sent_headers(number)["traceparent"] == f"00-{sample.trace}-{sample.span}-01"
        assert re.fullmatch("[0-9a-f]{32}", sample.trace)
        assert re.fullmatch("[0-9a-f]{16}", sample.span)
        assert int(sample.span, 16) > 0
    assert one.trace == two.trace != other.trace
    assert len({one.span, two.span, other.span}) == 3
    assert [fake.sent_headers(number)["x-caller"] for number in range(3)] == ["citizens"] * 2 + ["officials"]
    assert other.link == "officials--case-15"


def test_content_is_described_and_sent() -> None:
    fake = FakeWorld(*[response()] * 4)
    visitor = visitor_of(fake)
    visitor.request("json", PORTAL, "POST", "/", json={"tên": "Ê"})
    visitor.request("bytes", PORTAL, "PUT", "/", body=b"12345", headers={"Content-Type": "image/png"})
    visitor.request("nothing", PORTAL, "POST", "/")
    visitor.request("page", PORTAL, "GET", "/tra-cứu?q=hồ+sơ")
    body = msgspec.json.encode({"tên": "Ê"})
    assert fake.requests[0][1].endswith(b"\r\n\r\n" + body)
    assert fake.sent_headers(0)["content-length"] == str(len(body))
    assert fake.sent_headers(0)["content-type"] == "application/json"
    assert fake.sent_headers(1)["content-length"] == "5"
    assert fake.sent_headers(1)["content-type"] == "image/png"
    assert fake.sent_headers(2)["content-length"] == "0"
    assert "content-length" not in fake.sent_headers(3)
    assert fake.requests[3][1].startswith(b"GET /tra-c%E1%BB%A9u?q=h%E1%BB%93+s%C6%A1 HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("path", "headers"),
    [("home", {}), ("/a b", {}), ("/a\r\nX: 1", {}), ("/", {"X": "1\r\nY: 2"}), ("/", {"X\n": "1"})],
)
def test_a_request_that_would_be_another_request_is_refused(path: str, headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no path|line break"):
        visitor_of(FakeWorld()).request("home", PORTAL, "GET", path, headers=headers)


def test_an_unknown_system_is_named_with_the_nearest_one() -> None:
    with pytest.raises(UnknownLinkError, match=r'citizens--vnied.*did you mean "vneid"'):
        visitor_of(FakeWorld()).request("home", "vnied", "GET", "/")


def test_an_intent_is_on_record_before_its_first_byte_and_keeps_its_key() -> None:
    fake = FakeWorld(TimedOut(), response(201, b'{"code":"H1"}'))
    visitor = visitor_of(fake)
    intent = a_submission(visitor)
    visitor.request(
        "submit", PORTAL, "POST", "/dossiers", json={"a": 1}, intent=intent, expect=(201,),
        record=lambda answer: answer.field("code"),
    )  # fmt: skip
    digest = hashlib.sha256(b'{"a":1}').hexdigest()
    assert fake.journal.lines == [
        ("invoke", intent.id, T0, digest),
        ("sent", "citizens--national-portal", T0),
        ("unknown", intent.id, T0 + 100 * MS, 0, ""),
        ("sent", "citizens--national-portal", T0 + 3100 * MS),
        ("ok", intent.id, T0 + 3200 * MS, 201, "H1"),
    ]
    assert fake.journal.arrivals == [7]
    assert [fake.sent_headers(number)["idempotency-key"] for number in (0, 1)] == [intent.id] * 2


def test_an_intent_that_spans_steps_is_invoked_once() -> None:
    fake = FakeWorld(response(), response())
    visitor = visitor_of(fake)
    intent = a_submission(visitor)
    visitor.request("order", PORTAL, "POST", "/", intent=intent)
    visitor.request("pay", PORTAL, "POST", "/", intent=intent)
    assert [line[0] for line in fake.journal.lines] == ["invoke", "sent", "ok", "sent", "ok"]


def test_intents_are_the_same_in_every_run_and_different_from_each_other() -> None:
    def ids(seed: str, number: int) -> list[str]:
        visitor = visitor_of(FakeWorld(seed=seed), number)
        return [a_submission(visitor).id, a_submission(visitor).id]

    assert ids("1", 7) == ids("1", 7)
    assert len({*ids("1", 7), *ids("1", 8), *ids("2", 7)}) == 6


def test_a_record_that_cannot_be_read_leaves_the_intent_unknown() -> None:
    fake = FakeWorld(response(201, b"{}"))
    visitor = visitor_of(fake)
    with pytest.raises(GaveUp, match="wrong-record"):
        visitor.request(
            "submit", PORTAL, "POST", "/", intent=a_submission(visitor), expect=(201,), retry=False,
            record=lambda answer: answer.field("code"),
        )  # fmt: skip
    assert fake.journal.lines[-1][0] == "unknown"
    assert (fake.journal.samples[0].outcome, fake.journal.samples[0].error) == ("failed", "wrong-record")


def test_an_expected_refusal_ends_the_intent_as_failed_and_the_sample_as_ok() -> None:
    fake = FakeWorld(response(410))
    visitor = visitor_of(fake)
    visitor.request("submit", PORTAL, "POST", "/", intent=a_submission(visitor), expect=(410,))
    assert fake.journal.lines[-1][0] == "failed"
    assert fake.journal.samples[0].outcome == "ok"


@pytest.mark.parametrize(
    ("status", "error", "effect"),
    [
        (201, "", "ok"),
        (303, "", "ok"),
        (201, "wrong-record", "unknown"),
        (302, "http-302", "unknown"),
        (409, "http-409", "failed"),
        (410, "", "failed"),
        (500, "http-500", "unknown"),
        (502, "http-502", "unknown"),
        (503, "http-503", "failed"),
        (504, "http-504", "unknown"),
    ],
)
def test_effects_of_answers(status: int, error: str, effect: str) -> None:
    assert effect_of(status, error) == effect


@pytest.mark.parametrize(
    ("location", "link", "path"),
    [
        ("/login?next=%2F", "citizens--national-portal", b"GET /login?next=%2F "),
        ("http://127.0.0.1:20112/authorize?a=1", "citizens--vneid", b"GET /authorize?a=1 "),
        ("http://vneid/authorize", "citizens--vneid", b"GET /authorize "),
        ("http://vneid", "citizens--vneid", b"GET / "),
    ],
)
def test_a_redirect_is_followed_to_the_system_it_names(location: str, link: str, path: bytes) -> None:
    fake = FakeWorld(response(302, Location=location), response())
    visitor = visitor_of(fake)
    answer = visitor.request("login", PORTAL, "GET", "/", expect=(302,))
    visitor.follow("authorize", answer)
    assert fake.requests[1][0] == link
    assert fake.requests[1][1].startswith(path)
    assert fake.journal.samples[1].step == "authorize"


@pytest.mark.parametrize(
    "location", ["", "login", "https://vneid/", "http://127.0.0.1:1/", "http://case-15/", "http://[/", "//"]
)
def test_a_redirect_to_nowhere_is_a_wrong_answer(location: str) -> None:
    fake = FakeWorld(response(302, Location=location))
    with pytest.raises(GaveUp, match="wrong-redirect"):
        visitor_of(fake).request("login", PORTAL, "GET", "/", expect=(302,), retry=False)
    assert fake.journal.samples[0].error == "wrong-redirect"


def test_an_answer_that_leads_nowhere_cannot_be_followed() -> None:
    fake = FakeWorld(response())
    visitor = visitor_of(fake)
    answer = visitor.request("home", PORTAL, "GET", "/")
    with pytest.raises(GaveUp, match="wrong-redirect"):
        visitor.follow("on", answer)


def test_a_visitor_who_is_cut_off_leaves_an_unknown_sample() -> None:
    fake = FakeWorld(gevent.GreenletExit())
    visitor = visitor_of(fake)
    with pytest.raises(gevent.GreenletExit):
        visitor.request("submit", PORTAL, "POST", "/", intent=a_submission(visitor))
    (sample,) = fake.journal.samples
    assert (sample.outcome, sample.error, sample.status) == ("unknown", "cut", 0)
    assert fake.journal.lines[-1][0] == "unknown"


def test_a_visitor_keeps_one_connection_per_link_and_leaves_all_to_others() -> None:
    fake = FakeWorld(*[response()] * 4)
    visitor = visitor_of(fake)
    for system in (PORTAL, "vneid", PORTAL, "vneid"):
        visitor.request("page", system, "GET", "/")
    assert [wire.link for wire in fake.wires] == ["citizens--national-portal", "citizens--vneid"]
    visitor.close()
    fake.world.pool.close()
    assert all(wire.closed for wire in fake.wires)


def test_t0_divides_before_from_after() -> None:
    fake = FakeWorld()
    fake.time.now_ns = T0 - 1
    visitor = visitor_of(fake)
    assert not visitor.after_t0
    fake.time.now_ns = T0
    assert visitor.after_t0
    assert visitor.now_ns() == T0
