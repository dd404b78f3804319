"""What the watchdog does when it comes to that. Apart from it, because this costs half a second to import."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from chaos.client import Client, Proxy
from chaos.deadlines import Overdue
from chaos.every import on_every
from chaos.toxics import is_of

_CALL_WITHIN = 3.0
"""Seconds for a call to the server: one link that does not answer must not keep the others ill for long."""


def cure(address: str, overdue: Iterable[Overdue]) -> list[Overdue]:
    """Take each overdue fault off its link; returns those for which that was done."""
    ill: dict[str, list[Overdue]] = {}
    for each in overdue:
        ill.setdefault(each.link, []).append(each)

    def cure_link(proxy: Proxy) -> None:
        state = proxy.state()
        theirs = [
            toxic.name
            for toxic in reversed(state.toxics)  # the last first, as faults do themselves
            if any(is_of(toxic.name, each.fault) for each in ill[proxy.name])
        ]
        if theirs:
            state = proxy.remove(*theirs)
        if not state.enabled and all(each.enable for each in ill[proxy.name]):
            proxy.enable()

    cured, _ = on_every(Client(address, within=_CALL_WITHIN), ill, cure_link)
    return [each for link in cured for each in ill[link]]


def remove(address: str, links: Iterable[str], ill: Collection[str]) -> None:
    """Remove the links, those that are ill first, as far as it goes: nobody is left to read an error."""
    in_order = sorted(links, key=lambda link: link not in ill)
    on_every(Client(address, within=_CALL_WITHIN), in_order, Proxy.delete)
