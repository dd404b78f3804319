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

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rehearsal import topology
from rehearsal.errors import Problem, ScenarioError, UsageError, suggest

LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEFAULT_SEED = 26
_KEYS = ("name", "confirm", "seed", "systems")


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


def read(path: Path, *, agreed: bool) -> Target:
    """The target of a file. ``agreed``: whoever asks has said ``--yes``.

    Raises :class:`~rehearsal.errors.ScenarioError` with everything that is wrong, and
    :class:`~rehearsal.errors.UsageError` where it leads away from loopback and was not confirmed.
    """
    written = _parsed(path)
    problems = list(_problems(path, written))
    if problems:
        raise ScenarioError(problems)
    target = Target(written["name"], _addresses(written["systems"]), written.get("seed", DEFAULT_SEED))
    away = sorted({host for url in target.addresses.values() if (host := _host(url)) not in LOOPBACK})
    if away and not (written.get("confirm") and agreed):
        raise UsageError(
            f"{path}: systems: {', '.join(away[:5])}: not on this machine; to ask there the file must say "
            "confirm = true, and the command --yes"
        )
    return target


def _parsed(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: is no TOML: {error}") from error


def _problems(path: Path, written: Mapping[str, object]) -> Iterator[Problem]:
    for key in written:
        if key not in _KEYS:
            yield Problem(f"{path}: {key}", "", f"is not known; {suggest(key, _KEYS)}")
    for key, kind, legal in (("name", str, "a word in quotes"), ("systems", dict, "a table of addresses")):
        if not isinstance(written.get(key), kind) or not written[key]:
            yield Problem(f"{path}: {key}", _spelt(written.get(key)), f"must be {legal}")
    for key, kind, legal in (("confirm", bool, "true or false"), ("seed", int, "a whole number")):
        if key in written and type(written[key]) is not kind:
            yield Problem(f"{path}: {key}", _spelt(written[key]), f"must be {legal}")
    systems = written.get("systems")
    if isinstance(systems, dict):
        for name, url in systems.items():
            yield from _problems_of(f"{path}: systems.{name}", name, url)


def _problems_of(place: str, name: str, url: object) -> Iterator[Problem]:
    kinds = topology.kinds()
    if name not in kinds:
        yield Problem(place, "", f"is no system, nor a kind of systems; {suggest(name, kinds)}")
        return
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        yield Problem(place, _spelt(url), "must be an address such as http://127.0.0.1:8080")
        return
    several = [system for system in topology.systems("whole") if system.kind.value == name]
    wanted = _placeholder(several) if len(several) > 1 else ""
    if wanted and wanted not in str(url):
        yield Problem(place, _spelt(url), f"stands for {len(several)} systems: it must hold {wanted}")


def _placeholder(systems: list[topology.System]) -> str:
    return "{old_province}" if systems[0].old_province else "{province}" if systems[0].province else ""


def _addresses(systems: object) -> dict[str, str]:
    """The address of every system that the file names, by itself or with its kind."""
    written: Mapping[str, str] = systems if isinstance(systems, dict) else {}
    found = {}
    for system in topology.systems("whole"):
        url = written.get(system.name) or written.get(system.kind.value)
        if url:
            filled = url.replace("{province}", system.province)
            found[system.name] = filled.replace("{old_province}", system.old_province).rstrip("/")
    return found


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _spelt(value: object) -> str:
    return "" if value is None else f'"{value}"' if isinstance(value, str) else str(value)
