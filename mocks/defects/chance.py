"""Who is hit by a defect that does not hit everybody."""

from __future__ import annotations

import hashlib


def struck(defect: str, key: str, one_in: int) -> bool:
    """Whether a defect strikes whatever has this key: the same at every try, and after a restart."""
    digest = hashlib.blake2b(f"{defect}/{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % one_in == 0
