"""The links of one rehearsal: made together, hurt and cured by faults, healed and removed at the end.

A link is one proxy. A rehearsal touches no proxy but its own: on a server that is shared with others
``POST /reset``, which heals everybody's, is never called.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType, TracebackType
from typing import Self

from chaos.catalogue.fault import LinkFault
from chaos.client import Client, Proxy, ProxySpec, ProxyState
from chaos.errors import LinkError
from chaos.every import Result, on_every
from chaos.probe import Passage, probe
from chaos.sharing import Sharing
from chaos.watchdog import Watchdog

_SYSTEM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LOOPBACK = re.compile(r"127\.0\.0\.1:[1-9][0-9]{0,4}")
_NAMED = re.compile(r"(?!0\.0\.0\.0:)[0-9]{1,3}(\.[0-9]{1,3}){3}:[1-9][0-9]{0,4}")
_ROUNDS = 3
"""A change that timed out may still be carried out later, so healing looks again."""
_SHOWN = 5
"""Links that an error names; it counts the rest."""


@dataclass(frozen=True)
class Link:
    """The way from one system to another.

    Attributes:
        caller: who calls.
        callee: who is called.
        listen: address:port where the caller reaches the link; loopback, unless callers on other hosts are
            to reach it. Never all addresses of this machine: who can reach a mock must have been decided.
        upstream: 127.0.0.1:port of the callee itself.
    """

    caller: str
    callee: str
    listen: str
    upstream: str

    def __post_init__(self) -> None:
        for role, system in (("caller", self.caller), ("callee", self.callee)):
            if not _SYSTEM.fullmatch(system):
                legal = "lower-case letters and digits, in words joined by single hyphens"
                raise LinkError(f"{role} {system!r} of a link is no system name: {legal}")
        if not _NAMED.fullmatch(self.listen):
            raise LinkError(f"listen {self.listen!r} of link {self.name} is not <IPv4 address>:<port>")
        if not _LOOPBACK.fullmatch(self.upstream):
            raise LinkError(f"upstream {self.upstream!r} of link {self.name} is not 127.0.0.1:<port>")

    @property
    def name(self) -> str:
        """Name of the proxy: ``caller--callee``."""
        return f"{self.caller}--{self.callee}"


class Links:
    """The proxies of ``links`` on one server, there while the context lasts.

    Args:
        client: where.
        links: which; names are unique.
        guarded: have the watchdog remove them if this process is killed. Needed where the server outlives
            this process; the deadlines of faults are watched in any case.

    Raises (on entering):
        LinkError: a link of that name is there already, made by somebody else.
        ToxiproxyError: the server would not; nothing of ours is left behind.
    """

    def __init__(self, client: Client, links: Iterable[Link], *, guarded: bool = False) -> None:
        self._client = client
        every = list(links)
        self.links: Mapping[str, Link] = MappingProxyType({link.name: link for link in every})
        if len(self.links) != len(every):
            twice = sorted(_repeated(every))
            raise LinkError(f"links given more than once: {_some(twice)}")
        self._sharing = {name: Sharing() for name in self.links}
        self._watchdog = Watchdog(client.address, tuple(self.links) if guarded else ())

    def __enter__(self) -> Self:
        taken = sorted(self.links.keys() & self._client.proxies().keys())
        if taken:
            raise LinkError(
                f"{self._client.address} already has {_some(taken)}: another rehearsal uses this server, or "
                "one was killed on it; end that, delete these proxies, or give another server"
            )
        self._watchdog.start()
        try:
            self._client.populate(
                ProxySpec(name=link.name, listen=link.listen, upstream=link.upstream)
                for link in self.links.values()
            )
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()

    def proxy(self, name: str) -> Proxy:
        """The proxy of one link.

        Raises:
            LinkError: there is no such link; names the nearest.
        """
        self._known([name])
        return self._client.proxy(name)

    def states(self) -> dict[str, ProxyState]:
        """Our links as the server shows them now; one that is missing there is missing here."""
        there = self._client.proxies()
        return {name: there[name] for name in self.links if name in there}

    async def check(
        self, path: str, names: Iterable[str] | None = None, *, within: float = 3.0
    ) -> dict[str, Passage]:
        """Send one GET of ``path`` through each link (or those named), all at once; see ``probe``."""
        chosen = list(self.links) if names is None else self._known(names)
        return await probe({name: self.links[name].listen for name in chosen}, path, within=within)

    def apply(
        self,
        fault: LinkFault,
        names: Iterable[str],
        *,
        until: int | None = None,
    ) -> dict[str, ProxyState]:
        """Do a fault to each link named; returns what was read back.

        Faults may overlap, as long as their instances have different names (``fault.named``).

        Args:
            fault: the instance.
            names: of the links.
            until: the instant (nanoseconds of the monotonic clock) by which it will be cured. Where it is
                not, because this process hangs or is stopped, the watchdog cures it.

        Raises:
            LinkError: a name is unknown, or some link would not; the others have the fault.
        """

        def apply(proxy: Proxy) -> ProxyState:
            with self._sharing[proxy.name].seen_by(fault.instance, proxy) as share:
                return fault.apply(share)

        known = self._known(names)
        self._watchdog.expect(fault.instance, known, until, severs=fault.severs)
        return self._each(f"{fault.instance} was not applied to", known, apply)

    def cure(self, fault: LinkFault, names: Iterable[str]) -> dict[str, ProxyState]:
        """Undo it on each link named; returns what was read back.

        Raises:
            LinkError: a name is unknown, or some link would not; the others are cured.
        """

        def cure(proxy: Proxy) -> ProxyState:
            with self._sharing[proxy.name].seen_by(fault.instance, proxy) as share:
                return fault.cure(share)

        known = self._known(names)
        states = self._each(f"{fault.instance} was not cured on", known, cure)
        self._watchdog.cured(fault.instance, known)
        return states

    def heal(self) -> dict[str, ProxyState]:
        """Whatever was done to our links, undo it: all enabled, no toxic left.

        Raises:
            LinkError: some link is not healthy, or gone, when read back.
        """
        problem: LinkError | None = None
        for _round in range(_ROUNDS):
            states = self.states()
            sick = [name for name, state in states.items() if not state.healthy]
            if not sick and len(states) == len(self.links):
                self._watchdog.healed()
                return states
            gone = sorted(self.links.keys() - states.keys())
            if gone:
                raise LinkError(f"links gone from {self._client.address}: {_some(gone)}")
            problem = None
            try:
                self._each("not healed:", sick, partial(self._heal, states))
            except LinkError as error:
                problem = error
        raise problem or LinkError(f"not healed when read back: {_some(sorted(sick))}")

    def remove(self) -> None:
        """Take our proxies from the server, whatever state they are in.

        Raises:
            LinkError: some are still there when read back.
        """
        there = self.states()
        if there:
            self._each("not removed:", list(there), Proxy.delete)
        left = sorted(self.states())
        if left:
            raise LinkError(f"not removed when read back: {_some(left)}")

    def _leave(self) -> None:
        # If removing fails, the watchdog tries once more when its pipe closes.
        self.remove()
        self._watchdog.stand_down()

    def _known(self, names: Iterable[str]) -> list[str]:
        chosen = list(names)
        for name in chosen:
            if name not in self.links:
                close = difflib.get_close_matches(name, self.links, n=1)
                hint = f"did you mean {close[0]!r}?" if close else f"there are {len(self.links)} others"
                raise LinkError(f"no link {name!r}; {hint}")
        return chosen

    def _heal(self, states: Mapping[str, ProxyState], proxy: Proxy) -> ProxyState:
        state = states[proxy.name]
        with self._sharing[proxy.name].ended():
            if state.toxics:
                state = proxy.remove(*(toxic.name for toxic in reversed(state.toxics)))
            return state if state.enabled else proxy.enable()

    def _each(self, failed: str, names: list[str], action: Callable[[Proxy], Result]) -> dict[str, Result]:
        results, errors = on_every(self._client, names, action)
        if errors:
            first = next(iter(errors.values()))
            said = f"{failed} {_some(sorted(errors))} ({len(errors)} of {len(names)} links): {first}"
            raise LinkError(said) from first
        return results


def _repeated(links: list[Link]) -> set[str]:
    names = [link.name for link in links]
    return {name for name in names if names.count(name) > 1}


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
