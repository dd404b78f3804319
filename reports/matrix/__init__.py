"""The resilience matrix: journeys × dependencies × fault classes, judged from the runs that showed them.

===============  =====================================================================================
module           knows
===============  =====================================================================================
``files``        the files between the runs and the report, typed
``uses``         which journey uses which way how, from a run without faults
``observing``    what one run showed of each of its cells
``expectation``  the rule: what a fault may do to a journey, by the part that its dependency has in it
``judging``      what became of a cell: as expected or not, censored, not run
``model``        the matrix as one typed value
``building``     from the files of a matrix to that value
``words``        its words and symbols, in both languages
``rendering``    the page, the summary and the file for machines
===============  =====================================================================================

Only ``uses``, ``observing`` and ``rendering`` load pandas; ``rehearse matrix`` imports the others.
"""
