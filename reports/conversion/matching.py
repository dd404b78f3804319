"""Which row of the target is which row that must be there, and what is left over on either side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reports.conversion.reading import key
from reports.conversion.schema import KEYS
from reports.lookup import Ints

PRINTS: dict[str, tuple[str, ...]] = {
    "dossiers": ("owner_id", "received_seconds"),
    "attachments": ("sha256",),
    "results": ("sha256",),
    "units": ("name",),
    "accounts": ("name",),
    "procedures": ("level",),
}
"""What a row is recognised by where its key does not tell: it was changed, or several rows bear it."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Places of rows: ``expected[i]`` is ``found[i]``; ``missing`` of the one side, ``surplus`` of the other.

    ``known``: per surplus row whether its key is one that must be there.
    """

    expected: Ints
    found: Ints
    missing: Ints
    surplus: Ints
    known: npt.NDArray[np.bool_]


def match(name: str, expected: pa.Table, found: pa.Table) -> Pairs:
    """Pair the rows of a table by their keys; of several rows with one key the one that looks right."""
    place = pc.index_in(key(found, KEYS[name]), value_set=key(expected, KEYS[name]))
    at = place.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    rows = np.flatnonzero(at >= 0)
    counts = np.bincount(at[rows], minlength=len(expected))
    if counts.max(initial=0) > 1:
        alike = _alike(name, expected, found, rows, at[rows])
        rows = rows[np.lexsort((rows, ~alike, at[rows]))]
        first = np.append(True, at[rows][1:] != at[rows][:-1])[: len(rows)]
        rows = rows[first]
    surplus = np.setdiff1d(np.arange(len(found)), rows, assume_unique=True)
    return Pairs(at[rows], rows, np.flatnonzero(counts == 0), surplus, at[surplus] >= 0)


def fingerprint(name: str, table: pa.Table) -> pa.Array:
    """What each row is recognised by, as one text."""
    parts = []
    for column in PRINTS[name]:
        if column == "received_seconds":
            parts.append(table["received"].combine_chunks().cast(pa.int64()).cast(pa.string()))
        else:
            parts.append(table[column].combine_chunks())
    return pc.binary_join_element_wise(*parts, "/").cast(pa.large_string())


def recognised(name: str, missing: pa.Table, surplus: pa.Table) -> Ints:
    """Per surplus row the place of the missing row that it looks like; -1 for none, or more than one."""
    wanted, seen = fingerprint(name, missing), fingerprint(name, surplus)
    place = pc.index_in(seen, value_set=wanted).fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    once = _once(wanted)[place] & (place >= 0) & _once(seen)
    return np.where(once, place, -1)


def _alike(name: str, expected: pa.Table, found: pa.Table, rows: Ints, at: Ints) -> npt.NDArray[np.bool_]:
    same = pc.equal(
        fingerprint(name, found).take(pa.array(rows)), fingerprint(name, expected).take(pa.array(at))
    )
    alike: npt.NDArray[np.bool_] = same.to_numpy(zero_copy_only=False)
    return alike


def _once(texts: pa.Array) -> npt.NDArray[np.bool_]:
    if not len(texts):
        return np.zeros(1, dtype=np.bool_)  # so that place -1 can be asked
    numbers = texts.dictionary_encode().indices.to_numpy()
    once: npt.NDArray[np.bool_] = np.bincount(numbers)[numbers] == 1
    return once
