"""Some submissions are refused as often as they are tried, and stored the first time."""

from __future__ import annotations

from mocks.defects.chance import struck
from mocks.http import Answer, Call, Refusal
from mocks.messages import Submission
from mocks.systems.national_portal import NationalPortal

ONE_IN = 20


class RefusesButStores(NationalPortal):
    """Fails between the commit and the answer."""

    async def submit(self, call: Call[Submission]) -> Answer:
        """It is done, and then it is said that it is not."""
        answer = await super().submit(call)
        if struck("refuses-but-stores", call.key, ONE_IN):
            raise Refusal(
                503,
                "not-taken",
                "Hồ sơ chưa được tiếp nhận, vui lòng thử lại sau.",
                "Your dossier was not taken; please try again later.",
                headers=(("Retry-After", "2"),),
            )
        return answer
