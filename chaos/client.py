"""The one place that speaks to a Toxiproxy server.

``toxiproxy-python`` 0.1.1 carries GET, POST and DELETE, and turns 400, 404 and 409 into its exceptions. The
rest is made good here, because of what that library does not do:

* host and port are class attributes of its consumer, shared by the whole process: every ``Client`` has a
  consumer class of its own, and the library's ``Proxy`` and ``Toxiproxy``, which know only the shared one,
  are not used;
* it waits for ever: every call here has a time limit. The server itself gives up after 25 s, with 503;
* other statuses pass silently: here everything but the expected one is a ``ToxiproxyError``;
* it has no PATCH, and its POST to update a proxy is deprecated;
* it checks no attribute: ``toxics.check`` does, before anything is sent.

And because the server may accept a change and not carry it out, each change is read back. Safe to share
between threads: a client holds nothing but where to call and how long to wait.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

import requests
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from toxiproxy.api import APIConsumer, validate_response
from toxiproxy.exceptions import InvalidToxic, NotFound, ProxyExists

from chaos.errors import ToxiproxyError
from chaos.toxics import Toxic, check

NOT_FOUND = 404
_RAISED_BY_LIBRARY = {InvalidToxic: 400, NotFound: NOT_FOUND, ProxyExists: 409}
_DIRECT: Mapping[str, str | None] = {"http": None, "https": None, "all": None}
"""Takes out the proxies that requests would read from the environment: the server is on this machine."""


class ProxySpec(BaseModel):
    """A proxy to be made: both addresses are ``host:port``."""

    model_config = ConfigDict(frozen=True)

    name: str
    listen: str
    upstream: str


class ProxyState(BaseModel):
    """A proxy as the server shows it."""

    model_config = ConfigDict(frozen=True)

    name: str
    listen: str
    upstream: str
    enabled: bool
    toxics: tuple[Toxic, ...] = ()

    @property
    def healthy(self) -> bool:
        """Enabled, and nothing added."""
        return self.enabled and not self.toxics


_STATES = TypeAdapter(dict[str, ProxyState])


class _Consumer(APIConsumer):  # type: ignore[misc]  # the library ships no types
    """The library's transport, with the verb it lacks."""

    @classmethod
    def patch(cls, url: str, **options: Any) -> requests.Response:
        """Use PATCH to change a proxy."""
        # S113: the limit is among the options, as with the library's own verbs
        answer = requests.patch(f"http://{cls.host}:{cls.port}{url}", **options)  # noqa: S113
        validate_response(answer)
        return answer


class Client:
    """A Toxiproxy server at ``address`` (host:port), asked with a limit on every call.

    Args:
        address: where the server's interface listens.
        within: seconds to wait for a connection, and then for each part of an answer.
    """

    def __init__(self, address: str, *, within: float = 5.0) -> None:
        host, _, port = address.rpartition(":")
        self.address = address
        self._within = within
        self._consumer = type("_ConsumerOfOneServer", (_Consumer,), {"host": host, "port": port})

    def version(self) -> str:
        """What the server says its version is."""
        answer = self._call("get", "/version", "", 200)
        try:
            # before 2.7 the answer was not JSON, or not quite
            return str(json.loads(answer.text)["version"])
        except (ValueError, KeyError, TypeError):
            return answer.text.strip()

    def proxies(self) -> dict[str, ProxyState]:
        """Every proxy of the server, by name, with its toxics."""
        return self._states(self._call("get", "/proxies", "", 200))

    def populate(self, specs: Iterable[ProxySpec]) -> dict[str, ProxyState]:
        """Make many proxies with one call; returns them as read back, all enabled and without toxics.

        Not atomic: after an error some may be there. A proxy that is already there under one of the names
        is left as it is when its addresses are the same, and otherwise *replaced*: look first.
        """
        wanted = {spec.name: spec for spec in specs}
        call = "POST /populate"
        self._call("post", "/populate", "", 201, [spec.model_dump() for spec in wanted.values()])
        there = self.proxies()
        for name, spec in wanted.items():
            state = there.get(name)
            if state is None:
                raise ToxiproxyError(call, name, None, "it does not exist when read back")
            if (state.listen, state.upstream) != (spec.listen, spec.upstream) or not state.healthy:
                raise ToxiproxyError(call, name, None, f"wanted {spec}, read back {state}")
        return {name: there[name] for name in wanted}

    def proxy(self, name: str) -> Proxy:
        """The handle of one proxy; nothing is asked yet."""
        return Proxy(self, name)

    def _states(self, answer: requests.Response) -> dict[str, ProxyState]:
        try:
            return _STATES.validate_json(answer.content)
        except ValidationError as error:
            raise ToxiproxyError(
                "GET /proxies", "", answer.status_code, f"not understood: {error}"
            ) from error

    def _call(
        self, verb: str, path: str, proxy: str, expected: int, body: object = None
    ) -> requests.Response:
        call = f"{verb.upper()} {path}"
        options: dict[str, Any] = {"timeout": self._within, "proxies": _DIRECT, "allow_redirects": False}
        if body is not None:
            options["json"] = body
        try:
            answer: requests.Response = getattr(self._consumer, verb)(path, **options)
        except tuple(_RAISED_BY_LIBRARY) as error:
            said = error.args[0].decode(errors="replace")
            raise ToxiproxyError(call, proxy, _RAISED_BY_LIBRARY[type(error)], said) from None
        except requests.Timeout:
            said = f"nothing came within {self._within} s from {self.address}"
            raise ToxiproxyError(call, proxy, None, said) from None
        except requests.RequestException as error:
            raise ToxiproxyError(call, proxy, None, f"{self.address}: {error}") from error
        if answer.status_code != expected:
            raise ToxiproxyError(call, proxy, answer.status_code, answer.text)
        return answer


