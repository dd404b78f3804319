"""Journeys beyond the way of a dossier, against the real mocks; time is virtual."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import fixtures
from mocks.systems.vneid_codes import MOST_MESSAGES
from scenarios.journeys import (
    JOURNEYS,
    abolished_official,
    ask_registers,
    document_to_closed_agency,
    exchange_document,
    find_centre,
    follow_to_second_site,
    found_enterprise,
    give_feedback,
    official_first_sign_in,
    order_pick_up,
    register,
    reissue_certificate,
    reload_page,
    renew_licence,
    replace_revoked_certificate,
    report_hotline,
    sign_in_with_code,
    sign_result,
    switch_over,
    use_ministry_portal,
)
from scenarios.journeys.answer import Answer
from scenarios.journeys.testing import Request, arrival, json_answer
from scenarios.journeys.visitor import Arrival, GaveUp, Script
from tests.mocks.country import Country
from tests.scenarios.journeys.memory import Visit, people
from tests.scenarios.journeys.whole import OLD_PROVINCE, PROVINCE, whole_country
from tests.virtual_time import SECOND

AFTER = 600 * SECOND
CITIZENS: dict[str, Script] = {
    "find-centre": find_centre.run,
    "report-hotline": report_hotline.run,
    "sign-in-with-code": sign_in_with_code.run,
    "reload-page": reload_page.run,
    "give-feedback": give_feedback.run,
    "register-birth": register.in_field("interconnected"),
    "register-civil-status": register.in_field("civil-status"),
    "register-household": register.in_field("business"),
    "register-land-change": register.in_field("land"),
    "request-judicial-record": register.in_field("judicial-records"),
    "renew-licence": renew_licence.run,
    "ask-registers": ask_registers.run,
    "found-enterprise": found_enterprise.run,
    "use-ministry-portal": use_ministry_portal.run,
    "follow-to-second-site": follow_to_second_site.run,
    "order-pick-up": order_pick_up.run,
}
OFFICIALS: dict[str, Script] = {
    "official-first-sign-in": official_first_sign_in.run,
    "abolished-official-sign-in": abolished_official.run,
    "sign-result": sign_result.run,
    "reissue-certificate": reissue_certificate.run,
    "replace-revoked-certificate": replace_revoked_certificate.run,
    "document-to-closed-agency": document_to_closed_agency.run,
}


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    with whole_country(tmp_path_factory.mktemp("whole")) as made:
        yield made


def coming(actor: str = "citizen", *, planned: int = AFTER, subject: int = 11) -> Arrival:
    return arrival(
        subject,  # its number, too: keys are made of it
        planned=planned,
        actor=actor,
        province=PROVINCE,
        commune=fixtures.communes_of(PROVINCE)[subject % 5].code,
        old_province=OLD_PROVINCE,
        subject=subject,
    )


def at(visitor: Visit, step: str) -> list[tuple[str, int]]:
    return [(each.system, status) for each, status in visitor.answered if each.step == step]


@pytest.mark.parametrize("subject", [11, 12, 13])
@pytest.mark.parametrize("name", [*CITIZENS, *OFFICIALS])
def test_a_journey_comes_to_its_end(country: Country, name: str, subject: int) -> None:
    actor = "citizen" if name in CITIZENS else "official"
    visitor = Visit(country, coming(actor, subject=subject))
    (CITIZENS | OFFICIALS)[name](visitor)
    assert visitor.requests


@pytest.mark.parametrize("name", [name for name in (*CITIZENS, *OFFICIALS) if name in JOURNEYS])
def test_the_registry_knows_steps_and_requests(country: Country, name: str) -> None:
    actor, script = ("citizen", CITIZENS[name]) if name in CITIZENS else ("official", OFFICIALS[name])
    visits = []
    for subject in range(51, 71, 3):  # one after the other: they share the country's clock
        visits.append(Visit(country, coming(actor, subject=subject)))
        script(visits[-1])
    mean = sum(len(visitor.requests) for visitor in visits) / len(visits)
    assert abs(mean - JOURNEYS[name].requests) < 1.5, f"{mean:.1f} requests on average"
    assert {step for visitor in visits for step in visitor.steps} <= set(JOURNEYS[name].steps)
    assert JOURNEYS[name].actor == actor


class Otherwise(Visit):
    """One step is answered otherwise than by the country."""

    def __init__(
        self, country: Country, who: Arrival, step: str, answer: Callable[[Request], Answer]
    ) -> None:
        super().__init__(country, who)
        self._step, self._answer = step, answer

    def ask(self, request: Request) -> Answer:
        honest = super().ask(request)
        return self._answer(request) if request.step == self._step else honest


@pytest.mark.parametrize(
    ("name", "step", "answer", "error"),
    [
        ("find-centre", "centres", json_answer([]), "wrong-centre"),
        (
            "find-centre",
            "centre",
            json_answer({"centre": {"unit": "00004", "address": "?"}}),
            "wrong-address",
        ),
        ("report-hotline", "call", json_answer({"outcome": "abandoned"}), "wrong-abandoned-call"),
        ("sign-in-with-code", "type-code", json_answer({}, 403), "http-403"),
        ("official-first-sign-in", "who-am-i", json_answer({"unit": "", "roles": []}), "wrong-rights"),
        ("abolished-official-sign-in", "refused-abolished-rights", json_answer({}, 302), "http-302"),
        ("sign-result", "certificate", json_answer({"state": "expired"}), "wrong-certificate"),
        ("give-feedback", "ticket", json_answer({"unit": "0"}, 201), "wrong-unit"),
        ("document-to-closed-agency", "dead-letters", json_answer([]), "wrong-dead-letter"),
        ("renew-licence", "licence", json_answer({"citizen_id": "0"}), "wrong-licence"),
        ("renew-licence", "renewal", json_answer({"code": "not-fit"}, 409), "wrong-vi"),
        ("ask-registers", "insurance", json_answer({"citizen_id": "0"}), "wrong-insurance"),
        ("found-enterprise", "enterprise", json_answer({"tax_code": "0"}), "wrong-enterprise"),
        ("follow-to-second-site", "second-site", json_answer({}, 404), "http-404"),
        ("order-pick-up", "pick-up", json_answer({"order": "x", "state": "lost"}, 201), "wrong-state"),
        ("sign-result", "verify", json_answer({"valid": False, "unit": ""}), "wrong-signature"),
        ("reload-page", "reload", json_answer({"MATTHC": "other"}), "wrong-procedure"),
    ],
)
def test_a_wrong_answer_ends_a_journey(
    country: Country, name: str, step: str, answer: Answer, error: str
) -> None:
    actor = "citizen" if name in CITIZENS else "official"
    visitor = Otherwise(country, coming(actor), step, lambda _: answer)
    with pytest.raises(GaveUp) as gave_up:
        (CITIZENS | OFFICIALS)[name](visitor)
    assert (gave_up.value.step, gave_up.value.error) == (step, error)


def test_whoever_waits_for_the_opening_reloads_until_it_comes(country: Country) -> None:
    visitor = Visit(country, coming(planned=-3 * SECOND))
    reload_page.run(visitor)
    reloads = [each for each in visitor.requests if each.step == "reload"]
    assert 2 <= len(reloads) < reload_page.RELOADS
    assert reloads[-1].at >= -SECOND // 2
    assert visitor.steps[-1] == "my-dossiers"


def test_whoever_reloads_in_vain_leaves(country: Country) -> None:
    visitor = Otherwise(country, coming(), "reload", lambda _: Answer(503))
    with pytest.raises(GaveUp):
        reload_page.run(visitor)
    assert visitor.steps == ["reload"]
    assert len(visitor.requests) == reload_page.RELOADS


def test_a_code_that_does_not_come_is_asked_for_again_within_bounds(tmp_path: Path) -> None:
    with whole_country(tmp_path) as country:
        country.network.cut.add("vneid--sms-gateway")
        visitor = Visit(country, coming())
        with pytest.raises(GaveUp) as gave_up:
            sign_in_with_code.run(visitor)
        assert (gave_up.value.step, gave_up.value.error) == ("look-at-phone", "wrong-missing-code")
        asked = [each for each in visitor.requests if each.step == "send-code"]
        assert (
            len(asked)
            == 1 + (sign_in_with_code.LOOKS - 1) // sign_in_with_code.ASK_AGAIN_AFTER
            <= MOST_MESSAGES
        )


def test_a_district_has_no_rights_any_more_and_a_commune_has(country: Country) -> None:
    official = Visit(country, coming("official"))
    official_first_sign_in.run(official)
    assert at(official, "sso-confirm") == [(f"sso-{PROVINCE}", 302)]
    abolished = Visit(country, coming("official"))
    abolished_official.run(abolished)
    assert at(abolished, "refused-abolished-rights") == [(f"sso-{PROVINCE}", 403)]


def test_a_certificate_that_is_later_than_was_said_is_a_broken_promise(country: Country) -> None:
    class Never(Visit):
        def ask(self, request: Request) -> Answer:
            if request.step == "order-certificate":
                return json_answer({"accepted": 1, "waiting": 0, "expected_seconds": 1.0}, 202)
            return super().ask(request)

    visitor = Never(country, coming("official", subject=14))
    with pytest.raises(GaveUp) as gave_up:
        reissue_certificate.run(visitor)
    assert (gave_up.value.step, gave_up.value.error) == ("new-certificate", "wrong-expected-time")


def test_a_revoked_certificate_is_replaced_by_one_that_is_valid(country: Country) -> None:
    visitor = Visit(country, coming("official", subject=15))
    replace_revoked_certificate.run(visitor)
    assert at(visitor, "revoke-certificate") == [("signatures", 200)]
    assert country.get("signatures", f"/api/certificates/{PROVINCE}").json()["state"] == "valid"


def here() -> int:
    """A subject whose documents stay in the one province that is in memory."""
    return next(number for number, each in enumerate(fixtures.provinces()) if each.code == PROVINCE)


def test_a_document_arrives_and_an_old_one_is_found(country: Country) -> None:
    visitor = Visit(country, coming("official", subject=here()))
    exchange_document.run(visitor)
    assert visitor.steps == ["send-document", "delivery", "old-document"]


def test_a_document_that_does_not_arrive_is_missing(country: Country) -> None:
    who = coming("official", subject=here() + len(fixtures.provinces()))
    visitor = Otherwise(country, who, "delivery", lambda _: json_answer({"state": "in-transit"}))
    with pytest.raises(GaveUp) as gave_up:
        exchange_document.run(visitor)
    assert (gave_up.value.step, gave_up.value.error) == ("delivery", "wrong-state")


@pytest.mark.parametrize("field", sorted({each.field for each in fixtures.open_procedures()}))
def test_a_dossier_of_a_field_is_of_that_field(country: Country, field: str) -> None:
    for subject in range(3):
        dossier = people().dossier(coming(subject=subject), field=field)
        assert fixtures.procedure(dossier.procedure).field == field


def test_the_second_site_takes_over_once_it_has_everything(tmp_path: Path) -> None:
    with whole_country(tmp_path) as country:
        follow_to_second_site.run(Visit(country, coming()))
        first, again = Visit(country, coming("official")), Visit(country, coming("official"))
        switch_over.run(first)
        switch_over.run(again)
        assert at(first, "switch-over") == at(again, "switch-over") == [("national-data-centre", 200)]


def test_an_operator_looks_again_where_a_dossier_came_between_the_look_and_the_switch_over(
    country: Country,
) -> None:
    told = iter([json_answer({"code": "behind"}, 409), json_answer({"site": "active", "behind": 1})])
    visitor = Otherwise(country, coming("official"), "switch-over", lambda _: next(told))
    switch_over.run(visitor)
    assert [each.step for each, _ in visitor.answered] == ["lag", "switch-over"] * 2 + ["lag"]


def test_a_second_site_that_is_behind_for_good_does_not_take_over(country: Country) -> None:
    behind = json_answer({"site": "standby", "behind": 3}, 409)
    visitor = Otherwise(country, coming("official"), "switch-over", lambda _: behind)
    with pytest.raises(GaveUp, match="switch-over: http-409"):
        switch_over.run(visitor)


@pytest.mark.parametrize(
    ("planned", "systems"),
    [
        (-AFTER, {"vneid", "ministry-portal-industry"}),
        (AFTER, {"vneid", "ministry-portal-industry", "national-portal"}),
    ],
)
def test_a_ministry_takes_dossiers_by_its_own_portal_until_t0(
    country: Country, planned: int, systems: set[str]
) -> None:
    visitor = Visit(country, coming(planned=planned, subject=31 + 2 * (planned > 0)))
    use_ministry_portal.run(visitor)
    assert {each.system for each in visitor.requests} == systems
    [(system, status)] = at(visitor, "submit-to-ministry")
    assert (system, status) == ("national-portal" if planned > 0 else "ministry-portal-industry", 201)


def test_a_form_that_was_open_at_a_ministry_at_t0_is_handed_in_at_the_national_portal(
    country: Country,
) -> None:
    whole = Visit(country, coming(planned=-AFTER, subject=41))
    use_ministry_portal.run(whole)
    sent = next(each.at for each in whole.requests if each.step == "submit-to-ministry")
    visitor = Visit(country, coming(planned=-AFTER - sent + SECOND // 100, subject=41)._replace(number=43))
    use_ministry_portal.run(visitor)
    assert [status for _, status in at(visitor, "submit-to-ministry")] in ([410, 201], [201])
