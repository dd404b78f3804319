"""Reads HTTP/1.1 responses of one connection, as bytes come in. Knows no sockets."""

from __future__ import annotations

import httptools

Fields = tuple[tuple[bytes, bytes], ...]


class Malformed(Exception):  # noqa: N818 -- the transport turns it into its ProtocolError
    """The bytes are no HTTP response."""


class ResponseParser:
    """One response after the other; ``expect`` begins the next.

    The end of a response is known in one of three ways (RFC 9112, section 6.3)::

        chunked          ...0 CRLF CRLF        complete, the connection can be kept
        content-length   ...last byte          complete, the connection can be kept
        neither          ...the peer closes    complete with the end of the stream

    Interim answers (1xx) are skipped. An answer to HEAD ends with its headers; llhttp cannot be told so,
    therefore the connection is not reused after one. Bytes behind a complete response (``surplus``) were
    not asked for: the response stands, the connection is not reused.
    """

    def __init__(self) -> None:
        self._llhttp = httptools.HttpResponseParser(self)
        self.expect()

    def expect(self, *, head: bool = False) -> None:
        """Begin the next response; ``head`` where the request was a HEAD."""
        self.status = 0
        self.complete = False
        self.keep_alive = False
        self.surplus = False
        self._head = head
        self._clear()

    def _clear(self) -> None:
        self._fields: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._headers_done = False

    @property
    def fields(self) -> Fields:
        """The header fields in their order."""
        return tuple(self._fields)

    @property
    def body(self) -> bytes:
        """The content so far, without any transfer coding."""
        return self._body[0] if len(self._body) == 1 else b"".join(self._body)

    def feed(self, data: bytes) -> None:
        """Read what came. Raises :class:`Malformed`."""
        try:
            self._llhttp.feed_data(data)
        except httptools.HttpParserUpgrade as error:
            raise Malformed("the peer switched protocols") from error
        except httptools.HttpParserError as error:
            if not self.complete:
                raise Malformed(str(error) or type(error).__name__) from error
            self.surplus = True

    def end_of_stream(self) -> bool:
        """The peer closed: True where that completes the response, False where the response is cut off."""
        if not self.complete and self._headers_done and not self._is_delimited():
            self.complete = True
        return self.complete

    def _is_delimited(self) -> bool:
        """Whether the head says where the content ends."""
        for name, value in self._fields:
            lower = name.lower()
            if lower == b"content-length":
                return True
            if lower == b"transfer-encoding" and value.lower().rstrip().endswith(b"chunked"):
                return True
        return False

    # called by httptools

    def on_message_begin(self) -> None:
        """A response begins: the expected one, or surplus behind it."""
        if self.complete:
            self.surplus = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header field."""
        if not self.complete:
            self._fields.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is complete."""
        if self.complete:
            return
        self.status = self._llhttp.get_status_code()
        self._headers_done = self.status >= 200
        if self._head and self._headers_done:
            self.complete = True

    def on_body(self, data: bytes) -> None:
        """A piece of content."""
        if not self.complete:
            self._body.append(data)

    def on_message_complete(self) -> None:
        """The response is complete, unless it was an interim one."""
        if self.complete:
            return
        if self.status < 200:
            self._clear()
            return
        self.complete = True
        self.keep_alive = self._llhttp.should_keep_alive()
