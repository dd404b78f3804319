"""``rehearse requirements``: which obligation of the directives is proved, and by what.

===============  =====================================================================================
module           knows
===============  =====================================================================================
``demanding``    everything that is demanded, who can show it, and who signs for the rest
``deadlines``    when it is due, where the directives disagree
``command``      the command line
===============  =====================================================================================

The evidence is read and judged by :mod:`reports.requirements`, in a process of its own.
"""
