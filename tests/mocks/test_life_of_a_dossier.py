"""From the sign-in to the result: what becomes of a dossier in a healthy country and in a broken one."""

from pathlib import Path

import msgspec
import pytest

import fixtures
from mocks.operator import Stored, Switch, SwitchSet
from mocks.systems.national_portal import NationalPortal
from tests.mocks.citizen import FREE, WITH_FEE, Citizen
from tests.mocks.country import Country, configuration, problem, running
from tests.virtual_time import SECOND

PORTAL, CASE, OLD = "national-portal", "case-15", "portal-10"
A_WHILE = 30.0
"""Virtual seconds in which a dossier runs through all desks."""


def test_a_dossier_goes_from_the_form_to_its_result(country: Country) -> None:
    citizen = Citizen(country)
    dossier = citizen.dossier()
    form = citizen.get(f"/api/form?procedure={FREE}&province=15&commune={dossier.commune}").json()
    assert form["prefilled"]
    assert form["person"]["full_name"] == citizen.person.name
    assert form["procedure"]["MATTHC"] == FREE

    receipt = citizen.submit(dossier, key="intent-1234")
    assert receipt.status_code == 201
    code = receipt.json()["code"]
    assert receipt.json()["status"] == 1
    assert citizen.get(f"/api/dossiers/{code}").json()["steps"] == [1], "tracked at once"

    country.time.advance(A_WHILE)
    here, there = country.stored(PORTAL), country.stored(CASE)
    assert [each.record for each in here] == [each.record for each in there] == [code]
    assert here[0].digest == there[0].digest == dossier.digest()
    assert here[0].intent == there[0].intent == "intent-1234"
    assert here[0].history == there[0].history == "1,2,4,9,10"
    assert (there[0].province, there[0].commune, there[0].procedure) == ("15", dossier.commune, FREE)
    assert citizen.get(f"/api/dossiers/{code}").json()["steps"] == [1, 2, 4, 9, 10]
    assert citizen.get("/api/me/dossiers").json()["dossiers"][0]["code"] == code
    result = citizen.get(f"/api/dossiers/{code}/result").json()
    assert result["code"] == code
    assert country.undelivered(PORTAL) == country.undelivered(CASE) == 0


def test_every_path_through_the_desks_is_legal(country: Country) -> None:
    citizen = Citizen(country)
    for number in range(40):
        assert citizen.submit(citizen.dossier(number), key=f"intent-{number:04d}").status_code == 201
    country.time.advance(A_WHILE)
    records = country.stored(CASE)
    assert len(records) == 40
    for record in records:
        assert fixtures.is_legal_history([int(step) for step in record.history.split(",")]), record
    assert {record.status for record in records} == {3, 10}, "most get a result, some are not accepted"
    assert {(each.record, each.history) for each in country.stored(PORTAL)} == {
        (each.record, each.history) for each in records
    }


def test_dossiers_go_to_the_province_they_are_for_and_to_no_other(tmp_path: Path) -> None:
    with running(tmp_path, configuration(("01", "15"), ())) as country:
        for province in ("01", "15"):
            citizen = Citizen(country, province=province)
            citizen.submit(citizen.dossier(), key=f"intent-of-{province}")
        country.time.advance(A_WHILE)
        for province in ("01", "15"):
            (arrived,) = country.stored(f"case-{province}")
            assert (arrived.province, arrived.intent) == (province, f"intent-of-{province}")


def test_a_dossier_born_in_a_province_is_known_above(country: Country) -> None:
    citizen = Citizen(country, OLD)
    dossier = citizen.dossier()
    receipt = citizen.submit(dossier, key="intent-old1")
    assert receipt.status_code == 201
    code = receipt.json()["code"]
    (accepted,) = country.stored(OLD)
    assert (accepted.record, accepted.digest) == (code, dossier.digest())
    country.time.advance(A_WHILE)
    for system in (CASE, PORTAL):
        (held,) = country.stored(system)
        assert (held.record, held.intent, held.history) == (code, "intent-old1", "1,2,4,9,10")
        assert held.digest == dossier.digest()
    assert citizen.get(f"/api/dossiers/{code}").json()["status"] == 10, "the old portal asks the case system"


