"""Where each system is: the mocks of an own country, or the systems that a target file names.

A target file is TOML. A kind of which there are several has ``{province}`` in its address, or
``{old_province}``; a single system of it may be named as well and goes before its kind::

    name = "staging"
    confirm = true            # these hosts may be asked although they are not on loopback (with --yes)
    seed = 26                 # of the synthetic people whom the identity service knows

    [systems]
    national-portal = "https://portal.example"
    case-system = "https://case-{province}.example"
    case-15 = "https://lao-cai.example"
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from pydantic import Field

from rehearsal import topology
from rehearsal.errors import UsageError, suggest
from rehearsal.readiness import toml_file
from rehearsal.scenario.model import Prose
from rehearsal.scenario.problems import Finding
from rehearsal.scenario.reading import Tree
from rehearsal.scenario.section import Section
from reports.text import listed

LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEFAULT_SEED = 26


@dataclass(frozen=True)
class Target:
    """The addresses of systems by their names (``case-15``), without a slash at the end.

    ``name`` is "" for an own country; ``seed`` that of the synthetic people.
    """

    name: str
    addresses: Mapping[str, str]
    seed: int = DEFAULT_SEED

    @property
    def is_own(self) -> bool:
        """Whether these are mocks that were started for the sweep."""
        return not self.name

    def origins(self) -> frozenset[str]:
        """Scheme, host and port of every system: nothing else is ever asked."""
        return frozenset(map(origin, self.addresses.values()))


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class _File(Section):
    """What a target file says."""

    name: Prose
    systems: dict[str, Prose] = Field(min_length=1)
    confirm: bool = False
    seed: int = Field(default=DEFAULT_SEED, ge=0)


def read(path: Path, *, agreed: bool) -> Target:
    """The target of a file. ``agreed``: whoever asks has said ``--yes``.

    Raises :class:`~rehearsal.errors.ScenarioError` with everything that is wrong, and
    :class:`~rehearsal.errors.UsageError` where it leads away from loopback and was not confirmed.
    """
    written = toml_file.read(path, _File, _wrong)
    target = Target(written.name, _addresses(written.systems), written.seed)
    away = sorted({host for url in target.addresses.values() if (host := _host(url)) not in LOOPBACK})
    if away and not (written.confirm and agreed):
        raise UsageError(
            f"{path.name}: systems: {listed(away)}: not on this machine; to ask there the file must say "
            "confirm = true, and the command --yes"
        )
    return target


def _wrong(tree: Tree) -> Iterator[Finding]:
    """What no type says: systems that there are not, addresses that are none or stand for several."""
    written = tree.get("systems")
    for name, url in written.items() if isinstance(written, dict) else ():
        if name not in topology.kinds():
            message = f"is no system, nor a kind of systems; {suggest(name, topology.kinds())}"
            yield Finding(("systems", name), message)
        elif isinstance(url, str) and url and (message := _wrong_address(name, url)):
            yield Finding(("systems", name), message)


def _wrong_address(name: str, url: str) -> str:
    """What is wrong with an address; "" where nothing is."""
    several = [system for system in topology.systems("whole") if system.kind.value == name]
    wanted = _placeholder(several) if len(several) > 1 else ""
    if wanted and wanted not in url:
        return f"stands for {len(several)} systems: it must hold {wanted}"
    plain = url.replace(wanted, "00") if wanted else url
    if "{" in plain or "}" in plain:
        return f"of placeholders only {wanted} is legal here" if wanted else "no placeholder is legal here"
    return "" if _is_address(plain) else "must be an address such as http://127.0.0.1:8080"


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and httpx.URL(url).host  # whoever refuses it here could not ask it later
    except (ValueError, httpx.InvalidURL):
        return False
    return parts.scheme in ("http", "https") and bool(usable) and not (parts.query or parts.fragment)


def _placeholder(systems: list[topology.System]) -> str:
    return "{old_province}" if systems[0].old_province else "{province}" if systems[0].province else ""


def _addresses(written: Mapping[str, str]) -> dict[str, str]:
    """The address of every system that the file names, by itself or with its kind."""
    found = {}
    for system in topology.systems("whole"):
        url = written.get(system.name) or written.get(system.kind.value)
        if url:
            filled = url.replace("{province}", system.province)
            found[system.name] = filled.replace("{old_province}", system.old_province).rstrip("/")
    return found


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
