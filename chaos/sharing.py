"""One link, shared by faults that overlap: it is up again when the last that severs it is cured."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from chaos.catalogue.fault import Proxy
from chaos.client import ProxyState
from chaos.toxics import Toxic


class Sharing:
    """Which fault instances hold one link down. One fault at a time changes the link."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders: set[str] = set()

    @contextmanager
    def seen_by(self, instance: str, proxy: Proxy) -> Iterator[Proxy]:
        """The link as that instance may treat it, while nobody else changes it."""
        with self._lock:
            yield _Share(proxy, self._holders, instance)

    @contextmanager
    def ended(self) -> Iterator[None]:
        """Nobody holds it down any more, and nobody changes it meanwhile."""
        with self._lock:
            self._holders.clear()
            yield


class _Share:
    """A proxy whose ``enable`` takes back this instance's own ``disable``, and no other's."""

    def __init__(self, proxy: Proxy, holders: set[str], instance: str) -> None:
        self._proxy = proxy
        self._holders = holders
        self._instance = instance

    def enable(self) -> ProxyState:
        self._holders.discard(self._instance)
        return self._proxy.state() if self._holders else self._proxy.enable()

    def disable(self) -> ProxyState:
        self._holders.add(self._instance)
        return self._proxy.disable()

    def add(self, *toxics: Toxic) -> ProxyState:
        return self._proxy.add(*toxics)

    def remove(self, *toxics: str) -> ProxyState:
        return self._proxy.remove(*toxics)

    def state(self) -> ProxyState:
        return self._proxy.state()
