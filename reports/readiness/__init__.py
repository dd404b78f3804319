"""The readiness of the country: a matrix of provinces × checks, from the journal of a sweep.

===============  =====================================================================================
module           knows
===============  =====================================================================================
``model``        the files of a sweep, and the matrix as one typed value
``building``     from the files to that value, with what has changed since the sweep before
``telling``      what the files show, in sentences
``words``        its words and symbols, in both languages
``rendering``    the page, the summary, the file for machines, and JUnit for CI
===============  =====================================================================================

Only ``rendering`` loads what draws; ``rehearse readiness`` imports the others.
"""
