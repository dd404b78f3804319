"""Checksums of streams against bit rot: what was flushed must still be what stands on the disk.

Beside ``<name>.arrows`` its writer keeps ``<name>.arrows.crc``: one record per flush, appended after the
bytes that it speaks of, three little-endian 64-bit integers each: offset in the stream, length, CRC-32 of
these bytes (as of zlib and RFC 1952). A killed writer leaves at most its last record cut off, never one
without its bytes.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from reports.errors import JournalError
from reports.journal_writer import CHECKSUM, CHECKSUM_SUFFIX


def sidecar(path: Path) -> Path:
    """Where the checksums of a stream stand."""
    return path.with_name(path.name + CHECKSUM_SUFFIX)


def verify(path: Path, content: memoryview) -> None:
    """Hold the content of a stream against its sidecar; :class:`JournalError` names the first range that
    differs. A stream without a sidecar, and what follows its last record, is not verified."""
    try:
        records = sidecar(path).read_bytes()
    except FileNotFoundError:
        return
    whole = len(records) - len(records) % CHECKSUM.size
    for offset, length, expected in CHECKSUM.iter_unpack(records[:whole]):
        where = f"{path}: bytes {offset} to {offset + length}"
        if offset < 0 or length < 0 or offset + length > len(content):
            raise JournalError(
                f"{where} are on record in {sidecar(path).name}, but the file has {len(content)}: it is "
                "damaged"
            )
        found = zlib.crc32(content[offset : offset + length])
        if found != expected:
            raise JournalError(
                f"{where} have the CRC-32 {found:08x}; it was {expected & 0xFFFFFFFF:08x} when they were "
                "written: the file is damaged"
            )
