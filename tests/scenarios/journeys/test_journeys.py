"""Every journey against the real mocks: before the cutover minute, after it, and in the minute itself.

The country is in memory and time is virtual. "In the minute itself" means: once for every request of the
journey, with T0 while that request is on its way, and once with T0 in the pause before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import fixtures
from scenarios.journeys import JOURNEYS, sign_in, submit_dossier, try_closed_procedure
from scenarios.journeys.answer import Answer
from scenarios.journeys.playbook import PLAYBOOK
from scenarios.journeys.submit_and_pay import LOOKS
from scenarios.journeys.testing import Request, arrival, json_answer
from scenarios.journeys.visitor import Arrival, GaveUp
from tests.mocks.citizen import Citizen
from tests.mocks.country import Country, running
from tests.scenarios.journeys.memory import TRANSIT, Visit
from tests.scenarios.journeys.scripted import Scripted
from tests.virtual_time import SECOND

CITIZENS = [name for name, journey in JOURNEYS.items() if journey.actor == "citizen" and not journey.whole]
ENTRANCES = ["provincial-portal", "national-portal", "old-bookmark"]
LONG_BEFORE, LONG_AFTER = -3_600 * SECOND, 600 * SECOND
CLOSED = {"old-portal", "refused-at-closed-portal"}
NATIONAL, OLD, CASE = "national-portal", "portal-10", "case-15"
NO_DETOUR = {"try-closed-procedure", "reload-page"}
NATIONAL_ALL_ALONG = {"submit-and-pay", "collect-result", *NO_DETOUR}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    """One country for all: each visitor moves T0 to where they need it, and nobody undoes anything."""
    with running(tmp_path_factory.mktemp("country")) as country:
        yield country


def coming(journey: str, planned: int, entrance: str = NATIONAL) -> Arrival:
    """The same person each time, who draws the same pauses."""
    return arrival(
        planned=planned,
        actor=JOURNEYS[journey].actor,
        journey=journey,
        province="15",
        commune=fixtures.communes_of("15")[3].code,
        old_province="10",
        entrance=entrance,
        subject=11,
    )


def play(country: Country, who: Arrival, *, hurry: float = 1.0) -> Visit:
    visitor = Visit(country, who, hurry=hurry)
    PLAYBOOK.scripts[who.journey](visitor)
    assert set(visitor.steps) <= set(JOURNEYS[who.journey].steps), "every step is in the registry"
    return visitor


def at(visitor: Visit, step: str) -> Request:
    return next(each for each in visitor.requests if each.step == step)


def submitted_at(visitor: Visit) -> list[str]:
    return [each.system for each in visitor.requests if each.step == "submit"]


def test_every_journey_of_the_registry_has_its_script() -> None:
    assert list(PLAYBOOK.scripts) == list(JOURNEYS)


@pytest.mark.parametrize("entrance", ENTRANCES)
@pytest.mark.parametrize("journey", CITIZENS)
def test_before_the_minute(shared: Country, journey: str, entrance: str) -> None:
    visitor = play(shared, coming(journey, LONG_BEFORE, entrance))
    assert not set(visitor.steps) & CLOSED
    systems = {each.system for each in visitor.requests}
    if journey in NATIONAL_ALL_ALONG or entrance == NATIONAL:
        assert OLD not in systems, "payments and results have been on the national platform all along"
    else:
        assert NATIONAL not in systems
    if journey == "submit-dossier":
        assert submitted_at(visitor) == [NATIONAL if entrance == NATIONAL else OLD]


@pytest.mark.parametrize("entrance", ENTRANCES)
@pytest.mark.parametrize("journey", CITIZENS)
def test_after_the_minute(shared: Country, journey: str, entrance: str) -> None:
    visitor = play(shared, coming(journey, LONG_AFTER, entrance))
    at_old = [each.step for each in visitor.requests if each.system == OLD]
    submits = journey.startswith("submit")
    if entrance == "old-bookmark" and journey not in NO_DETOUR:
        assert at_old == [*(["refused-at-closed-portal"] if submits else []), "old-portal"]
    elif entrance == NATIONAL or journey in NATIONAL_ALL_ALONG:
        assert at_old == []
    else:
        assert at_old == ["old-portal"]
    assert submitted_at(visitor) == ([NATIONAL] if submits else [])


@pytest.mark.parametrize("journey", CITIZENS)
def test_the_registry_knows_how_many_requests_it_takes(shared: Country, journey: str) -> None:
    attaches = "attach" in JOURNEYS[journey].steps
    people = range(3, 21, 3) if attaches else [3]  # a dossier has one to four files
    visits = [play(shared, coming(journey, LONG_AFTER)._replace(subject=each)) for each in people]
    mean = sum(len(visit.requests) for visit in visits) / len(visits)
    assert abs(mean - JOURNEYS[journey].requests) < 1, f"{mean:.1f} requests on average"


def test_a_kept_bookmark_leads_to_its_own_procedure(shared: Country) -> None:
    visitor = play(shared, coming("read-procedure", LONG_AFTER, "old-bookmark"))
    old, new = visitor.requests[:2]
    assert (old.step, old.system, new.step, new.system) == ("old-portal", OLD, "bookmark", NATIONAL)
    assert old.path == new.path
    assert old.path.startswith("/nop-ho-so?MaTTHCDP=")


def test_a_kept_form_that_is_refused_is_an_intent_that_failed(shared: Country) -> None:
    visitor = play(shared, coming("submit-dossier", LONG_AFTER, "old-bookmark"))
    refused, submitted = at(visitor, "refused-at-closed-portal").intent, at(visitor, "submit").intent
    assert refused is not None
    assert submitted is not None
    assert (refused.system, submitted.system) == (OLD, NATIONAL)
    assert refused.id != submitted.id, "a new try at another portal is a new intent"
    assert refused.digest == submitted.digest
    assert list(visitor.records) == [submitted.id]
    held = {each.record: each for each in shared.stored(NATIONAL)}[visitor.records[submitted.id]]
    assert held.digest == submitted.digest


def test_a_closed_procedure_is_refused_and_stored_nowhere(shared: Country) -> None:
    visitor = play(shared, coming("try-closed-procedure", LONG_AFTER))
    tried = at(visitor, "refused-closed-procedure")
    assert tried.intent is not None
    assert fixtures.procedure(tried.intent.procedure).level == "abolished"
    assert tried.json()["content"]["procedure"] == tried.intent.procedure
    assert [status for asked, status in visitor.answered if asked is tried] == [404]
    assert visitor.records == {}
    shared.time.advance(5)
    for system in (NATIONAL, CASE):
        assert tried.intent.procedure not in {each.procedure for each in shared.stored(system)}


def test_a_portal_that_takes_a_closed_procedure_is_wrong(shared: Country) -> None:
    class Taken(Visit):
        def ask(self, request: Request) -> Answer:
            answer = super().ask(request)
            return json_answer({}, 201) if request.step == "refused-closed-procedure" else answer

    visitor = Taken(shared, coming("try-closed-procedure", LONG_AFTER))
    with pytest.raises(GaveUp, match="refused-closed-procedure: http-201"):
        try_closed_procedure.run(visitor)


@pytest.mark.parametrize(
    ("person", "error"),
    [
        pytest.param(lambda _who: None, "", id="not filled in"),
        pytest.param(lambda who: {"citizen_id": who.id, "full_name": who.name}, "", id="the applicant"),
        pytest.param(lambda who: {"citizen_id": "001", "full_name": who.name}, "person", id="another id"),
        pytest.param(lambda who: {"citizen_id": who.id, "full_name": "Ai Đó"}, "person", id="another name"),
        pytest.param(lambda _who: {}, "content", id="nobody"),
    ],
)
def test_whoever_a_form_is_filled_in_with_is_the_applicant(
    person: Callable[[fixtures.Applicant], object], error: str
) -> None:
    class Filling(Scripted):
        def form(self, dossier: fixtures.Dossier) -> Answer:
            return json_answer(
                {"procedure": {"MATTHC": dossier.procedure}, "person": person(dossier.applicant)}
            )

    visitor = Filling().visitor()
    with pytest.raises(GaveUp) as gave_up:
        submit_dossier.run(visitor)
    # the script ends at the first file where the form was right
    assert (gave_up.value.step, gave_up.value.error) == (
        ("form", f"wrong-{error}") if error else ("attach", "http-500")
    )


@pytest.mark.parametrize(
    ("listed", "error"),
    [
        pytest.param({"dossiers": []}, "", id="no dossier yet"),
        pytest.param({"dossiers": [{"code": "H1"}]}, "", id="one"),
        pytest.param({"dossiers": [{"code": ""}]}, "wrong-list", id="one without a code"),
        pytest.param({}, "wrong-dossiers", id="no list"),
    ],
)
def test_ones_own_dossiers_are_a_list(listed: object, error: str) -> None:
    class Listing(Scripted):
        def my_dossiers(self) -> Answer:
            return json_answer(listed)

    visitor = Listing().visitor()
    if not error:
        sign_in.run(visitor)
        return
    with pytest.raises(GaveUp) as gave_up:
        sign_in.run(visitor)
    assert (gave_up.value.step, gave_up.value.error) == ("my-dossiers", error)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(json_answer({"message": {"vi": "Đã đóng", "en": "Closed"}}, 410), "", id="in words"),
        pytest.param(json_answer({"message": {"vi": "Đã đóng"}}, 410), "refusal-text", id="one language"),
        pytest.param(Answer(410), "refusal-text", id="without a word"),
        pytest.param(Answer(410, body=b"<html>"), "refusal-text", id="no text of ours"),
    ],
)
def test_a_closed_portal_explains_itself(answer: Answer, error: str) -> None:
    class Closed(Scripted):
        def ask(self, request: Request) -> Answer:
            return answer if request.step == "refused-at-closed-portal" else Answer(500)

    with pytest.raises(GaveUp) as gave_up:
        submit_dossier.run(Closed().visitor(planned=SECOND, entrance="old-bookmark"))
    assert (gave_up.value.step, gave_up.value.error) == (
        ("refused-at-closed-portal", f"wrong-{error}") if error else ("old-portal", "http-500")
    )


def test_a_dossier_that_is_not_found_right_after_it_was_acknowledged_is_not_asked_for_again(
    shared: Country,
) -> None:
    class Stale(Visit):
        def ask(self, request: Request) -> Answer:
            return Answer(404) if request.step == "track" else super().ask(request)

    visitor = Stale(shared, coming("submit-dossier", LONG_AFTER))
    with pytest.raises(GaveUp) as gave_up:
        PLAYBOOK.scripts["submit-dossier"](visitor)
    assert (gave_up.value.step, gave_up.value.error) == ("track", "http-404")
    assert visitor.steps[-2:] == ["submit", "track"]
    assert len(visitor.records) == 1, "it was acknowledged"


def test_a_fee_is_paid(shared: Country) -> None:
    visitor = play(shared, coming("submit-and-pay", LONG_AFTER))
    intent = at(visitor, "pay").intent
    assert intent is not None
    charge = {each.record: each for each in shared.stored("payment")}[visitor.records[intent.id]]
    assert (charge.amount, charge.dossier) == (intent.amount, intent.dossier)
    assert "payment-state" not in visitor.steps


def test_a_payment_that_is_not_confirmed_is_looked_after_for_a_while(tmp_path: Path) -> None:
    with running(tmp_path) as country:
        country.network.cut.add("national-portal--payment")
        visitor = play(country, coming("submit-and-pay", LONG_AFTER))
        assert Counter(each.step for each in visitor.requests)["payment-state"] == LOOKS


def test_a_payment_that_is_confirmed_later_is_seen(tmp_path: Path) -> None:
    class Mended(Visit):
        def ask(self, request: Request) -> Answer:
            if request.step == "payment-state":
                self._country.network.cut.clear()
            return super().ask(request)

    with running(tmp_path) as country:
        country.network.cut.add("national-portal--payment")
        visitor = Mended(country, coming("submit-and-pay", LONG_AFTER))
        PLAYBOOK.scripts["submit-and-pay"](visitor)
        assert 1 <= Counter(each.step for each in visitor.requests)["payment-state"] < LOOKS


def test_an_official_receives_and_processes_what_waits(tmp_path: Path) -> None:
    class Waiting(Visit):
        """Two dossiers arrive right before the official looks into the inbox."""

        def ask(self, request: Request) -> Answer:
            if request.step == "inbox":
                citizen = Citizen(self._country)
                for number in (1, 2):
                    citizen.submit(citizen.dossier(number), key=f"key-0000000{number}")
                self._country.time.advance(0.1)
            return super().ask(request)

    with running(tmp_path) as country:
        visitor = Waiting(country, coming("process-dossiers", LONG_AFTER, "case-system"), hurry=0.02)
        PLAYBOOK.scripts["process-dossiers"](visitor)
        assert [each.step for each in visitor.requests] == [
            "official-sign-in", "inbox", *("open", "receive", "process") * 2,
        ]  # fmt: skip
        assert len(visitor.requests) == JOURNEYS["process-dossiers"].requests
        assert {each.system for each in visitor.requests} == {CASE}
        country.time.advance(30)
        assert [each.history for each in country.stored(CASE)] == ["1,2,4,9,10"] * 2


@pytest.mark.parametrize("entrance", ["provincial-portal", "old-bookmark"])
@pytest.mark.parametrize("journey", CITIZENS)
def test_in_the_minute_itself(shared: Country, journey: str, entrance: str) -> None:
    """Whenever the old portal closes, the journey is carried to its end at the national one."""
    whole = play(shared, coming(journey, LONG_BEFORE, entrance))
    sent = [each.at - LONG_BEFORE for each in whole.requests]
    assert len(sent) >= 2
    quarter = round(TRANSIT / 4 * SECOND)
    for step, at_ in enumerate(sent):
        for t0 in (at_ + quarter, *([at_ - quarter] if step else [])):
            where = f"T0 {'while' if t0 > at_ else 'before'} request {step} ({whole.requests[step].step})"
            where += " is on its way" if t0 > at_ else ""
            visitor = Visit(shared, coming(journey, -t0, entrance))
            try:
                PLAYBOOK.scripts[journey](visitor)
            except GaveUp as gave_up:
                pytest.fail(f"{where}: {gave_up}; steps so far: {', '.join(visitor.steps)}")
            assert visitor.steps[-1] == whole.steps[-1], where
            late = {status for asked, status in visitor.answered if asked.system == OLD and asked.at > 0}
            assert late <= {308, 410}, f"{where}: served by a portal that has closed"
            if journey.startswith("submit"):
                codes = [code for name, code in visitor.records.items() if name.startswith("submission")]
                assert len(codes) == 1, where
                shared.time.advance(5)
                for system in (NATIONAL, CASE):
                    assert [each.record for each in shared.stored(system)].count(codes[0]) == 1, where
