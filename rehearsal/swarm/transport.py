"""What an exchange over a connection is: its bounds, what is known of it, and how it can fail.

General clients retry, follow, decode and pool; each of these would falsify a measurement or cost more than
the request itself. Here a request is sent once and one complete answer is awaited::

    TransportError
    ├── ConnectFailed     no connection; not a byte was sent
    ├── ConnectionReset   the peer or the network ended the connection before the answer was complete
    ├── TimedOut          the answer was not complete in time
    ├── ProtocolError     what came is no HTTP response
    └── TooLarge          the answer is larger than allowed

    Exhausted             this machine has no descriptor or port left: the generator's fault, no sample

:mod:`rehearsal.swarm.connection` is the lean way, HTTP/1.1 with or without TLS; :mod:`rehearsal.swarm.stock`
the slow one for what that does not speak.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rehearsal.swarm.parsing import Fields


class TransportError(Exception):
    """No complete answer. ``code`` is the error as it stands in the samples."""

    code: ClassVar[str]


class ConnectFailed(TransportError):  # noqa: N818 -- named as the condition is named
    """No connection came about; not a byte was sent."""

    code = "connect"


class ConnectionReset(TransportError):  # noqa: N818 -- named as the condition is named
    """The connection ended before the answer was complete."""

    code = "reset"


class TimedOut(TransportError):  # noqa: N818 -- named as the condition is named
    """The answer was not complete in time."""

    code = "timeout"


class ProtocolError(TransportError):
    """What came is no HTTP response."""

    code = "protocol"


class TooLarge(TransportError):  # noqa: N818 -- named as the condition is named
    """The answer is larger than allowed."""

    code = "too-large"


class Exhausted(Exception):  # noqa: N818 -- named as the condition is named
    """This machine has no file descriptor, port or memory left for a connection."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one exchange: seconds to connect, seconds from then to the complete answer, bytes of it."""

    connect: float
    answer: float
    size: int = 16 * 2**20


class Exchange:
    """What is known of one exchange, filled in as it happens: readable after any exception.

    ``began`` is taken right before the first packet that serves this request: that of the connection where
    a new one is needed, else of the request. Instants are nanoseconds of ``CLOCK_MONOTONIC``.
    """

    __slots__ = ("began", "bytes_received", "bytes_sent", "done")

    def __init__(self) -> None:
        self.began = 0
        self.done = 0
        self.bytes_sent = 0
        self.bytes_received = 0


class Response(NamedTuple):
    """A complete response."""

    status: int
    fields: Fields
    body: bytes
