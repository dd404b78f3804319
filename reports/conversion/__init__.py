"""Whether a conversion kept everything: the old systems' files held against the new ones', by the rule.

::

    SOURCE/<old province>/dossiers.arrow  attachments  results  units  accounts  procedures    \
    TARGET/<new province>/...             the same six                                          > findings
    RULE/provinces.arrow  wards  hamlets  communes  procedures  agencies                       /

Columns: :mod:`reports.conversion.schema`. What the target must hold is computed from the source and the rule
(:mod:`~reports.conversion.expecting`); counts and checksums of each province come first, and where they
differ every field is compared. What was planted, if anything was, is not known here.
"""

from __future__ import annotations
