"""The errors of this package; ``chaos/__init__.py`` draws the tree."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 300
"""Characters of an answer's body that an error quotes."""

_REMEDIES = """\
Any one of these is enough:
  1. start a Toxiproxy 2.12 yourself and give its address, host:port;
  2. put the program `toxiproxy-server` 2.12 on the PATH (https://github.com/Shopify/toxiproxy/releases);
  3. install Docker, or Go 1.23 or newer, and let this machine fetch or build it: python -m chaos fetch"""


class ChaosError(Exception):
    """Whatever can go wrong with the server, its links and the faults on them."""


class ToxiproxyUnavailable(ChaosError):  # noqa: N818 - says what is the matter; part of the contract
    """No Toxiproxy server can be had.

    Attributes:
        tried: what was tried, in order, each with the reason why it did not do.
    """

    def __init__(self, tried: Sequence[tuple[str, str]]) -> None:
        self.tried = tuple(tried)
        lines = "\n".join(f"  {way}: {reason}" for way, reason in self.tried)
        super().__init__(f"no Toxiproxy server is to be had. Tried:\n{lines}\n{_REMEDIES}")


class ToxiproxyError(ChaosError):
    """A call to the server failed, or the server does not show what it was told.

    Attributes:
        call: method and path, ``PATCH /proxies/x``.
        proxy: the proxy it was about, or "".
        status: the HTTP status, or None where none came.
        body: what the server said, or what went wrong on the way.
    """

    def __init__(self, call: str, proxy: str, status: int | None, body: str) -> None:
        self.call = call
        self.proxy = proxy
        self.status = status
        self.body = body
        about = f" about {proxy}" if proxy else ""
        came = "no usable answer" if status is None else f"status {status}"
        super().__init__(f"Toxiproxy, {call}{about}: {came}: {body.strip()[:_SHOWN]}")


class LinkError(ChaosError):
    """Named links are unknown, already there, or not in the state that was asked for."""


class ToxicError(ChaosError, ValueError):
    """A toxic that the server would refuse, silently ignore, or die of."""


class PortsError(ChaosError):
    """Fewer free ports than asked for."""
