"""Questions to registers for a person who waits: asked once, and an honest refusal where none answers."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from mocks.caller import CallFailed
from mocks.http import Call, Method, Problem, Refusal
from mocks.problems import problem_of
from mocks.system import System

LIMIT = 2.5
"""Seconds that a person is kept waiting for a register."""
HANDED_ON = (403, 404, 409, 422)
"""The register's own word, which is handed on as it is."""
REFUSALS: dict[int, type] = dict.fromkeys((*HANDED_ON, 502, 504), Problem)
"""The answers that an operation declares which asks a register."""

M = TypeVar("M", bound=msgspec.Struct)


async def ask(
    system: System,
    register: str,
    operation: str,
    model: type[M],
    path: str,
    call: Call[Any],
    *,
    method: Method = "GET",
    body: msgspec.Struct | None = None,
    key: str = "",
) -> M:
    """What a register answers. Refuses with its own word, with 502 where it cannot be reached, or 504."""
    if register not in system.config.peers:
        raise Refusal(
            502,
            "not-connected",
            f"Chưa kết nối với hệ thống {register}.",
            f"{system.name} has no connection to {register}.",
        )
    try:
        return await system.caller.ask(
            model,
            system.config,
            register,
            operation,
            method,
            path,
            limit=LIMIT,
            body=body,
            key=key,
            trace=call.trace,
            expect=(200, 201, 202),
        )
    except CallFailed as failure:
        if failure.status in HANDED_ON:
            said = problem_of(failure)
            raise Refusal(failure.status, said.code, said.message.vi, said.message.en) from failure
        raise Refusal(
            504 if failure.error == "timeout" else 502,
            "register-unavailable",
            f"Hệ thống {register} đang gián đoạn, vui lòng thử lại.",
            f"{register} did not answer ({failure.error}); please try again.",
        ) from failure
