"""What a callee that refused has said."""

from __future__ import annotations

import msgspec

from mocks.caller import CallFailed
from mocks.http import Problem, Text


def problem_of(failure: CallFailed) -> Problem:
    """The problem that a callee stated, or one that says how the call failed."""
    try:
        return msgspec.json.decode(failure.body, type=Problem)
    except msgspec.DecodeError:
        return Problem(failure.status, failure.error, Text(str(failure), str(failure)))
