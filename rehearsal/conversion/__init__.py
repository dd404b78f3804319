"""``rehearse conversion``: what 63 provinces hold becomes what 34 hold, and is held against it.

A generator makes what the old systems held (:mod:`~rehearsal.conversion.generating`), a converter of the
mock country applies the rule of :mod:`fixtures.conversion` (:mod:`~rehearsal.conversion.converting`), faults
can be planted on its work (:mod:`~rehearsal.conversion.faults`), and :mod:`reports.conversion` reconciles,
knowing the files alone. Vendors put their own files in the place of both sides.
"""

from __future__ import annotations
