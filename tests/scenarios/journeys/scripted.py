"""A portal of a few scripted answers, for what the real mocks never answer."""

from __future__ import annotations

import fixtures
from scenarios.journeys.answer import Answer
from scenarios.journeys.testing import FakeVisitor, Request, arrival, json_answer, redirect
from tests.mocks.country import SEED
from tests.scenarios.journeys.memory import people


class Scripted:
    """Everybody is signed in; what a test does not script is answered with 500. Nothing is tried again."""

    def visitor(self, *, planned: int = 0, entrance: str = "national-portal") -> FakeVisitor:
        """Somebody who comes to this portal."""
        who = arrival(planned=planned, entrance=entrance, subject=11)
        self._dossier = people().dossier(who, with_fee=False)
        return FakeVisitor(self.ask, who, people=people(), seed=SEED)

    def ask(self, request: Request) -> Answer:
        """The answer to one request."""
        match request.step:
            case "home":
                return Answer(200)
            case "login":
                return redirect("http://vneid/oauth2/authorize", 302)
            case "identity-page":
                return json_answer({"request": "1"})
            case "identity-confirm":
                return redirect("http://national-portal/auth/callback", 302)
            case "callback":
                return json_answer(None, 303, {"Location": "/api/me/dossiers", "Set-Cookie": "session=1"})
            case "my-dossiers":
                return self.my_dossiers()
            case "form":
                return self.form(self._dossier)
            case _:
                return Answer(500)

    def my_dossiers(self) -> Answer:
        """The list of one's own dossiers."""
        return json_answer({"dossiers": []})

    def form(self, dossier: fixtures.Dossier) -> Answer:
        """The form for this dossier."""
        return json_answer({"procedure": {"MATTHC": dossier.procedure}, "person": None})