def test_a_province_that_is_cut_off_gets_its_dossiers_when_it_is_back(tmp_path: Path) -> None:
    with running(tmp_path, configuration(("01", "15"), ())) as country:
        country.network.cut.add("national-portal--lgsp-15")
        ours, others = Citizen(country), Citizen(country, province="01")
        codes = [
            ours.submit(ours.dossier(number), key=f"intent-{number:04d}").json()["code"]
            for number in range(5)
        ]
        others.submit(others.dossier(), key="intent-other")
        country.time.advance(A_WHILE)
        assert country.stored(CASE) == []
        assert country.undelivered(PORTAL) == 5
        assert [each.intent for each in country.stored("case-01")] == ["intent-other"], "nobody else waits"
        country.network.cut.clear()
        country.time.advance(A_WHILE)
        assert [each.record for each in country.stored(CASE)] == codes, "all of them, once, in order"
        assert country.undelivered(PORTAL) == 0


@pytest.mark.parametrize("link", ["national-portal--lgsp-15", "lgsp-15--case-15"])
def test_a_lost_acknowledgement_makes_no_second_dossier(country: Country, link: str) -> None:
    country.network.lose_answers.add(link)
    citizen = Citizen(country)
    code = citizen.submit(citizen.dossier()).json()["code"]
    country.time.advance(A_WHILE)
    assert country.undelivered(PORTAL) == 1, "nobody told the portal that it arrived"
    country.network.lose_answers.clear()
    country.time.advance(A_WHILE)
    assert [each.record for each in country.stored(CASE)] == [code]
    assert country.undelivered(PORTAL) == 0
    assert list(country.system(PORTAL).store.keys("dead-letter")) == [], "it was taken, not refused"
    assert citizen.get(f"/api/dossiers/{code}").json()["steps"] == [1, 2, 4, 9, 10]


@pytest.mark.parametrize("link", ["case-15--lgsp-15", "lgsp-15--national-portal"])
@pytest.mark.parametrize("fault", ["cut", "lose_answers"])
def test_statuses_are_kept_until_they_are_taken_above(country: Country, link: str, fault: str) -> None:
    rule: set[str] = getattr(country.network, fault)
    rule.add(link)
    citizen = Citizen(country)
    code = citizen.submit(citizen.dossier()).json()["code"]
    country.time.advance(A_WHILE)
    assert country.stored(CASE)[0].history == "1,2,4,9,10"
    assert country.undelivered(CASE) > 0
    rule.clear()
    country.time.advance(A_WHILE)
    assert citizen.get(f"/api/dossiers/{code}").json()["steps"] == [1, 2, 4, 9, 10], "each once, in order"
    assert country.undelivered(CASE) == 0


@pytest.mark.parametrize("victim", [PORTAL, "lgsp-15", CASE])
def test_a_killed_system_goes_on_where_it_was(country: Country, victim: str) -> None:
    citizen = Citizen(country)
    codes = []
    for number in range(12):
        codes.append(citizen.submit(citizen.dossier(number), key=f"intent-{number:04d}").json()["code"])
        country.time.advance(0.4)
        if number in (3, 8):
            country.time.run(country.kill(victim))
            if victim != PORTAL:
                country.time.advance(2.0)
            country.time.run(country.start(victim))
    country.time.advance(A_WHILE)

    def outcome(records: list[Stored]) -> dict[str, str]:
        return {each.record: each.history for each in records}

    assert len(set(codes)) == 12, "no code was given twice"
    assert sorted(outcome(country.stored(CASE))) == sorted(codes)
    assert len(country.stored(CASE)) == 12
    assert outcome(country.stored(PORTAL)) == outcome(country.stored(CASE))
    assert country.undelivered(PORTAL) == country.undelivered(CASE) == 0


def test_what_the_case_system_refuses_for_good_is_set_aside_and_holds_up_nobody(tmp_path: Path) -> None:
    # the province's case system is set up for another province: it refuses every unit as not its own
    configs = configuration(("15",), ())
    with running(tmp_path, configs) as country:
        country.time.run(country.kill(CASE))
        wrong = next(each for each in configs if each.name == CASE)
        country.configs[CASE] = msgspec.structs.replace(wrong, province="01")
        country.time.run(country.start(CASE))
        citizen = Citizen(country)
        code = citizen.submit(citizen.dossier()).json()["code"]
        country.time.advance(A_WHILE)
        assert country.undelivered(PORTAL) == 0
        dead = dict(country.system(PORTAL).store.load("dead-letter"))
        assert [code in key for key in dead] == [True]
        assert country.stored(CASE) == []


