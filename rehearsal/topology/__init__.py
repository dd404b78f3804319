"""The systems of the country, who calls whom, and what each system of a prepared country can carry.

The core, which is the way of a dossier::

    citizens ──► portal-OO (63) ──► case-PP (34) ◄── officials
        │             │                ▲  │
        │             ▼                │  ▼
        ├────────► vneid ◄──┐       lgsp-PP (34) ──► procedures
        │                   │          ▲  │              ▲
        ├────────► national-portal ────┘◄─┘              │
        │             │    │   └─────────────────────────┤
        └► payment ◄──┘    └──► population        national-portal

The whole country adds registers, trust services, documents, feeds and channels
(:mod:`rehearsal.topology.wider`). Every arrow is one link, called ``<caller>--<callee>``: a Toxiproxy proxy
of its own, which may fail alone.
Everything here is pure; the conductor finds free ports and hands them to :func:`assign`.
"""

from rehearsal.topology.kinds import CORE, DEFECTS, EXTENTS, PREPARED, Capacity, Extent, Kind
from rehearsal.topology.places import HOST, PlacedLink, Topology, assign, ports_needed
from rehearsal.topology.systems import (
    CITIZENS,
    OFFICIALS,
    Link,
    System,
    callees,
    case_system,
    case_system_of_old,
    defect_names,
    kinds,
    lgsp,
    link_names,
    links,
    portal,
    systems,
)

__all__ = [
    "CITIZENS",
    "CORE",
    "DEFECTS",
    "EXTENTS",
    "HOST",
    "OFFICIALS",
    "PREPARED",
    "Capacity",
    "Extent",
    "Kind",
    "Link",
    "PlacedLink",
    "System",
    "Topology",
    "assign",
    "callees",
    "case_system",
    "case_system_of_old",
    "defect_names",
    "kinds",
    "lgsp",
    "link_names",
    "links",
    "portal",
    "ports_needed",
    "systems",
]
