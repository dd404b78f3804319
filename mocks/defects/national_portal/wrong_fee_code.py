"""Some dossiers get the fee code of something else: receipt, order and charge agree on the wrong amount."""

from __future__ import annotations

import msgspec

import fixtures
from mocks.dossiers import Held
from mocks.http import Call
from mocks.messages import Attached, Essentials, ProcedureRow, Submission
from mocks.systems.national_portal import NationalPortal
from mocks.tokens import Session

SHARE = 1 / 8


class WrongFeeCode(NationalPortal):
    """Slips by a line in the table of fees."""

    def new_dossier(
        self,
        call: Call[Submission],
        session: Session,
        asked: Essentials,
        row: ProcedureRow,
        files: list[Attached],
    ) -> Held:
        """What costs something costs something else, perhaps."""
        held = super().new_dossier(call, session, asked, row, files)
        if held.fee_code and self.rng.random() < SHARE:
            wrong = next(each for each in fixtures.fees() if each.amount != held.fee)
            held = msgspec.structs.replace(held, fee=wrong.amount, fee_code=wrong.code)
        return held
