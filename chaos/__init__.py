"""Links between systems, the faults that can befall them, and the Toxiproxy server that carries both.

Words, used the same way everywhere here: a *link* is one direction of calls, caller to callee, and is one
*proxy* of Toxiproxy; a *toxic* is what Toxiproxy adds to a proxy; *upstream* is the way of requests,
*downstream* the way of answers; a *fault* is what a citizen would call what went wrong, with its cure; an
*instance* is a fault under a name of its own.

===================  ==================================================================================
module               knows
===================  ==================================================================================
``finding``          where a Toxiproxy server can be had on this machine, and in which order to look
``building``         how to build one with the Go toolchain, and how to come by that toolchain
``container``        how to run one from its image
``server``           how to start one, know that it is ready, and be sure that it ends
``client``           how to speak to one, with a time limit on every call and no belief without reading back
``toxics``           which toxic attributes are legal (some values kill the server)
``links``            the links of one rehearsal: made, checked, hurt, healed, removed
``sharing``          who holds a link down, where faults overlap
``every``            how to do one thing to many links
``catalogue``        the kinds of fault: of links, of systems, of processes
``watchdog``         what must be undone when the rehearsal is killed, stopped or hangs
``deadlines``        by when
``undoing``          and how
``ports``, ``units`` free ports; durations as people write them
``fake``             a proxy in memory, for tests of whatever plays faults
===================  ==================================================================================

Errors, all of them ``ChaosError``::

    ChaosError
    ├── ToxiproxyUnavailable    no way to a server; says what was tried and how to fix it
    ├── ToxiproxyError          a call failed: names the call, the proxy, the status and the body
    ├── LinkError               something about named links: unknown, already there, not healed
    ├── ToxicError              a toxic that would be refused, ignored, or would kill the server
    └── PortsError              fewer free ports than asked for
"""
