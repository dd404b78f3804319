"""What a calibration found, and on which machine: kept in ``.cache/calibration.json``."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path

import msgspec

from rehearsal.calibration.comparing import Accuracy
from rehearsal.calibration.staircase import Stair
from rehearsal.errors import UsageError
from reports.files import indented, write_whole

PACKAGE = "cutover-rehearsal"


class Fingerprint(msgspec.Struct, frozen=True):
    """What a calibration is true of: another machine, Python or version of ours needs another."""

    processor: str
    cpus: int
    python: str
    package: str

    @classmethod
    def here(cls) -> Fingerprint:
        """Of this machine and this process."""
        return cls(
            _processor(),
            len(os.sched_getaffinity(0)),
            platform.python_version(),
            importlib.metadata.version(PACKAGE),
        )


class Calibration(msgspec.Struct, frozen=True):
    """The result. ``requests_per_second`` is what one worker offers honestly.

    ``at_least``: the search ended before the generator broke, because of ``limit``; else ``limit`` says what
    broke honesty above that rate.
    """

    machine: Fingerprint
    when: str
    requests_per_second: float
    at_least: bool
    limit: str
    accuracy: list[Accuracy]
    stairs: list[Stair]
    format: int = 1


def default_path() -> Path:
    """``.cache/calibration.json`` of the project; in the user's cache where this is installed without it."""
    project = Path(__file__).resolve().parents[2]
    if (project / "pyproject.toml").is_file():
        return project / ".cache" / "calibration.json"
    return Path.home() / ".cache" / PACKAGE / "calibration.json"


def save(calibration: Calibration, path: Path) -> None:
    """Write it, whole or not at all. Raises :class:`UsageError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, indented(calibration))
    except OSError as error:
        raise UsageError(f"{path}: the calibration cannot be written ({error.strerror})") from error


def load(path: Path | None = None) -> Calibration | None:
    """The calibration of this very machine, None where there is none. Raises :class:`UsageError`."""
    path = path or default_path()
    try:
        calibration = msgspec.json.decode(path.read_bytes(), type=Calibration)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}; delete it, or calibrate anew with: rehearse calibrate") from error
    return calibration if calibration.machine == Fingerprint.here() else None


def _processor() -> str:
    """The processor's model as Linux names it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
