"""The resilience matrix: every dependency of a night under every class of fault, in short cells.

A *dependency* is a group of links, or of systems, that citizens need in one respect, such as signing in. A
*cell* is one dependency with one fault for a few seconds, then time to recover. A *series* is one rehearsal
that carries many cells one after another.

==================  ==================================================================================
module              knows
==================  ==================================================================================
``dependencies``    the dependencies, from the topology
``cells``           which kinds of fault befall which dependency, with typical parameters
``pairs``           which two faults go together, so that few cells cover all pairs of choices
``layout``          how cells follow each other in series
``generating``      the scenario of a series
``playing``         a series played and observed, or found among those that were
``filling``         all of this, until the matrix is full
``command``         ``rehearse matrix``
==================  ==================================================================================

What is judged, and how it is shown, is in :mod:`reports.matrix`.
"""