def test_a_dossier_that_the_portal_does_not_know_holds_up_no_other_of_its_province(country: Country) -> None:
    citizen = Citizen(country)
    lost = citizen.submit(citizen.dossier(1), key="intent-lost").json()["code"]
    portal = country.system(PORTAL)
    assert isinstance(portal, NationalPortal)
    country.network.cut.add("case-15--lgsp-15")  # so that statuses of all go up in one batch
    codes = [citizen.submit(citizen.dossier(n), key=f"intent-{n}").json()["code"] for n in range(2, 5)]
    country.time.advance(A_WHILE)
    portal.dossiers.forget(lost)
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    history = {each.record: each.history for each in country.stored(CASE)}
    for code in codes:
        assert citizen.get(f"/api/dossiers/{code}").json()["steps"] == [
            int(each) for each in history[code].split(",")
        ]
    aside = country.set_aside(CASE)
    assert {(each.dossier, each.history) for each in aside} == {(lost, "lgsp-15: no-such-dossier")}
    assert len(aside) == len(history[lost].split(",")) - 1, "each of its statuses"
    assert country.get(CASE, "/-/backlog").json() == {"undelivered": 0, "open": 0, "set_aside": len(aside)}
    country.restart(CASE)
    assert country.set_aside(CASE) == aside


def test_a_portal_that_says_not_found_of_everything_is_waited_for(country: Country) -> None:
    citizen = Citizen(country)
    code = citizen.submit(citizen.dossier()).json()["code"]
    until = country.time.now_ns + round(2 * A_WHILE * SECOND)
    lie = SwitchSet([Switch("lie", "says-not-found", until)])
    country.time.run(country.ask(PORTAL, "PUT", "/-/switches", content=msgspec.json.encode(lie)))
    country.time.advance(A_WHILE)
    assert country.undelivered(CASE) > 0
    country.time.advance(2 * A_WHILE)
    assert country.get(CASE, "/-/backlog").json() == {"undelivered": 0, "open": 0, "set_aside": 0}
    (held,) = country.stored(CASE)
    assert citizen.get(f"/api/dossiers/{code}").json()["steps"] == [int(s) for s in held.history.split(",")]


def test_a_province_that_was_never_connected_keeps_its_dossiers_waiting(tmp_path: Path) -> None:
    planted = {"lgsp-15": frozenset({"not-connected"})}
    with running(tmp_path, configuration(("15",), (), defects=planted)) as country:
        citizen = Citizen(country)
        assert citizen.submit(citizen.dossier()).status_code == 201
        country.time.advance(A_WHILE)
        assert country.stored(CASE) == []
        assert country.undelivered(PORTAL) == 1
        session = country.post("lgsp-15", "/adapter/login", {"username": "me"}).json()["session"]
        answer = country.post(
            "lgsp-15", "/integration", {"session": session, "service": "NoiHoSo"}, {"dstcode": "15"}
        )
        assert (answer.status_code, problem(answer)) == (502, "unit-not-declared")


def test_a_dossier_with_a_fee_is_paid_once_and_noted(country: Country) -> None:
    citizen = Citizen(country)
    receipt = citizen.submit(citizen.dossier(procedure=WITH_FEE)).json()
    paid = citizen.pay(receipt["code"], citizen.consent(receipt["code"]), key="pay-intent-1")
    assert (paid.status_code, paid.json()["state"]) == (200, "paid")
    country.time.advance(5)
    (charge,) = country.stored("payment")
    assert (charge.kind, charge.dossier, charge.amount) == ("charge", receipt["code"], receipt["fee"])
    assert (charge.intent, charge.record) == ("pay-intent-1", paid.json()["receipt"])
    assert country.undelivered("payment") == 0, "the notice was taken"
    country.time.advance(A_WHILE)
    assert citizen.get(f"/api/dossiers/{receipt['code']}").json()["paid"], "also after the statuses"


@pytest.mark.parametrize(
    ("sender", "link"),
    [
        (PORTAL, "national-portal--lgsp-15"),
        (CASE, "case-15--lgsp-15"),
        ("payment", "payment--national-portal"),
    ],
)
def test_what_waits_to_be_sent_survives_a_kill(country: Country, sender: str, link: str) -> None:
    country.network.cut.add(link)
    citizen = Citizen(country)
    code = citizen.submit(citizen.dossier(procedure=WITH_FEE)).json()["code"]
    citizen.pay(code, citizen.consent(code))
    country.time.advance(A_WHILE)
    waiting = country.undelivered(sender)
    assert waiting > 0
    country.restart(sender)
    assert country.undelivered(sender) == waiting
    country.network.cut.clear()
    country.time.advance(A_WHILE)
    assert country.undelivered(sender) == 0
    assert citizen.get(f"/api/dossiers/{code}").json()["steps"] == [1, 2, 4, 9, 10]
