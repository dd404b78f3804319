"""How a command of this package ends: the exit codes that whoever started it relies on."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping

import click

from reports.errors import ReportError
from reports.finding import Outcome

EXIT_CODES: Mapping[Outcome, int] = {"met": 0, "missed": 1, "inconclusive": 3}
UNUSABLE = 2
OWN_FAULT = 70


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Ends the process with one sentence and its code where what is done inside fails.

    Left to Python, whatever was not foreseen would end with 1, which says that a requirement was missed.
    """
    try:
        yield
    except ReportError as error:
        _end(f"error: {error}", UNUSABLE)
    except OSError as error:
        where = f"{error.filename2 or error.filename}: " if error.filename else ""
        _end(f"error: {where}cannot be read or written ({error.strerror or error})", UNUSABLE)
    except Exception as error:
        told = f"internal error: {type(error).__name__}: {error}; this is a fault of the reports"
        _end(told, OWN_FAULT)


def _end(told: str, code: int) -> None:
    click.echo(told, err=True)
    sys.exit(code)
