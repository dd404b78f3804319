"""``python -m rehearsal``: the same as ``rehearse``."""

from rehearsal.cli import entry

entry()
