"""What a system answers its operator below ``/-/``: the shapes, for both ends.

The paths are in :mod:`mocks.system`. Nothing is imported here but the encoding, so that whoever asks need
not load a mock.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal

import msgspec


class Stored(msgspec.Struct, frozen=True):
    """One durable record, as the reconciliation reads it (columns of ``stored.arrow``)."""

    system: str
    kind: str
    record: str
    intent: str = ""
    dossier: str = ""
    province: str = ""
    commune: str = ""
    procedure: str = ""
    status: int = 0
    history: str = ""
    digest: str = ""
    amount: int = 0
    at: int = 0
    stamped: int = 0
    receipt: str = ""
    files: int = 0


class PageQuery(msgspec.Struct, frozen=True):
    """Which page of the stored records."""

    offset: Annotated[int, msgspec.Meta(ge=0)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1)] = 2000


class StoredPage(msgspec.Struct, frozen=True):
    """A page of records; ``next`` is the offset of the following page, -1 at the end."""

    records: list[Stored]
    next: int


class Health(msgspec.Struct, frozen=True):
    """Who answers at this address."""

    system: str
    kind: str
    ready: bool


class Backlog(msgspec.Struct, frozen=True):
    """What keeps a system from being at rest; messages that were refused for good, ``set_aside``, do not."""

    undelivered: int = 0
    open: int = 0
    set_aside: int = 0


class CountersReport(msgspec.Struct, frozen=True):
    """The station's counters; seconds of service, numbers of requests."""

    requests: int
    served: int
    refused: int
    busy_seconds: float
    queue_peak: int


class Clock(msgspec.Struct, frozen=True):
    """Where the cutover minute lies."""

    t0_monotonic_ns: int


class ClockReading(msgspec.Struct, frozen=True):
    """The answer to a clock: T0 as it was taken, and the two middle timestamps of a four-timestamp exchange.

    With the asker's own instants of sending and hearing they give the offset of the two clocks, and how far
    it may be wrong (RFC 5905, section 8).
    """

    t0_monotonic_ns: int
    received_monotonic_ns: int
    answered_monotonic_ns: int
    received_unix_ns: int


SwitchKind = Literal[
    "errors", "throttled", "errors-after", "duplicate-delivery", "reordered", "says-not-found"
]
"""How a system can be made to misbehave; what each kind does stands in :mod:`mocks.switches`."""
_ERRORS = frozenset(each.value for each in HTTPStatus if each >= 400)


class Switch(msgspec.Struct, frozen=True):
    """One fault of a system.

    ``until_monotonic_ns`` is when it takes itself off (``CLOCK_MONOTONIC``), ``share`` that of the requests
    or messages it meets, ``status`` what ``errors`` and ``errors-after`` answer (0: 500), ``spread`` for how
    many seconds ``reordered`` holds a request at most.
    """

    name: str
    kind: SwitchKind
    until_monotonic_ns: int
    status: int = 0
    share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    spread: Annotated[float, msgspec.Meta(ge=0)] = 0.0

    def __post_init__(self) -> None:
        if self.status and self.status not in _ERRORS:
            raise ValueError(f"status {self.status} is no error of HTTP; legal are 0 and, say, 500 or 503")


class SwitchSet(msgspec.Struct, frozen=True):
    """The switches of a system that are on, all of them."""

    switches: list[Switch]
