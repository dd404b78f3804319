"""``rehearse readiness``: is every province and every commune ready for the night?

::

    own country, or a target file ──► Desk: one request at a time gets a place and a slot
                                        ▲
    checks (one small object each) ─────┘──► cells.jsonl ──► reports.readiness

===============  =====================================================================================
module           knows
===============  =====================================================================================
``target``       where each system is, and whether it may be asked
``desk``         how systems are asked: politely, counted, and never further than the target says
``checks``       what is examined, one small object for each
``sweep``        all checks in all provinces, resumable
``own_country``  the mocks, started for a sweep
``toml_file``    how target files and files of gaps are read
``gap_file``     gaps that a file names
``planting``     gaps that are planted, and which finding each of them has to bring about
``command``      the command line
===============  =====================================================================================
"""
