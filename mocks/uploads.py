"""Files that applicants upload before they submit: kept by the SHA-256 of the bytes that arrived."""

from __future__ import annotations

import hashlib
from typing import Any

from mocks.http import Refusal
from mocks.messages import Attached, UploadReceipt
from mocks.store import Put, Store

KIND = "file"


class Uploads:
    """The uploaded files of one portal. Bytes are on disk, their names and digests in memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = set(store.keys(KIND))

    async def take(self, content: bytes) -> UploadReceipt:
        """Keep a file; the same bytes are kept once."""
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self._known:
            await self._store.write(Put(KIND, digest, content))
            self._known.add(digest)
        return UploadReceipt(f"TT-{digest[:24]}", digest)

    def attached(self, content: dict[str, Any]) -> list[Attached]:
        """The files that a dossier's content names; refuses with 422 where one of them never arrived."""
        files = []
        for item in content.get("attachments", ()):
            digest = str(item.get("sha256", ""))
            if digest not in self._known:
                raise Refusal(
                    422,
                    "file-missing",
                    f"Chưa nhận được tệp {item.get('name', '')}.",
                    f"The file with SHA-256 {digest[:12]}… has not been uploaded.",
                )
            files.append(Attached(str(item.get("name", "")), f"TT-{digest[:24]}", digest))
        return files
