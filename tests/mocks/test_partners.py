"""What a case system tells others as its dossiers move, and that none of them can hold it up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mocks.dossiers import Held
from mocks.outbox import DEAD_LETTER
from mocks.partner import Listening, Partner, Posting
from mocks.partners import FACTORIES, partners
from mocks.partners_civil import CivilStatus
from tests.mocks.country import Country
from tests.mocks.platform import configurations, standing
from tests.mocks.registers import A_WHILE, CASE, CORE, PROVINCE, dossier, forward, history, procedure

REGISTERS = (
    "civil-status",
    "birth-death",
    "land",
    "tax",
    "business-households",
    "judicial-records",
    "social-insurance",
    "health-insurance-appraisal",
    "insurance-data",
)
REACHES = {
    "a marriage": (procedure(form="marriage"), ["civil-status"]),
    "a change of land": (procedure(form="land"), ["land", "tax"]),
    "a security over land": (procedure(form="security"), ["land"]),
    "a business household": (procedure(field="business", level="commune"), ["business-households"]),
    "a company": (procedure(field="business", level="province"), []),
    "a judicial record": (procedure(field="judicial-records"), ["judicial-records"]),
    "a child's health card": (procedure(field="health", form="birth"), ["social-insurance"]),
    "a funeral allowance": (procedure(field="social", form="death"), ["social-insurance"]),
    "a social pension": (procedure(field="social", form="allowance"), []),
    "a certified copy": (procedure(field="certification"), []),
}


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """Province 15 and the registers."""
    with standing(tmp_path, *CORE, *REGISTERS) as made:
        yield made


def accepted(country: Country) -> dict[str, str]:
    """A dossier that the desk has accepted, by register: those that know it."""
    return {name: each.dossier for name in REGISTERS for each in country.stored(name)}


@pytest.mark.parametrize(("code", "reached"), REACHES.values(), ids=REACHES)
def test_a_dossier_reaches_the_registers_of_its_field(
    country: Country, code: str, reached: list[str]
) -> None:
    (made,) = forward(country, dossier(code))
    country.time.advance(A_WHILE)
    assert history(country, made) == "1,2,4,9,10"
    found = accepted(country)
    if "business-households" in reached:
        reached = [*reached, "tax"]  # which the register of households asks for a code
    assert found == dict.fromkeys(reached, made)
    assert [each.status for name in reached for each in country.stored(name)] == [1] * len(reached), "done"
    assert country.undelivered(CASE) == 0


def test_without_registers_a_case_system_has_no_partners(tmp_path: Path) -> None:
    with standing(tmp_path, *CORE) as country:
        assert partners(country.system(CASE)) == []
        (made,) = forward(country, dossier(procedure(form="marriage")))
        country.time.advance(A_WHILE)
        assert history(country, made) == "1,2,4,9,10"


def test_partners_are_those_that_the_topology_links(country: Country) -> None:
    found = partners(country.system(CASE))
    (config,) = [each for each in configurations(*CORE, *REGISTERS) if each.name == CASE]
    told = [each.destination for each in found]
    assert set(told) <= set(config.peers) - {"lgsp-15"}
    assert len(told) == len(set(told)), "each destination has one line"
    assert set(told) == set(REGISTERS) - {"health-insurance-appraisal", "insurance-data"}
    assert len(FACTORIES) > len(found), "the others are not standing here"


def test_a_register_that_is_down_holds_up_nobody_but_itself(country: Country) -> None:
    country.network.cut.add(f"{CASE}--land")
    codes = forward(country, dossier(procedure(form="land"), 1), dossier(procedure(form="marriage"), 2))
    country.time.advance(A_WHILE)
    assert [history(country, code) for code in codes] == ["1,2,4,9,10"] * 2, "the dossiers went on"
    assert set(accepted(country)) == {"tax", "civil-status"}
    assert country.undelivered(CASE) == 1, "the backlog shows what waits"
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    assert [each.dossier for each in country.stored("land")] == [codes[0]]
    assert country.undelivered(CASE) == 0


def test_what_waits_survives_a_killed_case_system(country: Country) -> None:
    country.network.cut.add(f"{CASE}--civil-status")
    (code,) = forward(country, dossier(procedure(form="marriage")))
    country.time.advance(A_WHILE)
    country.restart(CASE)
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    assert [each.dossier for each in country.stored("civil-status")] == [code]


def test_a_lost_acknowledgement_makes_no_second_entry(country: Country) -> None:
    country.network.lose_answers.add(f"{CASE}--land")
    (code,) = forward(country, dossier(procedure(form="land")))
    country.time.advance(A_WHILE)
    assert country.network.requests[f"{CASE}--land"] > 1
    country.network.lose_answers.clear()
    country.time.advance(A_WHILE)
    assert [each.dossier for each in country.stored("land")] == [code]
    assert country.undelivered(CASE) == 0


def test_what_is_refused_for_good_becomes_a_dead_letter_and_the_others_go_on(country: Country) -> None:
    strange = dossier(procedure(form="land"), 1)
    strange.NoiDung["applicant"]["id"] = "000000000000"  # nobody whom a register would know
    codes = forward(country, strange, dossier(procedure(form="land"), 2))
    country.time.advance(A_WHILE)
    assert [each.dossier for each in country.stored("land")] == codes[1:]
    assert country.undelivered(CASE) == 0
    dead = list(country.system(CASE).store.keys(DEAD_LETTER))
    assert [name.rpartition("-")[2] for name in dead] == ["land", "tax"]
    assert all(codes[0] in name for name in dead)


def test_a_content_without_applicant_is_refused_by_the_register_and_not_by_the_case_system(
    country: Country,
) -> None:
    bare = dossier(procedure(form="land"))
    bare.NoiDung.clear()
    (code,) = forward(country, bare)
    country.time.advance(A_WHILE)
    assert history(country, code) == "1,2,4,9,10"
    assert country.stored("land") == []


def test_partners_fit_their_contract(country: Country) -> None:
    for partner in partners(country.system(CASE)):
        honest: Partner = partner
        assert honest.destination
        if isinstance(partner, Listening):
            assert partner.answer("nobody's") == ""
        else:
            assert isinstance(partner, Posting)


def test_message_ids_sort_as_they_were_made(country: Country) -> None:
    partner = CivilStatus(country.system(CASE))
    made = []
    for number in range(3):
        country.time.advance(0.001)
        held = Held(dossier(procedure(form="marriage"), 3 - number), [1, 2], at=1)
        made += [each.id for each in partner.messages(held)]
    assert len(made) == 3
    assert made == sorted(made)
    assert PROVINCE in CASE
