"""The systems of the country and the links between them."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest

from mocks.defects import DEFECTS
from rehearsal import country, topology
from rehearsal.topology import CITIZENS, HOST, OFFICIALS, Kind


def callees(caller: str) -> set[str]:
    return {link.callee for link in topology.links() if link.caller == caller}


def test_there_are_136_systems_and_401_links_each_with_a_name_of_its_own() -> None:
    systems = [system.name for system in topology.systems()]
    links = [link.name for link in topology.links()]
    assert len(set(systems)) == len(systems) == 136
    assert len(set(links)) == len(links) == 401
    assert Counter(system.kind for system in topology.systems()) == {
        Kind.NATIONAL_PORTAL: 1, Kind.VNEID: 1, Kind.POPULATION: 1, Kind.PROCEDURES: 1, Kind.PAYMENT: 1,
        Kind.LGSP: 34, Kind.CASE_SYSTEM: 34, Kind.PROVINCIAL_PORTAL: 63,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("caller", "called"),
    [
        pytest.param(
            "national-portal", {"vneid", "population", "procedures", "payment", "lgsp-*"}, id="national"
        ),
        pytest.param("lgsp-15", {"case-15", "national-portal", "procedures"}, id="platform"),
        pytest.param("case-15", {"lgsp-15"}, id="case system"),
        pytest.param("portal-10", {"case-15", "vneid"}, id="portal of a province that was merged"),
        pytest.param("payment", {"national-portal"}, id="payment"),
        pytest.param(CITIZENS, {"national-portal", "vneid", "payment", "portal-*"}, id="citizens"),
        pytest.param(OFFICIALS, {"case-*"}, id="officials"),
        pytest.param("vneid", set(), id="vneid calls nobody"),
    ],
)
def test_who_calls_whom(caller: str, called: set[str]) -> None:
    families = {"lgsp-*": 34, "case-*": 34, "portal-*": 63}
    found = callees(caller)
    for family in called & families.keys():
        members = {name for name in found if name.startswith(family[:-1])}
        assert len(members) == families[family]
        found = (found - members) | {family}
    assert found == called


def test_every_end_of_a_link_is_a_system_or_people() -> None:
    names = {system.name for system in topology.systems()}
    for link in topology.links():
        assert link.callee in names
        assert link.caller in names | {CITIZENS, OFFICIALS}


def test_every_system_is_called_by_somebody() -> None:
    assert {link.callee for link in topology.links()} == {system.name for system in topology.systems()}


@pytest.mark.parametrize(
    ("old", "case"),
    [
        pytest.param("10", "case-15", id="Lao Cai's code closed, Yen Bai's was kept"),
        pytest.param("15", "case-15", id="Yen Bai"),
        pytest.param("02", "case-08", id="Ha Giang went into Tuyen Quang"),
        pytest.param("01", "case-01", id="Ha Noi stayed"),
        pytest.param("77", "case-79", id="Ba Ria - Vung Tau went into Ho Chi Minh City"),
    ],
)
def test_an_old_province_is_succeeded_by_a_case_system(old: str, case: str) -> None:
    assert topology.case_system_of_old(old) == case


def test_a_portal_knows_its_old_province_and_the_one_that_succeeds_it() -> None:
    portals = [system for system in topology.systems() if system.kind is Kind.PROVINCIAL_PORTAL]
    assert {portal.old_province: portal.province for portal in portals} == country.successors()
    assert all(portal.name == f"portal-{portal.old_province}" for portal in portals)


def test_every_kind_has_a_capacity() -> None:
    assert set(topology.PREPARED) == set(Kind)


def test_every_defect_of_the_mocks_can_be_planted_in_its_kind_and_in_no_other() -> None:
    assert set(topology.defect_names()) == set(DEFECTS)
    for kind, known in topology.DEFECTS.items():
        assert dict.fromkeys(known, kind.value) == {name: DEFECTS[name].kind for name in known}
    assert topology.DEFECTS[Kind.POPULATION] == {}
    assert topology.DEFECTS[Kind.LGSP]["not-connected"].startswith("was never connected")


def test_ports_are_given_in_order_and_every_link_leads_to_its_system() -> None:
    placed = topology.assign(count(20_000))
    assert list(placed.ports.values()) == list(range(20_000, 20_136))
    assert set(placed.links) == set(topology.link_names())
    for link in topology.links():
        assert placed.links[link.name].upstream == f"{HOST}:{placed.ports[link.callee]}"
    listens = [link.listen for link in placed.links.values()]
    assert listens == [f"{HOST}:{port}" for port in range(20_136, 20_136 + 401)]


def test_a_caller_is_told_the_links_it_may_use_and_no_others() -> None:
    placed = topology.assign(count(20_000))
    assert placed.peers("portal-10") == {
        callee: placed.links[f"portal-10--{callee}"].listen for callee in ("case-15", "vneid")
    }
    assert placed.peers("population") == {}


def test_too_few_ports_are_refused_with_both_numbers() -> None:
    with pytest.raises(ValueError, match="537 ports are needed, and only 536 were given"):
        topology.assign(range(20_000, 20_536))


def test_a_port_given_twice_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="port 20001 was given twice"):
        topology.assign([20_001, *range(20_000, 20_536)])


def test_only_the_links_of_people_begin_where_other_hosts_can_reach_them() -> None:
    placed = topology.assign(count(20_000), entrance="192.0.2.1")
    for link in placed.links.values():
        outside = link.link.caller in (CITIZENS, OFFICIALS)
        assert link.listen.startswith("192.0.2.1:" if outside else f"{HOST}:")
        assert link.upstream.startswith(f"{HOST}:")


def test_the_whole_country_is_the_core_and_what_the_directives_name_beside_it() -> None:
    core, whole = topology.systems(), topology.systems("whole")
    assert whole[: len(core)] == core
    assert {system.kind for system in core} == set(topology.CORE)
    assert {system.kind for system in whole} == set(Kind)
    assert len({system.name for system in whole}) == len(whole) == 302
    assert set(topology.links()) < set(topology.links("whole"))
    assert len(set(topology.link_names("whole"))) == len(topology.links("whole"))


@pytest.mark.parametrize(
    ("caller", "called", "not_called"),
    [
        pytest.param("case-15", {"civil-status", "ioc-15", "emc"}, {"ioc-91", "vneid"}, id="own province"),
        pytest.param("postal", {"case-15", "case-91"}, {"lgsp-15"}, id="one for all provinces"),
        pytest.param(
            "ministry-portal-industry",
            {"ministry-case-industry", "vneid"},
            {"ministry-case-agriculture"},
            id="own ministry",
        ),
    ],
)
def test_who_calls_whom_in_the_whole_country(caller: str, called: set[str], not_called: set[str]) -> None:
    found = {link.callee for link in topology.links("whole") if link.caller == caller}
    assert called <= found
    assert not found & not_called


def test_in_the_whole_country_too_everybody_is_called_and_calls_systems() -> None:
    names = {system.name for system in topology.systems("whole")}
    assert {link.callee for link in topology.links("whole")} == names
    assert {link.caller for link in topology.links("whole")} <= names | {CITIZENS, OFFICIALS}


def test_the_whole_country_has_a_place_for_everything() -> None:
    placed = topology.assign(count(10_000), "whole")
    assert set(placed.links) == set(topology.link_names("whole"))
    assert placed.peers("driver-licences").keys() == {"health-data"}
