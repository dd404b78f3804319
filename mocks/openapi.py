"""The OpenAPI 3.1 document of a system, made from the operations that it declares.

A client can be written from it alone: each operation says which credential it asks for and where that comes
from, which header fields it reads, and every answer that it can give. What all operations have in common
(problems, header fields, credentials) stands once below ``components``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from mocks.glossary import Meaning
from mocks.http import Credential, Media, Operation, Problem, Text

_REASONS = {
    200: "Done",
    201: "Created and durable",
    202: "Taken, not finished",
    302: "Continue elsewhere",
    303: "Continue elsewhere",
    308: "Moved for good",
    400: "The request is malformed",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    409: "In conflict with what is stored",
    410: "Closed for good",
    422: "The content cannot be accepted",
    429: "Too many requests; not done",
    500: "The system failed; what it did is not known",
    502: "The next system did not answer rightly",
    503: "At capacity, or not in service",
    504: "The next system did not answer in time",
}
_EXAMPLES = {
    each.status: each
    for each in (
        Problem(400, "malformed", Text("Yêu cầu không đúng định dạng: …", "Malformed: …")),
        Problem(401, "not-signed-in", Text("Vui lòng đăng nhập.", "Please sign in.")),
        Problem(404, "no-such-dossier", Text("Không có hồ sơ này.", "There is no such dossier.")),
        Problem(422, "not-here", Text("Không hỗ trợ.", "This is not offered here.")),
        Problem(429, "throttled", Text("Quá nhiều yêu cầu.", "Too many requests.")),
        Problem(500, "failed", Text("Hệ thống gặp lỗi.", "The system failed.")),
        Problem(503, "at-capacity", Text("Hệ thống đang quá tải.", "The system is at its capacity.")),
    )
}
_ANYWHERE = dict.fromkeys((400, 429, 500, 503), Problem)
"""What any operation can answer: 429 where a rehearsal has a system throttle its callers."""
_LOCATION = {
    "Location": {
        "description": "Where to continue.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
_RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds to wait before the next try, where they are known.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 2,
    }
}
_HEADERS: Mapping[int, dict[str, Any]] = {
    302: _LOCATION,
    303: _LOCATION,
    308: _LOCATION,
    401: {
        "WWW-Authenticate": {
            "description": "`Bearer` where a bearer token is asked for.",
            "schema": {"type": "string"},
        }
    },
    410: {
        "Link": {
            "description": 'What comes in its place, as `rel="successor-version"` (RFC 8288), if anything.',
            "schema": {"type": "string"},
        }
    },
    429: _RETRY_AFTER,
    503: _RETRY_AFTER,
}
"""The header fields of answers, by status."""
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Chosen by the caller: fresh for each request, the same when that is sent again. What "
    "came under it is done once and answered as before; another content under the same key is not.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128},
    "example": "3f0c2a7e-submission-1",
}
_EVERYWHERE = {
    "X-Caller": {
        "name": "X-Caller",
        "in": "header",
        "required": False,
        "description": "The name of the system that calls. It goes into the journal; a case system tells the "
        "national portal of the dossiers that a portal which closes (`portal-10`) has handed it.",
        "schema": {"type": "string"},
        "example": "case-15",
    },
    "traceparent": {
        "name": "traceparent",
        "in": "header",
        "required": False,
        "description": "The caller's W3C Trace Context; a malformed one is ignored. Calls to other systems "
        "that follow from the request carry it on.",
        "schema": {"type": "string"},
        "example": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    },
}
"""The header fields that every operation reads."""
_BYTES = {"type": "string", "format": "binary"}
_REF = "#/components/schemas/{name}"


def document(
    title: str, description: str, operations: list[Operation], glossary: Mapping[str, Meaning]
) -> dict[str, Any]:
    """The whole document as JSON-able dictionaries; fields that the glossary knows are explained."""
    models: list[type] = [Problem]
    for each in operations:
        models.extend(model for model in each.answers.values() if not isinstance(model, Media | None))
        if each.body_shown is not None and each.body_shown is not bytes:
            models.append(each.body_shown)
    unique = list(dict.fromkeys(models))
    schemas, components = msgspec.json.schema_components(unique, ref_template=_REF)
    schema_of = dict(zip(unique, schemas, strict=True))
    for component in components.values():
        for name, schema in component.get("properties", {}).items():
            _explain(schema, glossary.get(name))
    paths: dict[str, dict[str, Any]] = {}
    problems: set[int] = set()
    for each in operations:
        everywhere = [{"$ref": f"#/components/parameters/{name}"} for name in _EVERYWHERE]
        item = paths.setdefault(each.path, {"parameters": everywhere})
        answers = dict(sorted({**_ANYWHERE, **each.answers}.items()))
        problems |= {status for status, model in answers.items() if model is Problem}
        item[each.method.lower()] = {
            "operationId": each.name,
            "summary": each.summary,
            "description": "\n\n".join(filter(None, (each.description, _asks_for(each.credential)))),
            "security": _security(each.credential),
            "parameters": _parameters(each, glossary),
            **_request_body(each, schema_of),
            "responses": {
                str(status): {"$ref": f"#/components/responses/{_name(status)}"}
                if model is Problem
                else _answer(each, status, model, schema_of)
                for status, model in answers.items()
            },
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "description": description, "version": "1"},
        "paths": paths,
        "components": {
            "schemas": components,
            "parameters": _EVERYWHERE,
            "responses": {_name(status): _problem(status, schema_of[Problem]) for status in sorted(problems)},
            "securitySchemes": _schemes(operations),
        },
    }


# -- credentials -----------------------------------------------------------------------------------


def _asks_for(credential: Credential | None) -> str:
    if credential is None:
        return "Asks for no credential."
    shown = {
        "cookie": "the cookie `session`",
        "bearer": "a bearer token",
        "body": "a session, in the body's field of that name,",
    }
    return f"Asks for {shown[credential.where]} from `{credential.source}`."


def _security(credential: Credential | None) -> list[dict[str, list[str]]]:
    # OpenAPI has no scheme for a credential in a body: there its field says it
    return [] if credential is None or credential.where == "body" else [{credential.where: []}]


def _schemes(operations: list[Operation]) -> dict[str, Any]:
    asked = {each.credential.where: each.credential.source for each in operations if each.credential}
    schemes = {
        "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    return {
        where: {**schemes[where], "description": f"From `{source}`."}
        for where, source in asked.items()
        if where in schemes
    }


# -- requests --------------------------------------------------------------------------------------


def _request_body(declared: Operation, schema_of: Mapping[type, dict[str, Any]]) -> dict[str, Any]:
    if declared.body_shown is None:
        return {}
    if declared.body_shown is bytes:
        content: dict[str, Any] = {"application/octet-stream": {"schema": _BYTES}}
    else:
        content = {"application/json": {"schema": schema_of[declared.body_shown]}}
    return {"requestBody": {"required": True, "content": content}}


def _parameters(declared: Operation, glossary: Mapping[str, Meaning]) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = []
    for segment, name in re.findall(r"([^/{}]*)/{(\w+)}", declared.path):
        schema: dict[str, Any] = {"type": "string", "minLength": 1}
        _explain(schema, glossary.get(f"{segment}/{{{name}}}") or glossary.get(name))
        parameters.append({"name": name, "in": "path", "required": True, "schema": schema})
    if declared.query is not None:
        components = msgspec.json.schema(declared.query)
        properties = next(iter(components["$defs"].values()))["properties"]
        for field in msgspec.structs.fields(declared.query):
            name, schema = field.encode_name, properties[field.encode_name]
            _explain(schema, glossary.get(name))
            parameters.append({"name": name, "in": "query", "required": field.required, "schema": schema})
    if declared.key_required:
        parameters.append(_KEY)
    parameters += [
        {
            "name": each.name,
            "in": "header",
            "required": each.required,
            "description": each.description,
            "schema": {"type": "string"},
            "example": each.example,
        }
        for each in declared.headers
    ]
    return parameters


def _explain(schema: dict[str, Any], meaning: Meaning | None) -> None:
    """Say in a schema what its field means, where it does not say it; of another type it is another field."""
    if meaning is None:
        return
    if (example := meaning.example) is not None:
        types = {str: "string", int: "integer", dict: "object"}
        if schema.get("type") != types[type(example)] and example not in schema.get("enum", ()):
            return
        schema["examples"] = [example]
    schema.setdefault("description", meaning.description)


# -- answers ---------------------------------------------------------------------------------------


def _answer(
    declared: Operation, status: int, model: type | Media | None, schema_of: Mapping[type, dict[str, Any]]
) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": _REASONS[status]}
    told = {
        name: {"description": said, "schema": {"type": "string"}}
        for name, said in declared.answer_headers.items()
    }
    if headers := {**_HEADERS.get(status, {}), **told}:
        answer["headers"] = headers
    if isinstance(model, Media):
        answer["content"] = {model.type: {"schema": _BYTES}}
    elif model is not None:
        answer["content"] = {"application/json": {"schema": schema_of[model]}}
    return answer


def _problem(status: int, schema: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": schema}
    if status in _EXAMPLES:
        content["example"] = msgspec.to_builtins(_EXAMPLES[status])
    return {
        "description": _REASONS[status],
        **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
        "content": {"application/problem+json": content},
    }


def _name(status: int) -> str:
    """What a shared answer is called, such as ``NotFound``."""
    return re.sub(r"\W", "", HTTPStatus(status).phrase.title())
