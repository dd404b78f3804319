"""Calls to registers that want a bearer token: one session each, opened again when it is forgotten."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from mocks.caller import CallFailed
from mocks.http import Method
from mocks.outbox import Message
from mocks.partner import LIMIT, post
from mocks.system import System

M = TypeVar("M", bound=msgspec.Struct)


class _Token(msgspec.Struct, frozen=True):
    """The token in an answer, under either of the names that the registers give it."""

    access_token: str = ""
    token: str = ""


class TokenCaller:
    """The calls of one system to one register; ``path`` opens a session."""

    def __init__(self, system: System, register: str, path: str = "/token", user: str = "username") -> None:
        self._system = system
        self._register = register
        self._path = path
        self._user = user
        self._token = ""

    async def post(self, said: Message, operation: str, path: str, attempt: int) -> None:
        """See :func:`mocks.partner.post`."""
        headers = await self._headers()
        try:
            await post(self._system, said, operation, path, attempt, headers=headers)
        except CallFailed as failure:
            self._failed(failure)
            raise

    async def ask(
        self, model: type[M], operation: str, method: Method, path: str, body: msgspec.Struct | None = None
    ) -> M:
        """What the register answers. Raises :class:`CallFailed`."""
        headers = await self._headers()
        try:
            return await self._system.caller.ask(
                model,
                self._system.config,
                self._register,
                operation,
                method,
                path,
                limit=LIMIT,
                body=body,
                headers=headers,
            )
        except CallFailed as failure:
            self._failed(failure)
            raise

    async def _headers(self) -> dict[str, str]:
        if not self._token:
            answer: Any = await self._system.caller.ask(
                _Token,
                self._system.config,
                self._register,
                "token",
                "POST",
                self._path,
                limit=LIMIT,
                body=msgspec.json.encode({self._user: self._system.name, "password": ""}),
            )
            self._token = answer.access_token or answer.token
        return {"Authorization": f"Bearer {self._token}"}

    def _failed(self, failure: CallFailed) -> None:
        if failure.status == 401:  # the register has forgotten us: the next call opens a session
            self._token = ""
