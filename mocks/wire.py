"""Between the web framework and the operations: a request becomes a call, an answer becomes a response."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from blacksheep import Content, Request, Response

from mocks.http import Answer, Call, Operation, Refusal, Trace

MAX_BODY = 8 * 1024 * 1024
"""Bytes of a request body that a mock reads before it refuses."""

Q = TypeVar("Q", bound=msgspec.Struct)
Decode = Callable[[bytes], Any]


def target(request: Request) -> str:
    """Path and query as they were sent, still percent-encoded."""
    url: bytes = request.url.value
    return url.decode("ascii", "replace")


def call_of(request: Request, raw: bytes) -> Call[Any]:
    """The request as an operation sees it, body and query not yet read."""

    def header(name: str) -> str:
        value = request.get_first_header(name.encode())
        return value.decode("latin-1") if value is not None else ""

    trace = Trace.parse(header("traceparent"))
    return Call(
        body=None,
        raw=raw,
        path={name: value or "" for name, value in (request.route_values or {}).items()},
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
    if decode is not None:
        call.body = body(decode, call.raw)
    elif declared.body is bytes:
        call.body = call.raw
    if declared.query is not None:
        call.query = query(request, declared.query)


def body(decode: Decode, raw: bytes) -> Any:
    """A JSON body as its model. Refuses with 400."""
    try:
        return decode(raw)
    except msgspec.DecodeError as error:
        raise _malformed(error) from error


def query(request: Request, model: type[Q]) -> Q:
    """The query as its model. Refuses with 400."""
    given = dict(parse_qsl((request.url.query or b"").decode("utf-8", "replace"), keep_blank_values=True))
    try:
        return msgspec.convert(given, model, strict=False)
    except msgspec.ValidationError as error:
        raise _malformed(error) from error


def _malformed(error: msgspec.DecodeError) -> Refusal:
    return Refusal(400, "malformed", f"Yêu cầu không đúng định dạng: {error}", f"Malformed: {error}")


def json(status: int, content: bytes) -> Response:
    """A response with a JSON body that is encoded already."""
    return Response(status, None, Content(b"application/json", content))


def refused(refusal: Refusal) -> Response:
    """The response that says why not."""
    content = Content(b"application/problem+json", msgspec.json.encode(refusal.problem))
    return Response(refusal.problem.status, _headers(refusal.headers), content)


def response(answer: Answer) -> Response:
    """The response for an answer."""
    content: Content | None
    match answer.body:
        case None:
            content = None
        case str() as text:
            content = Content(b"text/html; charset=utf-8", text.encode())
        case bytes() as raw:
            content = Content(answer.media.encode() or b"application/octet-stream", raw)
        case model:
            content = Content(b"application/json", msgspec.json.encode(model))
    return Response(answer.status, _headers(answer.headers), content)


def _headers(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
