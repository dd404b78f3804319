"""A portal as a citizen uses it: the old provincial one, or the national one it leads to.

From T0 on an old portal answers every page with 308 to the national portal and keeps the deep link. A
visitor in the middle of something goes along: from then on the site *is* the national portal.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from scenarios.journeys.answer import Answer, Check
from scenarios.journeys.visitor import Visitor

NATIONAL = "national-portal"
MOVED = 308

Confirm = Callable[[str], Answer]
"""Confirms the request of a sign-in page; the answer sends the browser back to the portal."""


class Site:
    """One visitor at one portal. ``system`` is the portal's name; it changes when the portal has moved.

    Which portal that is, the arrival says; ``at`` names another that closes at T0.
    """

    def __init__(self, visitor: Visitor, *, national_only: bool = False, at: str = "") -> None:
        self.visitor = visitor
        arrival = visitor.arrival
        self._cookie = ""
        self._citizen_id = ""
        old = arrival.entrance in ("provincial-portal", "old-bookmark") and not national_only
        self.system = at or (f"portal-{arrival.old_province}" if old else NATIONAL)

    @property
    def is_old(self) -> bool:
        """Whether the visitor is still at a provincial portal."""
        return self.system != NATIONAL

    @property
    def headers(self) -> dict[str, str]:
        """What the browser sends along: the session, once there is one."""
        return {"Cookie": self._cookie} if self._cookie else {}

    def enter(self, procedure: str) -> None:
        """Come to the portal: by an old bookmark of a procedure's form, or by the front page."""
        if self.visitor.arrival.entrance == "old-bookmark" and self.is_old:
            self.get("bookmark", "/nop-ho-so?" + urlencode(_bookmark(procedure)), check=_is(procedure))
        else:
            self.get("home", "/")

    def get(
        self, step: str, path: str, *, expect: tuple[int, ...] = (200,), check: Check | None = None
    ) -> Answer:
        """Read one page, wherever it is now."""
        if not self.is_old:
            return self.visitor.request(
                step, self.system, "GET", path, headers=self.headers, expect=expect, check=check
            )
        if self.visitor.after_t0:
            moved = self.visitor.request(
                "old-portal", self.system, "GET", path, expect=(MOVED,), check=_keeps(path)
            )
        else:
            # the portal may close while the request is on its way
            def right(answer: Answer) -> str | None:
                if answer.status == MOVED:
                    return _keeps(path)(answer) if self.visitor.after_t0 else "closed-early"
                return check(answer) if check is not None else None

            answer = self.visitor.request(
                step, self.system, "GET", path, headers=self.headers, expect=(*expect, MOVED), check=right
            )
            if answer.status != MOVED:
                return answer
            moved = answer
        was_signed_in = bool(self._cookie)
        self.move()
        if was_signed_in:  # the page needs a session, and that of the old portal means nothing here
            self.sign_in(self._citizen_id)
            return self.get(step, path, expect=expect, check=check)
        return self.visitor.follow(step, moved, expect=expect, check=check)

    def move(self) -> None:
        """Go on at the national portal; the session of the old one means nothing there."""
        self.system = NATIONAL
        self._cookie = ""

    def sign_in(self, citizen_id: str, *, confirm: Confirm | None = None) -> None:
        """Sign in with VNeID and see one's own dossiers; does nothing for somebody who is signed in.

        ``confirm`` is another way to confirm the sign-in than by the application.
        """
        if self._cookie:
            return
        self._citizen_id = citizen_id
        visitor = self.visitor
        login = self.get("login", "/auth/login", expect=(302,))
        page = visitor.follow("identity-page", login)
        visitor.think(2, 8)
        request = page.field("request")
        confirmed = confirm(request) if confirm else self._in_the_application(request, citizen_id)
        back = visitor.follow("callback", confirmed, expect=(303, MOVED), check=_opens_session)
        if back.status == MOVED:  # the old portal closed between the two halves of the sign-in
            self.move()
            self.sign_in(citizen_id, confirm=confirm)
            return
        self._cookie = back.headers.get("set-cookie").partition(";")[0]
        self.get("my-dossiers", back.location, check=_lists_dossiers)

    def _in_the_application(self, request: str, citizen_id: str) -> Answer:
        """Confirm a sign-in in VNeID's application."""
        return self.visitor.request(
            "identity-confirm",
            "vneid",
            "POST",
            "/oauth2/authorize",
            json={"request": request, "citizen_id": citizen_id},
            expect=(302,),
        )


def _bookmark(procedure: str) -> dict[str, str]:
    """The query of a form's old address; the local code carries the national one in front."""
    return {"MaTTHCDP": f"{procedure}.000.00.00.H99", "MaCoQuanThucHien": "H99.99", "vnconnect": "1"}


def _is(procedure: str) -> Check:
    return lambda answer: None if answer.field("MATTHC") == procedure else "procedure"


def _keeps(path: str) -> Check:
    """The redirect leads to the same path and query elsewhere."""

    def check(answer: Answer) -> str | None:
        there = urlsplit(answer.location)
        kept = there.path + (f"?{there.query}" if there.query else "")
        return None if kept == path else "deep-link"

    return check


def _lists_dossiers(answer: Answer) -> str | None:
    return None if all(row["code"] for row in answer.field("dossiers")) else "list"


def _opens_session(answer: Answer) -> str | None:
    if answer.status == MOVED:
        return None
    return None if answer.headers.get("set-cookie").startswith("session=") else "session"
