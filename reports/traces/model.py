"""What a trace says."""

from __future__ import annotations

from typing import Literal

import msgspec

from reports.text import Text

End = Literal["done", "refused", "failed", "lost-answer", "not-done", "kept"]
"""How a step ended. done: right answer; refused: a clear no; failed: an error; lost-answer: the callee did it
and the caller never heard; not-done: it never reached the callee; kept: a record came to be in a store."""


class Step(msgspec.Struct, frozen=True):
    """One step: ``at`` (seconds relative to T0) ``who`` asked ``whom`` for ``what``, and how that ended.

    ``link`` is "" for a record that a system keeps; ``fault`` names the fault that was on the link. ``wrong``
    marks the step that should not have been: a second record of what is to be kept once.
    """

    at: float
    lasted: float
    who: Text
    whom: Text
    link: str
    what: Text
    attempt: int
    end: End
    told: Text
    fault: str = ""
    fault_title: Text = Text()
    wrong: bool = False


class Trace(msgspec.Struct, frozen=True):
    """The way of one dossier that breaks a rule of the ledger; ``so`` is what follows from it."""

    violation: str
    title: Text
    record: str
    intent: str
    province: str
    steps: list[Step]
    so: Text
