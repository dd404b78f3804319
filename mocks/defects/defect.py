"""What is said of a defect before it is planted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mocks.http import Text

Needs = Literal["", "restart", "lost-acknowledgement", "cut", "slow-catalogue", "whole-country"]
"""What must happen in a run before a defect shows at all; "" for one that shows in any run.

========================  ==============================================================================
``restart``               the portal is killed and started again; before that, and until after it,
                          acknowledgements of submissions are lost and a province is cut off
``lost-acknowledgement``  what was done is not heard of by a citizen, a platform or the portal, who
                          repeats it: submissions, deliveries to case systems, charges
``cut``                   several provinces and the payment platform cannot be reached for a while
``slow-catalogue``        the database of procedures answers later than its callers wait, for longer
                          than they keep a copy
``whole-country``         the systems beside the way of a dossier are there
========================  ==============================================================================
"""


@dataclass(frozen=True, slots=True)
class Defect:
    """One way in which a system of one ``kind`` may be wrong.

    ``title`` says what the system does, as the rest of a sentence that begins with its name; ``breaks`` is
    the promise that is broken. The code is the class that is called like the defect, in a module that is
    called like it, in the package of its kind.
    """

    name: str
    kind: str
    title: Text
    breaks: Text
    needs: Needs = ""
