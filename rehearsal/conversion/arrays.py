"""Arrow columns from numpy, and tables from questions asked once for each distinct value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reports.conversion.schema import INSTANT
from reports.journal_writer import column

Ints = npt.NDArray[Any]
_SEPARATOR = "\x1f"
_HEX = np.frombuffer("".join(f"{value:02x}" for value in range(256)).encode(), dtype=np.uint16)
DIGEST_BYTES = 32


def texts(values: Sequence[str]) -> pa.Array:
    """Texts as a column."""
    return column(values, pa.string())


def integers(values: Ints, kind: pa.DataType) -> pa.Array:
    """Whole numbers as a column of a fixed-width type."""
    held = np.ascontiguousarray(values, dtype=kind.to_pandas_dtype())
    return pa.Array.from_buffers(kind, len(held), [None, pa.py_buffer(held)])


def instants(seconds: Ints) -> pa.Array:
    """Unix seconds as a column."""
    return integers(seconds, pa.int64()).view(INSTANT)


def booleans(values: npt.NDArray[np.bool_]) -> pa.Array:
    """Truth values as a column."""
    bits = np.packbits(values, bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(bits)])


def take(words: Sequence[str] | pa.Array, places: Ints) -> pa.Array:
    """The word at each place."""
    held = words if isinstance(words, pa.Array) else texts(words)
    return held.take(integers(places, pa.int64()))


def joined(*parts: pa.Array | str, by: str = "") -> pa.Array:
    """Texts put together row by row."""
    return pc.binary_join_element_wise(*parts, by)


def padded(numbers: Ints, width: int) -> pa.Array:
    """Numbers in decimal with leading zeros."""
    return pc.utf8_lpad(integers(numbers, pa.int64()).cast(pa.string()), width, "0")


def digests(random: np.random.Generator, count: int) -> pa.Array:
    """So many SHA-256 sums in hex, drawn: nobody holds the files."""
    digits = _HEX[np.frombuffer(random.bytes(DIGEST_BYTES * count), dtype=np.uint8)]
    offsets = np.arange(count + 1, dtype=np.int32) * (2 * DIGEST_BYTES)
    return pa.Array.from_buffers(pa.string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(digits)])


def mapped(columns: Iterable[pa.Array], give: Callable[..., tuple[Any, ...]]) -> list[tuple[Any, Ints]]:
    """Ask ``give`` once for each distinct row of text columns; for each of its values: all answers, and
    per row the place of its answer among them."""
    coded = joined(*columns, by=_SEPARATOR).dictionary_encode()
    answers = [give(*each.split(_SEPARATOR)) for each in coded.dictionary.to_pylist()]
    places = coded.indices.to_numpy()
    return [(list(values), places) for values in zip(*answers, strict=True)]


def mapped_texts(columns: Iterable[pa.Array], give: Callable[..., tuple[Any, ...]]) -> list[pa.Array]:
    """As :func:`mapped`, for answers that are texts: whole columns."""
    found = mapped(columns, give)
    return [take(answers, places) for answers, places in found]
