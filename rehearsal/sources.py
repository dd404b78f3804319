"""The project's own code as one hash: runs belong together only where the same code made them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("chaos", "fixtures", "mocks", "rehearsal", "reports", "scenarios")
LOCK = "requirements.lock"
"""Pins everything that is not ours. It lies beside the packages, except where these are installed."""


@cache
def digest(packages: tuple[str, ...] = PACKAGES, *, root: Path = ROOT) -> str:
    """SHA-256, in hexadecimal, of the files of packages and of the lock file: their names and contents.

    Data and templates count as well as modules. Scenarios do not: each is a run's own input, and has a hash
    of its own. Worked out once per process, for what a process runs is what it has loaded.
    """
    whole = hashlib.sha256()
    for path in _files(packages, root):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(root).as_posix()}\n{content}\n".encode())
    return whole.hexdigest()


def series(names: Iterable[str]) -> str:
    """What tells a series of runs from others, SHA-256 in hexadecimal: which runs, and the code.

    A call goes on with an unfinished series only where it asks for the same runs in the same code.
    """
    return hashlib.sha256("\n".join([digest(), *sorted(names)]).encode()).hexdigest()


def _files(packages: Iterable[str], root: Path) -> Iterator[Path]:
    for package in packages:
        for path in sorted((root / package).rglob("*")):
            inside = path.relative_to(root).parts
            hidden = any(part.startswith(".") or part == "__pycache__" for part in inside)
            scenario = inside[0] == "scenarios" and path.suffix == ".toml"
            if path.is_file() and not hidden and not scenario:
                yield path
    if (root / LOCK).is_file():
        yield root / LOCK
