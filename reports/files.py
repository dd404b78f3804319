"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file by way of a temporary name; its path.

    A reader sees what was there before or all of the new content, also when the writer is killed. (A power
    cut may still take it: nothing is synced.) Raises ``OSError`` with nothing of the new content left.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    return path


def write_all(folder: Path, contents: dict[str, bytes]) -> list[Path]:
    """Write files by their names, each whole or not at all; their paths. Raises ``OSError``."""
    return [write_whole(folder / name, content) for name, content in contents.items()]


def indented(value: object) -> bytes:
    """A value as JSON that a person can read, with a newline at its end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
