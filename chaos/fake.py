"""A proxy in memory, for tests of whatever plays faults: the rules of the real one, without bytes."""

from __future__ import annotations

from chaos.client import ProxyState
from chaos.errors import ToxiproxyError
from chaos.toxics import Toxic, check

_CONFLICT = 409


class FakeProxy:
    """Remembers whether it is enabled and which toxics it has, and every change in ``history``.

    Attributes:
        history: the changes in order, such as ``"disable"`` or ``"add slow-downstream"``.
        broken: while True every change fails with status 503, as when the server is stuck.
    """

    def __init__(self, name: str = "caller--callee") -> None:
        self.name = name
        self.history: list[str] = []
        self.broken = False
        self._state = ProxyState(
            name=name, listen="127.0.0.1:10001", upstream="127.0.0.1:10002", enabled=True
        )

    def state(self) -> ProxyState:
        """What a server would show."""
        return self._state

    def enable(self) -> ProxyState:
        """Listen again."""
        return self._change("enable", {"enabled": True})

    def disable(self) -> ProxyState:
        """Refuse."""
        return self._change("disable", {"enabled": False})

    def add(self, *toxics: Toxic) -> ProxyState:
        """Add toxics in this order; 409 if a name is taken."""
        for toxic in toxics:
            check(toxic)
        for toxic in toxics:
            if any(there.name == toxic.name for there in self._state.toxics):
                raise ToxiproxyError("POST toxics", self.name, _CONFLICT, "toxic already exists")
            self._change(f"add {toxic.name}", {"toxics": (*self._state.toxics, toxic)})
        return self._state

    def remove(self, *toxics: str) -> ProxyState:
        """Remove toxics by name; no harm if one is not there."""
        for toxic in toxics:
            left = tuple(there for there in self._state.toxics if there.name != toxic)
            self._change(f"remove {toxic}", {"toxics": left})
        return self._state

    def _change(self, what: str, update: dict[str, object]) -> ProxyState:
        if self.broken:
            raise ToxiproxyError(what, self.name, 503, "the fake is broken")
        self.history.append(what)
        self._state = self._state.model_copy(update=update)
        return self._state
