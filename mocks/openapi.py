"""The OpenAPI 3.1 document of a system, made from the operations that it declares."""

from __future__ import annotations

from typing import Any

import msgspec

from mocks.http import Operation, Problem

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
    500: "The system failed",
    502: "The next system did not answer rightly",
    503: "At capacity, try again later",
    504: "The next system did not answer in time",
}
_REF = "#/components/schemas/{name}"


def document(title: str, description: str, operations: list[Operation]) -> dict[str, Any]:
    """The whole document as JSON-able dictionaries."""
    models: list[type] = [Problem]
    for each in operations:
        models.extend(model for model in each.answers.values() if model is not None)
        if each.body is not None and each.body is not bytes:
            models.append(each.body)
    unique = list(dict.fromkeys(models))
    schemas, components = msgspec.json.schema_components(unique, ref_template=_REF)
    schema_of = dict(zip(unique, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "description": description, "version": "1"},
        "paths": paths,
        "components": {"schemas": components},
    }


def _operation(declared: Operation, schema_of: dict[type, dict[str, Any]]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": declared.name,
        "summary": declared.summary,
        "parameters": _parameters(declared),
        "responses": {},
    }
    if declared.body is bytes:
        schema = {"type": "string", "format": "binary"}
        described["requestBody"] = {
            "required": True,
            "content": {"application/octet-stream": {"schema": schema}},
        }
    elif declared.body is not None:
        content = {"application/json": {"schema": schema_of[declared.body]}}
        described["requestBody"] = {"required": True, "content": content}
    answers: dict[int, type | None] = {400: Problem, 500: Problem, 503: Problem, **declared.answers}
    for status, model in sorted(answers.items()):
        answer: dict[str, Any] = {"description": _REASONS.get(status, "Answer")}
        if model is not None:
            media = "application/problem+json" if model is Problem else "application/json"
            answer["content"] = {media: {"schema": schema_of[model]}}
        described["responses"][str(status)] = answer
    return described


def _parameters(declared: Operation) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in declared.path_parameters()
    ]
    if declared.query is not None:
        fields = msgspec.structs.fields(declared.query)
        components = msgspec.json.schema(declared.query)
        properties = next(iter(components["$defs"].values()))["properties"]
        parameters += [
            {
                "name": field.encode_name,
                "in": "query",
                "required": field.required,
                "schema": properties[field.encode_name],
            }
            for field in fields
        ]
    if declared.key_required:
        schema = {"type": "string", "minLength": 8, "maxLength": 128}
        parameters.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": schema})
    return parameters
