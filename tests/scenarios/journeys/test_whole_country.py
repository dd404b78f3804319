"""Journeys beyond the way of a dossier, against the real mocks; time is virtual."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

import fixtures
from mocks.systems.vneid_codes import MOST_MESSAGES
from scenarios.journeys import (
    abolished_official,
    find_centre,
    official_first_sign_in,
    reissue_certificate,
    reload_page,
    report_hotline,
    sign_in_with_code,
    sign_result,
)
from scenarios.journeys.answer import Answer
from scenarios.journeys.testing import Request, arrival, json_answer
from scenarios.journeys.visitor import Arrival, GaveUp, Script
from tests.mocks.country import Country
from tests.scenarios.journeys.memory import Visit
from tests.scenarios.journeys.whole import OLD_PROVINCE, PROVINCE, whole_country
from tests.virtual_time import SECOND

AFTER = 600 * SECOND
CITIZENS: Mapping[str, Script] = {
    "find-centre": find_centre.run,
    "report-hotline": report_hotline.run,
    "sign-in-with-code": sign_in_with_code.run,
    "reload-page": reload_page.run,
}
OFFICIALS: Mapping[str, Script] = {
    "official-first-sign-in": official_first_sign_in.run,
    "abolished-official-sign-in": abolished_official.run,
    "sign-result": sign_result.run,
    "reissue-certificate": reissue_certificate.run,
}


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    with whole_country(tmp_path_factory.mktemp("whole")) as made:
        yield made


def coming(actor: str = "citizen", *, planned: int = AFTER, subject: int = 11) -> Arrival:
    return arrival(
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
        ("find-centre", "centre", json_answer({"unit": "00004", "address": "?"}), "wrong-address"),
        ("report-hotline", "call", json_answer({"outcome": "abandoned"}), "wrong-abandoned-call"),
        ("sign-in-with-code", "type-code", json_answer({}, 403), "http-403"),
        ("official-first-sign-in", "who-am-i", json_answer({"unit": "", "roles": []}), "wrong-rights"),
        ("abolished-official-sign-in", "refused-abolished-rights", json_answer({}, 302), "http-302"),
        ("sign-result", "certificate", json_answer({"state": "expired"}), "wrong-certificate"),
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
            == 1 + sign_in_with_code.LOOKS // sign_in_with_code.ASK_AGAIN_AFTER
            <= MOST_MESSAGES + 1
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
