"""What a process of mocks is told: which systems it runs, where they listen, whom they may call."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mocks.capacity import Capacity
from mocks.gaps import Gap


class ConfigError(Exception):
    """The configuration of a process cannot be used; the message names the file, the place and the value."""


class SystemConfig(msgspec.Struct, frozen=True):
    """One system of the country.

    ``peers`` maps the name of each system it may call to the address of the link towards it, and
    ``public`` the names of systems to the address by which a visitor's browser reaches them.
    """

    name: str
    kind: str
    port: int
    province: str = ""  # of the 34; provincial portals: the province that succeeds theirs
    old_province: str = ""  # of the 63; provincial portals only
    capacity: Capacity = Capacity()
    defects: frozenset[str] = frozenset()
    peers: dict[str, str] = {}
    public: dict[str, str] = {}


class ProcessConfig(msgspec.Struct, frozen=True):
    """One process of mocks; ``folder`` is where it keeps its stores and writes its journals."""

    process: str
    folder: str
    seed: int
    systems: list[SystemConfig]
    gaps: list[Gap] = []  # what this country lacks, for whichever of its systems it concerns
    t0_monotonic_ns: int = 0  # where T0 lies, for a process that is started again; 0: it will be told


def read(path: Path) -> ProcessConfig:
    """The configuration in a JSON file. Raises :class:`ConfigError`."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=ProcessConfig)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
