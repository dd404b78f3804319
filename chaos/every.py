"""One action on many proxies of a server: a few at a time, and an error on one does not spare the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from chaos.client import Client, Proxy
from chaos.errors import ChaosError

_AT_ONCE = 8
"""Calls to the server at one time: it answers in under a millisecond, so more only cost threads."""

Result = TypeVar("Result")


def on_every(
    client: Client, names: Iterable[str], action: Callable[[Proxy], Result]
) -> tuple[dict[str, Result], dict[str, ChaosError]]:
    """Do ``action`` to the proxy of every name; what it gave, and what went wrong, each by name."""

    def attempt(name: str) -> Result | ChaosError:
        try:
            return action(client.proxy(name))
        except ChaosError as error:
            return error

    chosen = list(names)
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="links") as pool:
        outcomes = list(zip(chosen, pool.map(attempt, chosen), strict=True))
    results = {name: outcome for name, outcome in outcomes if not isinstance(outcome, ChaosError)}
    errors = {name: outcome for name, outcome in outcomes if isinstance(outcome, ChaosError)}
    return results, errors
