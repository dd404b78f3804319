"""``python -m rehearsal`` is ``rehearse``."""

from __future__ import annotations

import sys


def entry() -> None:
    """Load the command line and run it. Loading takes a second, in which Ctrl-C is no traceback either."""
    try:
        from rehearsal import cli
    except KeyboardInterrupt:
        sys.exit(130)
    cli.entry()


if __name__ == "__main__":
    entry()
