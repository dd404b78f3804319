"""Folders of a conversion on disk: one folder per province, one Arrow file per table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
from pyarrow import ipc

from rehearsal.errors import SetUpError
from reports.conversion.reading import Handover
from reports.conversion.schema import HANDOVER
from reports.files import indented


def write_tables(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write one file for each table, compressed. Raises `SetUpError`."""
    options = ipc.IpcWriteOptions(compression="lz4")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            with ipc.new_file(str(folder / f"{name}.arrow"), table.schema, options=options) as writer:
                writer.write_table(table)
    except OSError as error:
        raise SetUpError(f"{folder}: cannot be written ({error}); name another with --runs") from error


def write_handover(folder: Path, counted: Handover) -> None:
    """Write how many rows were handed over. Raises `SetUpError`."""
    try:
        (folder / HANDOVER).write_bytes(indented(counted))
    except OSError as error:
        raise SetUpError(f"{folder}: cannot be written ({error}); name another with --runs") from error
