"""Faults as they are played: what is due when, and what is done to links, to systems and to their processes.

::

    plan.faults ──► cues (pure) ──► rehearsal.fault_player ──► a hand for each place
                                                                 ├── links      chaos.links
                                                                 ├── systems    PUT /-/switches
                                                                 └── processes  signals, and a new start

A new place is one more :class:`~rehearsal.faults.hand.Hand`.
"""
