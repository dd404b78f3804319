"""What can go wrong with a run folder.

::

    ReportError
    ├── JournalError     a journal is damaged, or a row does not fit its schema
    └── RunFolderError   the folder is missing, incomplete or contradicts itself
"""

from __future__ import annotations


class ReportError(Exception):
    """Base of all errors of this package; its text is one message for the user."""


class JournalError(ReportError):
    """A journal cannot be read or written; names the file, and the line or column."""


class RunFolderError(ReportError):
    """A run folder cannot be reported on; names the file, the place, the value and what would be legal."""