class Proxy:
    """One proxy of a server. Every change returns the state read back after it."""

    def __init__(self, client: Client, name: str) -> None:
        self.name = name
        self._client = client
        self._path = f"/proxies/{quote(name, safe='')}"

    def state(self) -> ProxyState:
        """The proxy as the server shows it now."""
        answer = self._client._call("get", self._path, self.name, 200)
        try:
            return ProxyState.model_validate_json(answer.content)
        except ValidationError as error:
            said = f"not understood: {error}"
            raise ToxiproxyError(f"GET {self._path}", self.name, answer.status_code, said) from error

    def enable(self) -> ProxyState:
        """Listen again. No harm if it does."""
        return self._switch(enabled=True)

    def disable(self) -> ProxyState:
        """Refuse new connections and close those that are open."""
        return self._switch(enabled=False)

    def add(self, *toxics: Toxic) -> ProxyState:
        """Add toxics in this order, to open connections too (``reset_peer`` excepted); read back once.

        Raises:
            ToxicError: before anything is sent.
            ToxiproxyError: status 409 if one of that name is there already.
        """
        for toxic in toxics:
            check(toxic)
        path = f"{self._path}/toxics"
        for toxic in toxics:
            self._client._call("post", path, self.name, 200, toxic.model_dump())
        state = self.state()
        for toxic in toxics:
            if not any(_same(toxic, shown) for shown in state.toxics):
                said = f"wanted {toxic}, read back {state.toxics}"
                raise ToxiproxyError(f"POST {path}", self.name, None, said)
        return state

    def remove(self, *toxics: str) -> ProxyState:
        """Remove the toxics of these names, in this order; read back once. No harm if one is not there."""
        for toxic in toxics:
            try:
                self._client._call("delete", self._toxic(toxic), self.name, 204)
            except ToxiproxyError as error:
                if error.status != NOT_FOUND:
                    raise
        # A missing proxy is a 404 as well; this says so.
        state = self.state()
        for shown in state.toxics:
            if shown.name in toxics:
                call = f"DELETE {self._toxic(shown.name)}"
                raise ToxiproxyError(call, self.name, None, "the toxic is still there when read back")
        return state

    def delete(self) -> None:
        """Remove the proxy itself, with its connections. No harm if there is none."""
        try:
            self._client._call("delete", self._path, self.name, 204)
        except ToxiproxyError as error:
            if error.status != NOT_FOUND:
                raise

    def _toxic(self, name: str) -> str:
        return f"{self._path}/toxics/{quote(name, safe='')}"

    def _switch(self, *, enabled: bool) -> ProxyState:
        self._client._call("patch", self._path, self.name, 200, {"enabled": enabled})
        state = self.state()
        if state.enabled is not enabled:
            said = f"wanted enabled = {enabled}, read back {state.enabled}"
            raise ToxiproxyError(f"PATCH {self._path}", self.name, None, said)
        return state


def _same(wanted: Toxic, shown: Toxic) -> bool:
    # The server keeps toxicity in 32 bits.
    return (
        (wanted.name, wanted.type, wanted.stream) == (shown.name, shown.type, shown.stream)
        and dict(wanted.attributes) == dict(shown.attributes)
        and math.isclose(wanted.toxicity, shown.toxicity, rel_tol=1e-6)
    )
