"""A portal that closes at T0: from then on it only shows the way to the national portal."""

from __future__ import annotations

from mocks.http import Answer, Refusal, Text
from mocks.system import System


class Closing(System):
    """Mixed into a portal that closes: who reads is sent on with 308, who submits is refused with 410."""

    kind = ""
    title = ""

    def owner_of_portal(self) -> Text:
        """Whose portal this is, in words."""
        raise NotImplementedError

    def gate(self, method: str, target: str) -> Answer | None:
        """From T0 on nothing here is served any more."""
        if not self.closed():
            return None
        return self.moved(target) if method in ("GET", "HEAD") else self.gone(target)

    def closed(self) -> bool:
        """Whether only the way is shown any more."""
        return self.after_t0()

    def moved(self, target: str) -> Answer:
        """The same page at the national portal."""
        return Answer(308, headers=(("Location", self.config.public["national-portal"] + target),))

    def gone(self, target: str) -> Answer:  # noqa: ARG002 - whatever it was
        """Refuses with 410 and says where to go."""
        owner = self.owner_of_portal()
        raise Refusal(
            410,
            "portal-closed",
            f"Cổng Dịch vụ công {owner.vi} đã đóng. Hồ sơ chưa được tiếp nhận. "
            "Vui lòng nộp tại Cổng Dịch vụ công quốc gia.",
            f"The portal of {owner.en} is closed. Your dossier was not taken. "
            "Please submit it at the National Public Service Portal.",
            headers=(("Link", f'<{self.config.public["national-portal"]}/>; rel="successor-version"'),),
        )
