"""What a callee that refused has said, and whether it will say the same the next time."""

from __future__ import annotations

import msgspec

from mocks.caller import CallFailed
from mocks.http import Problem, Text

REFUSALS_FOR_GOOD = frozenset({400, 409, 410, 422})
"""Answers to what is sent, not to when: malformed, in conflict, of a unit that is gone, not acceptable.

A refusal with 401 or 403 is not among them, for a session or a connection may still be made, and neither are
429 and what begins with 5.
"""
NO_SUCH, NO_SUCH_PATH = "no-such-", "no-such-path"
"""How the code of a 404 begins that names what is missing; a path is missing where an address is wrong."""
REMEDIABLE = frozenset({"certificate-expired", "certificate-old-name", "certificate-revoked"})
"""Refusals for good until somebody remedies what they name: who was refused may look whether that is done."""


def problem_of(failure: CallFailed) -> Problem:
    """The problem that a callee stated, or one that says how the call failed."""
    try:
        return msgspec.json.decode(failure.body, type=Problem)
    except msgspec.DecodeError:
        return Problem(failure.status, failure.error, Text(str(failure), str(failure)))


def for_good(failure: CallFailed) -> bool:
    """Whether the same message will be refused however often it is sent.

    A 404 counts only where the callee says of which thing it knows nothing: any other may come from a
    gateway, or from a system that is being put up.
    """
    code = problem_of(failure).code
    if failure.status == 404:
        return code.startswith(NO_SUCH) and code != NO_SUCH_PATH
    return failure.status in REFUSALS_FOR_GOOD
