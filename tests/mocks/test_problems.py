"""Which refusals will never change, by status and by what the callee said."""

import msgspec
import pytest

from mocks.caller import CallFailed
from mocks.http import Problem, Text
from mocks.problems import for_good, problem_of


def failed(status: int, code: str = "") -> CallFailed:
    body = msgspec.json.encode(Problem(status, code, Text("vi", "en"))) if code else b"<html>"
    return CallFailed("a--b", f"http-{status}" if status else "timeout", status, body)


@pytest.mark.parametrize(
    ("status", "code", "never"),
    [
        (400, "malformed", True),
        (404, "no-such-dossier", True),
        (409, "code-taken", True),
        (410, "unit-succeeded", True),
        (422, "wrong-unit", True),
        (422, "", True),
        (404, "does-not-exist", False),
        (404, "no-such-path", False),
        (404, "", False),
        (401, "no-session", False),
        (403, "not-connected", False),
        (429, "throttled", False),
        (503, "at-capacity", False),
        (0, "", False),
    ],
)
def test_a_refusal_is_for_good_where_it_is_about_what_was_sent(status: int, code: str, never: bool) -> None:
    assert for_good(failed(status, code)) is never


def test_a_callee_that_states_no_problem_is_described_by_how_the_call_failed() -> None:
    assert problem_of(failed(502)) == Problem(502, "http-502", Text("a--b: http-502", "a--b: http-502"))
