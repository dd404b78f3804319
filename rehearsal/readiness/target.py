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
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from rehearsal import topology
from rehearsal.errors import Problem, ScenarioError, UsageError, suggest
from rehearsal.scenario.problems import spell_value

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


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a target file says."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
    systems: Annotated[dict[str, str], msgspec.Meta(min_length=1)]
    confirm: bool = False
    seed: Annotated[int, msgspec.Meta(ge=0)] = DEFAULT_SEED


def read(path: Path, *, agreed: bool) -> Target:
    """The target of a file. ``agreed``: whoever asks has said ``--yes``.

    Raises :class:`~rehearsal.errors.ScenarioError` with every address that is wrong, and
    :class:`~rehearsal.errors.UsageError` for any other mistake, and where it leads away from loopback and
    was not confirmed.
    """
    written = _parsed(path)
    problems = [
        problem
        for name, url in written.systems.items()
        for problem in _problems_of(f"{path}: systems.{name}", name, url)
    ]
    if problems:
        raise ScenarioError(problems)
    target = Target(written.name, _addresses(written.systems), written.seed)
    away = sorted({host for url in target.addresses.values() if (host := _host(url)) not in LOOPBACK})
    if away and not (written.confirm and agreed):
        raise UsageError(
            f"{path}: systems: {', '.join(away[:5])}: not on this machine; to ask there the file must say "
            "confirm = true, and the command --yes"
        )
    return target


def _parsed(path: Path) -> _File:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, msgspec.DecodeError) as error:
        keys = ", ".join(_File.__struct_fields__)
        raise UsageError(f"{path}: {error}; legal keys are {keys}") from error


def _problems_of(place: str, name: str, url: str) -> Iterator[Problem]:
    kinds = topology.kinds()
    if name not in kinds:
        yield Problem(place, "", f"is no system, nor a kind of systems; {suggest(name, kinds)}")
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        yield Problem(place, spell_value(url), "must be an address such as http://127.0.0.1:8080")
        return
    several = [system for system in topology.systems("whole") if system.kind.value == name]
    wanted = _placeholder(several) if len(several) > 1 else ""
    if wanted and wanted not in url:
        yield Problem(place, spell_value(url), f"stands for {len(several)} systems: it must hold {wanted}")


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
