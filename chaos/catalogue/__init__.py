"""The kinds of fault that a link can suffer.

A kind is one small file and one line in ``KINDS`` below. How to write one, starting from the smallest,
``nothing.py``:

1. Copy ``nothing.py``. It is a whole fault: what it is called, what it means to a citizen, in what colour it
   is drawn, whether the callee still executes a write, and the two methods ``apply`` and ``cure``.
2. Add its parameters as pydantic fields with bounds; durations are ``units.Duration``.
3. ``apply(proxy)`` does it to one proxy, ``cure(proxy)`` undoes it, and both return the state as read back
   from the server. Name a toxic after your kind, so that two kinds can be on one link at once; one kind can
   be on a link only once at a time. ``cure`` must do no harm where ``apply`` failed half-way or never ran.
4. Add the line to ``KINDS``. ``tests/chaos/test_catalogue.py`` then holds it, against a real server, to what
   it says about itself: give it a row there with what a caller sees.

What to know of Toxiproxy before inventing one:

* ``latency`` delays bytes, never the connecting;
* ``toxicity`` is rolled once per connection: "a tenth of the requests" cannot be said;
* ``reset_peer`` touches only connections opened after it came: ``reset.py`` therefore closes the open ones;
* removing a ``timeout`` toxic closes the connections it held, so what it swallowed never arrives late;
* ``bandwidth`` 0 and ``latency`` hold bytes and let them go when removed: what they held does arrive late.

A fault that changes with time (flapping, a growing brown-out) is a fault whose ``apply`` can be called with
other parameters one after the other: its schedule is data of its own and needs no third method here.
A partition is one fault on several links.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chaos.catalogue.acknowledgement_lost import AcknowledgementLost
from chaos.catalogue.cut import Cut
from chaos.catalogue.fault import Bilingual, Executes, Fault, Proxy
from chaos.catalogue.nothing import Nothing
from chaos.catalogue.request_lost import RequestLost
from chaos.catalogue.reset import Reset
from chaos.catalogue.slow import Slow

KINDS: Mapping[str, type[Fault]] = MappingProxyType(
    {
        "nothing": Nothing,
        "cut": Cut,
        "slow": Slow,
        "request-lost": RequestLost,
        "acknowledgement-lost": AcknowledgementLost,
        "reset": Reset,
    }
)
"""Every kind by the name that scenario files use."""

__all__ = ["KINDS", "Bilingual", "Executes", "Fault", "Proxy"]
