"""Where the links of visitors begin, and how they are spoken to: ``targets.json``.

A link is an address, or an address with what is special about it::

    {"links": {
        "citizens--national-portal": "127.0.0.1:20111",
        "citizens--vneid": {"address": "127.0.0.1:20112", "tls": true, "server_name": "id.test",
                            "authority": "ca.pem"},
        "citizens--payment": {"address": "127.0.0.1:20113", "http2": true}
    }}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import msgspec

from rehearsal.errors import RehearsalError, UsageError, suggest

CALLERS: Mapping[str, str] = {"citizen": "citizens", "official": "officials"}
"""Actor of an arrival to the caller its links begin at."""


class UnknownLinkError(RehearsalError):
    """A journey asks for a system that its visitor has no link to."""


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a link is spoken to.

    With ``tls`` the peer must have a certificate for ``server_name`` (its host, where none is given), signed
    by the ``authority`` (a PEM file; the system's authorities, where none is given). ``http2`` and ``proxy``
    (the address of a forward proxy) are carried by the stock client, at many times the cost.
    """

    address: str
    tls: bool = False
    server_name: str = ""
    authority: str = ""
    http2: bool = False
    proxy: str = ""


_PLAIN = Way("")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link begins: the proxy that a visitor speaks to instead of the system."""

    link: str
    system: str
    host: str
    port: int
    way: Way = _PLAIN
    authority: str = field(init=False, default="")
    """The value of the header ``Host``."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "authority", f"{self.way.server_name or self.host}:{self.port}")


class Targets:
    """The links of citizens and officials, by the name of the system at their end.

    A redirect names its target as a proxy's address (``http://127.0.0.1:20112/login``), as a system
    (``http://vneid/login``), or not at all (``/login``: the system that answered).
    """

    def __init__(self, links: Mapping[str, str | Way]) -> None:
        self._targets: dict[str, Target] = {}
        self._callers: dict[str, dict[str, str]] = {caller: {} for caller in CALLERS.values()}
        for link, told in links.items():
            way = told if isinstance(told, Way) else Way(told)
            caller, _, system = link.partition("--")
            host, _, port = way.address.rpartition(":")
            if caller not in self._callers or not system:
                raise UsageError(
                    f'targets.json: links: "{link}": legal is <caller>--<system>, with the caller '
                    f"{' or '.join(self._callers)}"
                )
            if not host or not port.isdecimal():
                raise UsageError(f'targets.json: links: "{link}": "{way.address}": legal is <host>:<port>')
            target = self._targets[link] = Target(link, system, host, int(port), way)
            self._callers[caller] |= {way.address: system, target.authority: system}

    def find(self, caller: str, system: str) -> Target:
        """The target of a caller's link. Raises :class:`UnknownLinkError`."""
        target = self._targets.get(f"{caller}--{system}")
        if target is None:
            legal = self._callers[caller].values()
            raise UnknownLinkError(f"there is no link {caller}--{system}: {suggest(system, legal)}")
        return target

    def locate(self, caller: str, system: str, location: str) -> tuple[str, str] | None:
        """System and path that a redirect of ``system`` leads to; None where it leads to none of ours."""
        try:
            url = urlsplit(location)
        except ValueError:
            return None
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        if not url.scheme and not url.netloc:
            return (system, path) if location.startswith("/") and not location.startswith("//") else None
        found = self._callers[caller].get(url.netloc)
        if found is None and f"{caller}--{url.netloc}" in self._targets:
            found = url.netloc
        if found is None:
            return None
        spoken = "https" if self._targets[f"{caller}--{found}"].way.tls else "http"
        return (found, path) if url.scheme in (spoken, "") else None
