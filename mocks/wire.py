"""Between the server and the operations: a request becomes a call, an answer becomes a response."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from mocks.http import Answer, Call, Headers, Operation, Refusal, Trace

MAX_BODY = 8 * 1024 * 1024
"""Bytes of a request body that a mock reads before it refuses."""

JSON = "application/json"
PROBLEM = "application/problem+json"
HTML = "text/html; charset=utf-8"

Q = TypeVar("Q", bound=msgspec.Struct)
Decode = Callable[[bytes], Any]

_STATUS_LINES = {each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\n".encode() for each in HTTPStatus}
_FIELD_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # RFC 9110, section 5.5
_ONLY_DIGITS = bytes(ord("9" if chr(each) in "0123456789" else " ") for each in range(256))
_LONG_NUMBER = b"9" * 19  # or a text of digits; no shorter number has more than 64 bits
_MEDIA = {each: f"content-type: {each}\r\n".encode() for each in (JSON, PROBLEM, HTML)}


class Request(msgspec.Struct, frozen=True):
    """One request as it arrived.

    Attributes:
        target: path and query as they were sent, still percent-encoded.
        fields: header fields by their names in lower case.
        body: the whole body; of one that is longer than :data:`MAX_BODY`, a part that is longer, too.
        at: when it was complete, nanoseconds of the monotonic clock.
    """

    method: str
    target: str
    fields: Mapping[bytes, bytes]
    body: bytes
    at: int

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What follows the question mark."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str:
        """The value of a header field, its name in lower case; "" where it is missing."""
        value = self.fields.get(name.encode())
        return value.decode("latin-1") if value is not None else ""


class Response(msgspec.Struct, frozen=True):
    """One response; ``media`` is the type of its body, "" where it has none."""

    status: int
    media: str = ""
    body: bytes = b""
    headers: Headers = ()

    def encode(self, *, close: bool = False, head: bool = False) -> bytes:
        """All bytes of it; ``close`` announces the end of the connection, ``head`` leaves out the body."""
        parts = [_STATUS_LINES[self.status]]
        if self.media:
            parts.append(_MEDIA.get(self.media) or f"content-type: {self.media}\r\n".encode())
        parts.append(b"content-length: %d\r\n" % len(self.body))
        if self.headers:
            parts += [f"{name}: {value}\r\n".encode("latin-1") for name, value in self.headers]
        parts.append(b"connection: close\r\n\r\n" if close else b"\r\n")
        if not head:
            parts.append(self.body)
        return b"".join(parts)


def call_of(request: Request, path: Mapping[str, str]) -> Call[Any]:
    """The request as an operation sees it, body and query not yet read."""
    header = request.header
    trace = Trace.parse(header("traceparent"))
    return Call(
        body=None,
        raw=request.body,
        path=path,
        query=None,
        header=header,
        caller=header("x-caller"),
        key=header("idempotency-key"),
        trace=trace.trace,
        parent=trace.span,
    )


def decoder(declared: Operation) -> Decode | None:
    """What reads the JSON body of an operation; None where it takes no JSON."""
    return None if declared.body in (None, bytes) else msgspec.json.Decoder(declared.body).decode


def validate(declared: Operation, decode: Decode | None, request: Request, call: Call[Any]) -> None:
    """Read body and query into the declared models. Refuses with 400."""
    if len(call.raw) > MAX_BODY:
        raise Refusal(
            400, "too-large", f"Nội dung vượt quá {MAX_BODY} byte.", f"The body exceeds {MAX_BODY} bytes."
        )
    if declared.key_required and not 8 <= len(call.key) <= 128:
        raise Refusal(
            400,
            "no-idempotency-key",
            "Thiếu tiêu đề Idempotency-Key (8 đến 128 ký tự).",
            "The header Idempotency-Key (8 to 128 characters) is missing.",
        )
    for each in declared.headers:
        if each.required and not call.header(each.name.lower()):
            raise Refusal(
                400,
                "missing-header",
                f"Thiếu tiêu đề {each.name}.",
                f"The header {each.name} is missing.",
            )
    if decode is not None:
        call.body = body(decode, call.raw)
    elif declared.body is bytes:
        call.body = call.raw
    if declared.query is not None:
        call.query = query(request, declared.query)


def body(decode: Decode, raw: bytes) -> Any:
    """A JSON body as its model. Refuses with 400, also what no store could keep (RFC 8259, section 9)."""
    try:
        read = decode(raw)
        if _LONG_NUMBER in raw.translate(_ONLY_DIGITS) and any(
            map(_is_too_long, _leaves(msgspec.json.decode(raw)))
        ):
            raise _malformed("an integer of more than 64 bits")
    except msgspec.DecodeError as error:
        raise _malformed(error) from error
    except RecursionError as error:
        raise _malformed("nested too deeply") from error
    return read


def _leaves(value: Any) -> Iterator[Any]:
    """What stands at the ends of a JSON value."""
    inner = [value]
    while inner:
        match inner.pop():
            case dict() as members:
                inner += members.values()
            case list() as items:
                inner += items
            case leaf:
                yield leaf


def _is_too_long(leaf: Any) -> bool:
    return isinstance(leaf, int) and not -(2**63) <= leaf < 2**63


def query(request: Request, model: type[Q]) -> Q:
    """The query as its model. Refuses with 400."""
    given = dict(parse_qsl(request.query, keep_blank_values=True))
    try:
        return msgspec.convert(given, model, strict=False)
    except msgspec.ValidationError as error:
        raise _malformed(error) from error


def _malformed(error: msgspec.DecodeError | str) -> Refusal:
    return Refusal(400, "malformed", f"Yêu cầu không đúng định dạng: {error}", f"Malformed: {error}")


def json(status: int, model: Any) -> Response:
    """A response with a JSON body."""
    return Response(status, JSON, msgspec.json.encode(model))


def refused(refusal: Refusal) -> Response:
    """The response that says why not."""
    problem = refusal.problem
    return Response(problem.status, PROBLEM, msgspec.json.encode(problem), refusal.headers)


def response(answer: Answer) -> Response:
    """The response for an answer. Raises ``ValueError`` for a header that would not stay on its line."""
    for name, value in answer.headers:
        if not _FIELD_VALUE.fullmatch(value):
            raise ValueError(f"the header {name} cannot be {value!r}")
    match answer.body:
        case None:
            return Response(answer.status, headers=answer.headers)
        case str() as text:
            return Response(answer.status, HTML, text.encode(), answer.headers)
        case bytes() as raw:
            return Response(answer.status, answer.media or "application/octet-stream", raw, answer.headers)
        case model:
            return Response(answer.status, JSON, msgspec.json.encode(model), answer.headers)
