"""What an operation of a mock takes and gives.

A system declares its operations on its own methods; routing, validation, the OpenAPI document, declared
capacity and the journal follow from the declaration::

    class Echo(System):
        @operation("POST", "/echo/{name}", body=Message, answers={200: Message})
        async def echo(self, call: Call[Message]) -> Answer:
            return Answer(200, call.body)
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec

Method = Literal["GET", "POST", "PUT", "DELETE"]
Headers = tuple[tuple[str, str], ...]


class Text(msgspec.Struct, frozen=True):
    """One sentence in Vietnamese and in English."""

    vi: str
    en: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a request was not served (RFC 9457, media type ``application/problem+json``)."""

    status: Annotated[int, msgspec.Meta(description="The HTTP status of this answer.")]
    code: Annotated[str, msgspec.Meta(description="The reason, for programs: it does not change.")]
    message: Annotated[Text, msgspec.Meta(description="The reason, for people.")]
    type: Annotated[str, msgspec.Meta(description="A URI of the kind of problem.")] = "about:blank"


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """Raised by an operation to answer with a :class:`Problem`."""

    def __init__(self, status: int, code: str, vi: str, en: str, headers: Headers = ()) -> None:
        super().__init__(f"{status} {code}: {en}")
        self.problem = Problem(status, code, Text(vi, en))
        self.headers = headers


class Answer(msgspec.Struct, frozen=True):
    """What an operation answers: a msgspec model as JSON, text as HTML, or bytes of a named media type."""

    status: int
    body: msgspec.Struct | list[Any] | str | bytes | None = None
    headers: Headers = ()
    media: str = ""


class NoBody(msgspec.Struct, frozen=True):
    """The body of an operation that takes none."""


CHALLENGE: Headers = (("WWW-Authenticate", "Bearer"),)
"""What a 401 says where a bearer token is missing (RFC 9110, section 11.6.1)."""

B = TypeVar("B")


def key_reused() -> Refusal:
    """What a system says to an Idempotency-Key under which it has taken something else."""
    return Refusal(
        422,
        "key-reused",
        "Khóa Idempotency-Key đã được dùng cho một nội dung khác.",
        "This Idempotency-Key was used for another content; a new request needs a new key.",
    )


class Call(msgspec.Struct, Generic[B]):
    """One request as its operation sees it.

    ``raw`` is the body as it arrived. ``key`` is its Idempotency-Key, or what the operation sets to tell the
    journal which dossier it was about.
    """

    body: B
    raw: bytes
    path: Mapping[str, str]
    query: Any
    header: Callable[[str], str]
    caller: str
    key: str
    trace: str
    parent: str

    def bearer(self) -> str:
        """The token in its header field ``Authorization`` (RFC 6750, section 2.1); "" where there is none."""
        scheme, _, token = self.header("authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


@dataclass(frozen=True, slots=True)
class Media:
    """The body of an answer that is no JSON: its media type."""

    type: str


PAGE = Media("text/html")
PDF = Media("application/pdf")


@dataclass(frozen=True, slots=True)
class Credential:
    """What the caller of an operation must show; without it the answer is 401.

    ``where``: in the cookie ``session``, as bearer token in ``Authorization``, or in the field ``session`` of
    the body. ``source`` is the operation that begins or makes it, such as ``POST /token``.
    """

    where: Literal["cookie", "bearer", "body"]
    source: str


@dataclass(frozen=True, slots=True)
class HeaderField:
    """A header field of requests, beyond those that every operation takes."""

    name: str
    description: str
    example: str
    required: bool = False


Answers = Mapping[int, type | Media | None]
"""The statuses that an operation can answer, with the model of the body (None: there is no body)."""


@dataclass(frozen=True, slots=True)
class Operation:
    """The declaration of one operation; ``description`` is what its docstring says below the summary."""

    method: Method
    path: str
    name: str
    body: type | None
    query: type[msgspec.Struct] | None
    answers: Answers
    summary: str
    description: str
    key_required: bool
    credential: Credential | None
    headers: tuple[HeaderField, ...]
    answer_headers: Mapping[str, str]
    body_shown: type | None
    handler: str  # name of the method on the system

    def path_parameters(self) -> list[str]:
        """Names in braces, in order."""
        return re.findall(r"{(\w+)}", self.path)


Handler = Callable[..., Awaitable[Answer]]
H = TypeVar("H", bound=Handler)


def operation(
    method: Method,
    path: str,
    *,
    answers: Answers,
    body: type | None = None,
    query: type[msgspec.Struct] | None = None,
    key_required: bool = False,
    credential: Credential | None = None,
    headers: tuple[HeaderField, ...] = (),
    answer_headers: Mapping[str, str] | None = None,
    body_shown: type | None = None,
) -> Callable[[H], H]:
    """Declare a method of a system as an operation.

    ``key_required`` refuses a request without an Idempotency-Key header, ``headers`` one without those of
    them that are required. ``credential`` is what the operation itself asks for; it adds 401 to the answers.
    ``answer_headers`` says by name what header fields tell that a successful answer has, ``body_shown`` what
    callers send where the operation reads less than that.
    """

    def declare(handler: H) -> H:
        summary, _, description = inspect.cleandoc(handler.__doc__ or handler.__name__).partition("\n")
        declared = Operation(
            method=method,
            path=path,
            name=handler.__name__,
            body=body,
            query=query,
            answers={**({401: Problem} if credential else {}), **answers},
            summary=summary,
            description=description.strip(),
            key_required=key_required,
            credential=credential,
            headers=headers,
            answer_headers=answer_headers or {},
            body_shown=body_shown or body,
            handler=handler.__name__,
        )
        handler.__operation__ = declared  # type: ignore[attr-defined]  # a mark on the function itself
        return handler

    return declare


GateAnswers = Mapping[Method, Answers]
"""What the gate of a system may answer in place of any operation, by method; as ``Operation.answers``."""


def operations_of(cls: type, gate_answers: GateAnswers) -> list[Operation]:
    """The operations a system class declares, inherited ones included, in the order of their paths.

    To the answers of each come those that its gate may give in its place.
    """
    found = {
        name: declared
        for klass in reversed(cls.__mro__)
        for name, member in vars(klass).items()
        if (declared := getattr(member, "__operation__", None)) is not None
    }
    whole = (
        replace(each, answers={**gate_answers.get(each.method, {}), **each.answers})
        for each in found.values()
    )
    return sorted(whole, key=lambda each: (each.path, each.method))


class Trace(msgspec.Struct, frozen=True):
    """W3C trace context: which journey a request belongs to, and which request it is."""

    trace: str = ""
    span: str = ""

    @classmethod
    def parse(cls, traceparent: str) -> Trace:
        """The two ids of a ``traceparent`` header; empty ids where there is none or it is malformed."""
        parts = traceparent.split("-")
        if len(parts) != 4 or len(parts[1]) != 32 or len(parts[2]) != 16:
            return cls()
        return cls(parts[1], parts[2])


@dataclass(slots=True)
class Cookies:
    """The cookies of a request."""

    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, header: str) -> Cookies:
        """Pairs of ``name=value`` in a Cookie header."""
        pairs = (part.strip().partition("=") for part in header.split(";"))
        return cls({name: value for name, _, value in pairs if name})
