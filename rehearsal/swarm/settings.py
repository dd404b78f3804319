"""What the swarm reads from the run folder: ``plan.json``, ``targets.json`` and ``arrivals.arrow``.

The swarm reads the plan with its own eyes and ignores what it does not need; what it needs must be right.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

import msgspec
import pyarrow as pa
from msgspec import Meta
from pyarrow import ipc

from rehearsal.arrivals import digest
from rehearsal.errors import RehearsalError, UsageError, suggest
from reports.journal import ARRIVALS
from scenarios.journeys.visitor import Arrival, Playbook

Seconds = Annotated[float, Meta(ge=0)]
Model = TypeVar("Model", bound=msgspec.Struct)

PLAYBOOK = "scenarios.journeys.playbook:PLAYBOOK"
"""Where the journeys of the rehearsal are."""

CALLERS: Mapping[str, str] = {"citizen": "citizens", "official": "officials"}
"""Actor of an arrival to the caller its links begin at."""


class UnknownLinkError(RehearsalError):
    """A journey asks for a system that its visitor has no link to."""


class Policy(msgspec.Struct, frozen=True):
    """How visitors behave: ``visitors`` in the plan.

    ``patience`` is the time in seconds that a visitor waits for a complete answer, ``retries`` how often
    one tries again, ``retry_after`` the pause before that: seconds, or [shortest, longest].
    """

    think_scale: Seconds
    patience: Annotated[float, Meta(gt=0)]
    retries: Annotated[int, Meta(ge=0)]
    retry_after: float | tuple[float, float]  # no Meta: msgspec 0.22 corrupts a union of it with a tuple

    @property
    def retry_range(self) -> tuple[float, float]:
        """Shortest and longest pause before another try, in seconds."""
        after = self.retry_after
        return after if isinstance(after, tuple) else (after, after)


class _Scenario(msgspec.Struct, frozen=True):
    seed: int


class _Arrivals(msgspec.Struct, frozen=True):
    sha256: str = ""  # a folder made by hand need not name it


class _Plan(msgspec.Struct, frozen=True):
    scenario: _Scenario
    visitors: Policy
    arrivals: _Arrivals = _Arrivals()


class _Targets(msgspec.Struct, frozen=True):
    links: dict[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link begins: the proxy that a visitor speaks to instead of the system."""

    link: str
    system: str
    host: str
    port: int


class Targets:
    """The links of citizens and officials, by the name of the system at their end.

    A redirect names its target as a proxy's address (``http://127.0.0.1:20112/login``), as a system
    (``http://vneid/login``), or not at all (``/login``: the system that answered).
    """

    def __init__(self, links: Mapping[str, str]) -> None:
        self._targets: dict[str, Target] = {}
        self._callers: dict[str, dict[str, str]] = {caller: {} for caller in CALLERS.values()}
        for link, address in links.items():
            caller, _, system = link.partition("--")
            host, _, port = address.rpartition(":")
            if caller not in self._callers or not system:
                raise UsageError(
                    f'targets.json: links: "{link}": legal is <caller>--<system>, with the caller '
                    f"{' or '.join(self._callers)}"
                )
            if not host or not port.isdecimal():
                raise UsageError(f'targets.json: links: "{link}": "{address}": legal is <host>:<port>')
            self._targets[link] = Target(link, system, host, int(port))
            self._callers[caller][address] = system

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
        return (found, path) if found is not None and url.scheme in ("http", "") else None


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a worker needs from the plan."""

    seed: int
    policy: Policy
    targets: Targets


def load_settings(folder: Path) -> Settings:
    """Read the plan and the targets of a run. Raises :class:`UsageError` that names file and place."""
    plan = _read(folder / "plan.json", _Plan)
    low, high = plan.visitors.retry_range
    if not 0 <= low <= high:
        raise UsageError(
            f"plan.json: visitors.retry_after: {low:g} to {high:g}: legal is 0 <= shortest <= longest"
        )
    return Settings(
        plan.scenario.seed, plan.visitors, Targets(_read(folder / "targets.json", _Targets).links)
    )


def load_share(folder: Path, worker: int, workers: int) -> list[Arrival]:
    """The arrivals of one worker: every ``workers``-th, in the order of time. Raises :class:`UsageError`."""
    table = _arrivals(folder)
    columns = [column.to_pylist()[worker::workers] for column in table.columns]
    return [Arrival(*row) for row in zip(*columns, strict=True)]


def check_schedule(folder: Path) -> str:
    """The SHA-256 of all arrivals. Raises :class:`UsageError` where it is not the one that the plan names."""
    planned = _read(folder / "plan.json", _Plan).arrivals.sha256
    found = digest(_arrivals(folder))
    if planned not in ("", found):
        raise UsageError(
            f"{folder / 'arrivals.arrow'}: SHA-256 {found}: it is not the schedule of plan.json, {planned}"
        )
    return found


def _arrivals(folder: Path) -> pa.Table:
    path = folder / "arrivals.arrow"
    try:
        with pa.OSFile(str(path)) as file:
            table = ipc.open_file(file).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    if table.schema.names != ARRIVALS.names:
        raise UsageError(f"{path}: columns {table.schema.names}: legal are {ARRIVALS.names}")
    return table


def load_playbook(name: str = PLAYBOOK) -> Playbook:
    """The journeys at ``<module>:<attribute>``. Raises :class:`UsageError`."""
    module, _, attribute = name.partition(":")
    try:
        playbook = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"playbook {name}: {error}") from error
    if not isinstance(playbook, Playbook):
        raise UsageError(f"playbook {name}: is a {type(playbook).__name__}; legal is a Playbook")
    return playbook


def _read(path: Path, model: type[Model]) -> Model:
    try:
        return msgspec.json.decode(path.read_bytes(), type=model)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
