"""The matrix of obligations: what the directives demand, and what has been shown of it.

===============  =====================================================================================
module           knows
===============  =====================================================================================
``model``        what is demanded (``demands.json``), and the matrix as one typed value
``run_report``   of what the report of one run speaks
``notes``        what was left out, and why
``reading``      the newest evidence of every scenario and command in a folder of runs
``judging``      from both to the matrix: which obligation is proved, and by what
``words``        its words and symbols, in both languages
``rendering``    the page, the summary, the file for machines, and the sheet for signatures
===============  =====================================================================================

The rule. An obligation is spoken for by the newest run of each scenario that states it: by those of its
checks, objectives and faults that bear the obligation; and by the newest checks of commands that state it.
A verdict alone proves nothing. The worst counts: failed before proved. What was inconclusive proves nothing
and refutes nothing; where there is nothing else, the obligation was run without a conclusion.
"""
