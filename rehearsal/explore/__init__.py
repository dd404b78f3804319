"""Looks for metastable failures: at which load, and after how long a fault, the country does not come back.

A system is *metastable* where a trigger brings it down and it stays down although the trigger is gone, kept
there by a sustaining effect such as its own retries (N. Bronson, A. Aghayev, A. Charapko, T. Zhu, "Metastable
failures in distributed systems", HotOS 2021; L. Huang et al., "Metastable failures in the wild", OSDI 2022).
The higher the load, the smaller the trigger that suffices::

    length of the                ●  stays down
    trigger       \\              ○  recovers
                   \\    ●  ●
                ○   `.              ¦ capacity
                      `-.  ●   ●    ¦
                ○    ○   `-.__      ¦
                   stable ¦ vulnerable → load

A probe is one whole rehearsal at a constant load with one fault of a certain length, judged afterwards from
its journals. A bisection over both finds the line between the two kinds of probes; another finds how far the
load must be lowered before a country that is down heals.

===============  ==========================================================================
``search``       where to probe next, and what the probes so far say (pure)
``judging``      what one probe showed (pure)
``thinning``     the plan of a probe: every probe gets a part of the same visitors (pure)
``evidence``     what the journals of a probe say
``storm``        the theory of one sustaining effect: unbounded retries before a queue
``exploring``    from one probe to the next, each kept as soon as it is known
===============  ==========================================================================
"""
