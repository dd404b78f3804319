"""What may be sent to Toxiproxy as a toxic.

The server checks almost nothing: an unknown attribute is ignored, a missing one is 0, and some values end
the whole process and with it every link of the rehearsal. So every toxic passes ``check`` first.
The bounds are ours unless a reason is given; the reasons were read in the server's source, version 2.12.0.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from chaos.errors import ToxicError

Stream = Literal["upstream", "downstream"]
"""upstream: the way of requests; downstream: the way of answers."""


class Toxic(BaseModel):
    """One toxic of a proxy, as it is sent and as it is read back.

    Attributes:
        attributes: whole numbers, in the units of ``ATTRIBUTES``.
        toxicity: share of connections it touches, rolled once per connection and direction, never per
            request: a pool of kept-alive connections stays good or bad.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    type: str
    stream: Stream = "downstream"
    toxicity: float = 1.0
    attributes: Mapping[str, int]


def name_of(fault: str, type_: str, stream: Stream) -> str:
    """Name of the toxic of that type and stream that a fault instance adds: ``evening.latency.upstream``."""
    return f"{fault}.{type_}.{stream}"


def is_of(toxic: str, fault: str) -> bool:
    """Whether the toxic of that name was added by the fault instance ``fault``."""
    return toxic.partition(".")[0] == fault


class Bounds(NamedTuple):
    """Least and greatest legal value of an attribute, and its unit."""

    least: int
    greatest: int
    unit: str


_HOLD = Bounds(0, 3_600_000, "ms")  # an hour: jitter * 2 must not overflow, rand.Int63n panics below 1

ATTRIBUTES: Mapping[str, Mapping[str, Bounds]] = {
    "latency": {"latency": _HOLD, "jitter": _HOLD},
    # a negative rate slices out of range; 0 never ends with a chunk, and hangs the server at the next change
    "bandwidth": {"rate": Bounds(1, 10_000_000, "KB/s")},
    "slow_close": {"delay": _HOLD},
    "timeout": {"timeout": _HOLD},  # 0: a black hole that never closes
    "reset_peer": {"timeout": _HOLD},
    "slicer": {
        "average_size": Bounds(1, 1_048_576, "B"),  # 0 recurses without end
        "size_variation": Bounds(0, 1_048_575, "B"),
        "delay": Bounds(0, 1_000_000, "µs"),
    },
    "limit_data": {"bytes": Bounds(0, 1_000_000_000_000, "B")},
}
"""Attributes of every type; each must be given, because a default of 0 is seldom meant."""


def check(toxic: Toxic) -> None:
    """Let a toxic pass that is safe to send.

    Raises:
        ToxicError: names the toxic, the value and what would be legal.
    """
    what = f"toxic {toxic.name!r}"
    if not toxic.name:
        raise ToxicError("a toxic without a name cannot be removed again: give it one")
    if toxic.type not in ATTRIBUTES:
        raise ToxicError(f"{what}: unknown type {toxic.type!r}; {_nearest(toxic.type, ATTRIBUTES)}")
    if not 0 < toxic.toxicity <= 1:
        raise ToxicError(f"{what}: toxicity {toxic.toxicity} is not above 0 and at most 1")
    legal = ATTRIBUTES[toxic.type]
    for attribute in toxic.attributes:
        if attribute not in legal:
            raise ToxicError(f"{what}: {toxic.type} has no {attribute!r}; {_nearest(attribute, legal)}")
    for attribute, bounds in legal.items():
        if attribute not in toxic.attributes:
            raise ToxicError(f"{what}: {toxic.type} lacks {attribute!r}, {_range(bounds)}")
        value = toxic.attributes[attribute]
        if not bounds.least <= value <= bounds.greatest:
            raise ToxicError(f"{what}: {attribute} = {value} is not {_range(bounds)}")
    if toxic.type == "slicer" and toxic.attributes["size_variation"] >= toxic.attributes["average_size"]:
        raise ToxicError(
            f"{what}: size_variation = {toxic.attributes['size_variation']} is not below "
            f"average_size = {toxic.attributes['average_size']}: a slice could have no bytes"
        )


def _range(bounds: Bounds) -> str:
    return f"between {bounds.least} and {bounds.greatest} {bounds.unit}"


def _nearest(name: str, legal: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, legal, n=1)
    return f"did you mean {close[0]!r}?" if close else f"legal are {', '.join(legal)}"
