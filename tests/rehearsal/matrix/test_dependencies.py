"""The dependencies are made from the topology, and leave nothing of it out."""

from __future__ import annotations

from collections import Counter

from rehearsal.matrix.dependencies import Dependency, dependencies, few_provinces, ways
from rehearsal.topology import Kind, link_names, links, systems


def named(name: str) -> Dependency:
    return next(each for each in dependencies() if each.name == name)


def test_every_link_belongs_to_one_dependency_and_those_of_three_provinces_to_one_more() -> None:
    times = Counter(link for each in dependencies() for link in each.links)
    few = set(named("three-provinces").links)
    assert set(times) == set(link_names())
    assert {link for link, number in times.items() if number == 2} == few
    assert max(times.values()) == 2


def test_signing_in_depends_on_the_links_of_citizens_and_of_the_portal_to_vneid() -> None:
    identity = named("identity")
    assert set(identity.links) == {"citizens--vneid", "national-portal--vneid"}
    assert identity.systems == identity.processes == ("vneid",)


def test_of_a_kind_with_dozens_of_systems_all_can_be_faulty_but_only_a_few_are_killed() -> None:
    assert len(named("forwarding").systems) == len(named("delivery").systems) == 34
    assert not named("forwarding").processes
    assert set(named("three-provinces").processes) == {
        f"{kind}-{code}" for kind in ("lgsp", "case") for code in few_provinces()
    }
    of = {system.name: system.province for system in systems()}
    assert {of[name] for name in named("old-portals").processes} == set(few_provinces())


def test_three_provinces_hang_together_with_the_rest_by_all_links_that_are_used_after_t0() -> None:
    few = named("three-provinces")
    own = {f"{kind}-{code}" for kind in ("lgsp", "case") for code in few_provinces()}
    portals = {system.name for system in systems() if system.kind is Kind.PROVINCIAL_PORTAL}
    expected = {link.name for link in links() if {link.caller, link.callee} & own} - {
        link.name for link in links() if link.caller in portals
    }
    assert set(few.links) == expected
    assert few.provinces == few_provinces()


def test_only_what_open_portals_need_is_played_before_t0() -> None:
    assert [each.name for each in dependencies() if each.before_t0] == ["old-portals-open"]


def test_a_way_leads_between_kinds_whatever_the_province() -> None:
    assert ways(["lgsp-15--case-15", "lgsp-91--case-91", "citizens--vneid"]) == (
        "lgsp--case-system",
        "citizens--vneid",
    )
