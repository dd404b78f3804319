"""What comes in over the wire is read into models, or refused in words."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks import wire
from mocks.http import Answer, Call, HeaderField, Problem, Refusal, operation, operations_of
from mocks.wire import Request


class Note(msgspec.Struct, frozen=True):
    """A model with a part that may be anything."""

    number: int
    content: dict[str, Any] = {}


class Desk:
    """One operation that reads a header field."""

    @operation(
        "POST",
        "/notes/{id}",
        body=Note,
        answers={200: Note, 400: Problem},
        headers=(
            HeaderField("dstcode", "Whom it is for.", "15", required=True),
            HeaderField("X-Desk", "Any.", "1"),
        ),
    )
    async def note(self, call: Call[Note]) -> Answer:
        """Take a note."""
        return Answer(200, call.body)


(NOTE,) = operations_of(Desk, {})
read = msgspec.json.Decoder(Note).decode


def arrived(fields: dict[bytes, bytes], body: bytes) -> Request:
    """A request with these header fields."""
    return Request("POST", "/notes/1", fields, body, 0)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"{", "Malformed: Input data was truncated", id="half a body"),
        pytest.param(b'{"number": "1"}', "Expected `int`, got `str` - at `$.number`", id="another type"),
        pytest.param(b'{"number": %d}' % 2**63, "more than 64 bits", id="a field above 64 bits"),
        pytest.param(
            b'{"number": 1, "content": {"a": [{"b": -%d}]}}' % (2**63 + 1), "64 bits", id="deep below 64 bits"
        ),
        pytest.param(
            b'{"number": 1, "content": %s1%s}' % (b'{"a":' * 5000, b"}" * 5000), "deeply", id="deep"
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        wire.body(read, body)
    assert refused.value.problem.status == 400
    assert said in refused.value.problem.message.en


@given(st.integers(-(2**63), 2**63 - 1), st.text())
def test_any_integer_of_64_bits_and_any_text_is_read(number: int, text: str) -> None:
    given_ = Note(number, {"text": text, "digits": "9" * 40, "list": [number, 1.5, None, True]})
    body = msgspec.json.encode(given_)
    assert wire.body(read, body) == given_


def test_a_required_header_field_is_asked_for() -> None:
    request = arrived({b"x-desk": b"1"}, b'{"number": 1}')
    with pytest.raises(Refusal, match="dstcode") as refused:
        wire.validate(NOTE, read, request, wire.call_of(request, {"id": "1"}))
    assert (refused.value.problem.status, refused.value.problem.code) == (400, "missing-header")


def test_an_optional_header_field_is_not() -> None:
    request = arrived({b"dstcode": b"15"}, b'{"number": 1}')
    call = wire.call_of(request, {"id": "1"})
    wire.validate(NOTE, read, request, call)
    assert call.body == Note(1)


@pytest.mark.parametrize(
    ("field", "token"),
    [
        pytest.param(b"Bearer abc.def", "abc.def", id="as usual"),
        pytest.param(b"bearer abc", "abc", id="the scheme in small letters"),
        pytest.param(b"Basic abc", "", id="another scheme"),
        pytest.param(b"abc", "", id="no scheme"),
        pytest.param(b"Bearer", "", id="no token"),
        pytest.param(b"", "", id="nothing"),
    ],
)
def test_a_bearer_token_is_read_from_its_own_scheme_alone(field: bytes, token: str) -> None:
    assert wire.call_of(arrived({b"authorization": field}, b""), {}).bearer() == token
