"""JSON files that other parts of a rehearsal have written, read with a type."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from rehearsal.errors import RehearsalError, UsageError

Model = TypeVar("Model", bound=msgspec.Struct)


def decoded(path: Path, model: type[Model], error: type[RehearsalError] = UsageError) -> Model:
    """The content of a file. Raises ``error``, which names the file and what is wrong with it."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=model)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        raise error(f"{path}: {wrong}") from wrong
