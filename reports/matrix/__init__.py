"""The resilience matrix: journeys × dependencies × fault classes, judged from the runs that showed them.

==============  ======================================================================================
module          knows
==============  ======================================================================================
``files``       the files between the runs and the report, typed
``expectation`` what a fault may do to a journey, by the part that the dependency has in it: the rule
``uses``        which journey uses which link how, from a quiet stretch of a run
``observing``   what one run showed of each of its cells
``model``       the matrix as one typed value
``building``    from the files of a matrix to that value
``rendering``   the page, the summary and the file for machines
==============  ======================================================================================

Importing this package, ``files`` and ``expectation`` loads no pandas.
"""
