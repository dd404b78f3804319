"""TLS between the bytes of a socket and those of HTTP. Knows no sockets."""

from __future__ import annotations

import ssl


class Tls:
    """The client's side of one TLS connection, in memory (``ssl.MemoryBIO``). Raises ``ssl.SSLError``."""

    def __init__(self, context: ssl.SSLContext, server_name: str) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_name)

    def handshake(self) -> tuple[bool, bytes]:
        """Go on with the handshake: whether it is done, and what must be sent."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False, self._outgoing.read()
        return True, self._outgoing.read()

    def feed(self, received: bytes) -> None:
        """Bytes that came while the handshake was under way."""
        self._incoming.write(received)

    def encrypted(self, data: bytes) -> bytes:
        """The records that carry ``data``."""
        self._tls.write(data)  # into memory: it takes everything at once
        return self._outgoing.read()

    def decrypted(self, received: bytes) -> tuple[bytes, bool]:
        """What the records that came carry, and whether the peer has said that nothing follows."""
        self._incoming.write(received)
        pieces = []
        try:
            while piece := self._tls.read(65_536):
                pieces.append(piece)
        except ssl.SSLWantReadError:
            return b"".join(pieces), False
        except ssl.SSLZeroReturnError:
            pass
        return b"".join(pieces), True
