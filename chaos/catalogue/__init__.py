"""The kinds of fault in the citizen's terms: what goes wrong between, and inside, the systems of a country.

A kind is one small file and one line in ``KINDS`` below. How to write one for links, starting from the
smallest, ``nothing.py``:

1. Copy ``nothing.py``. It is a whole fault: what it is called, what it means to a citizen, in what colour it
   is drawn, whether the callee still executes a write, and the two methods ``apply`` and ``cure``.
2. Add its parameters as pydantic fields with bounds and a default; durations are ``units.Duration``.
3. Choose its way (``ways.py``): ``ByToxics`` where toxics do it, then write ``toxics()`` instead of the two
   methods, and make each with ``self.toxic``; ``BySevering`` where the link is down, then write nothing more.
   Only what is neither, such as ``reset.py``, needs methods of its own: both return the state as read back
   from the server, and ``cure`` must do no harm where ``apply`` failed half-way or never ran.
4. Where it changes with time, write ``stages``: other faults, one after the other, each ``named`` like the
   whole (``flapping.py``, ``brown_out.py``). The ``cure`` of the whole takes off what any stage put on.
5. Add the line to ``KINDS``, and rows to ``tests/chaos/test_conformance.py``, which holds it, against a real
   server, to three questions: is a write executed, what does the caller see, and what comes after the cure?

A fault of a system (``errors.py``) or of its process (``killed.py``) is a pure description: which switch of
the system is turned, or which signal is sent. Others perform it.

Several faults may be on one link, also of one kind: ``Links`` gives each toxics of its own, by the name of
the instance, and opens a severed link again when the last that severs it is cured.

What to know of Toxiproxy before inventing one:

* ``latency`` delays bytes, never the connecting;
* ``toxicity`` is rolled once per connection: "a tenth of the requests" cannot be said;
* ``reset_peer`` touches only connections opened after it came: ``reset.py`` therefore closes the open ones;
* removing a ``timeout`` toxic closes the connections it held, so what it swallowed never arrives late;
* ``bandwidth`` and ``latency`` hold bytes and let them go when removed: what they held does arrive late;
* the toxics of a stream stand in line, in the order in which they came. ``bandwidth`` and ``slicer`` hold by
  not reading: the removal of a toxic right before one hangs, and the whole server with it. ``latency`` reads
  on (1,024 chunks), so a fault puts one of its own before those two, and removes its last toxic first;
* a toxic that comes or goes makes the one before it in line let go of the chunk that it is holding: where
  faults overlap, one request or answer of each connection may arrive early.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chaos.catalogue.acknowledgement_lost import AcknowledgementLost
from chaos.catalogue.brown_out import BrownOut
from chaos.catalogue.cut import Cut
from chaos.catalogue.duplicate_delivery import DuplicateDelivery
from chaos.catalogue.errors import Errors
from chaos.catalogue.errors_after import ErrorsAfter
from chaos.catalogue.fault import (
    Bilingual,
    Executes,
    Fault,
    LinkFault,
    Place,
    ProcessFault,
    Proxy,
    Stage,
    Switch,
    SystemFault,
)
from chaos.catalogue.flapping import Flapping
from chaos.catalogue.frozen import Frozen
from chaos.catalogue.jitter import Jitter
from chaos.catalogue.killed import Killed
from chaos.catalogue.nothing import Nothing
from chaos.catalogue.one_direction import OneDirection
from chaos.catalogue.partition import Partition
from chaos.catalogue.reordered import Reordered
from chaos.catalogue.request_lost import RequestLost
from chaos.catalogue.reset import Reset
from chaos.catalogue.restarted import Restarted
from chaos.catalogue.says_not_found import SaysNotFound
from chaos.catalogue.slow import Slow
from chaos.catalogue.thin_line import ThinLine
from chaos.catalogue.throttled import Throttled
from chaos.catalogue.truncated import Truncated
from chaos.catalogue.zombie import Zombie

KINDS: Mapping[str, type[Fault]] = MappingProxyType(
    {
        # links
        "nothing": Nothing,
        "cut": Cut,
        "request-lost": RequestLost,
        "acknowledgement-lost": AcknowledgementLost,
        "zombie": Zombie,
        "slow": Slow,
        "jitter": Jitter,
        "thin-line": ThinLine,
        "truncated": Truncated,
        "reset": Reset,
        "flapping": Flapping,
        "one-direction": OneDirection,
        "partition": Partition,
        "brown-out": BrownOut,
        # systems
        "errors": Errors,
        "throttled": Throttled,
        "errors-after": ErrorsAfter,
        "duplicate-delivery": DuplicateDelivery,
        "reordered": Reordered,
        "says-not-found": SaysNotFound,
        # processes
        "killed": Killed,
        "frozen": Frozen,
        "restarted": Restarted,
    }
)
"""Every kind by the name that scenario files use."""

__all__ = [
    "KINDS",
    "Bilingual",
    "Executes",
    "Fault",
    "LinkFault",
    "Place",
    "ProcessFault",
    "Proxy",
    "Stage",
    "Switch",
    "SystemFault",
]
