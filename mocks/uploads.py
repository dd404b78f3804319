"""Files that applicants upload before they submit: kept by the SHA-256 of the bytes that arrived."""

from __future__ import annotations

import hashlib

from mocks.http import Refusal
from mocks.messages import Attached, NamedFile, UploadReceipt
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

    def attached(self, files: list[NamedFile]) -> list[Attached]:
        """The files that a dossier names; refuses with 422 where one of them never arrived."""
        for file in files:
            if file.sha256 not in self._known:
                raise Refusal(
                    422,
                    "file-missing",
                    f"Chưa nhận được tệp {file.name}.",
                    f"The file with SHA-256 {file.sha256[:12]}… has not been uploaded.",
                )
        return [Attached(file.name, f"TT-{file.sha256[:24]}", file.sha256) for file in files]
