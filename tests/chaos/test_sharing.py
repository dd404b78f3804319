"""One link, shared by faults that overlap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chaos.catalogue import LinkFault
from chaos.fake import FakeProxy
from chaos.sharing import Sharing
from tests.chaos.support import made

FAULTS = [
    made("cut", "digger"),
    made("cut", "storm"),
    made("partition", "island"),
    made("flapping", "plug"),
    made("slow", "distance", latency=1),
    made("slow", "crowd", latency=2),
    made("thin-line", "hills"),
    made("reset", "box"),
    made("nothing", "calm"),
]


class Link:
    """A proxy in memory that several faults share."""

    def __init__(self) -> None:
        self.proxy = FakeProxy()
        self.sharing = Sharing()

    def apply(self, fault: LinkFault) -> None:
        with self.sharing.seen_by(fault.instance, self.proxy) as share:
            assert fault.apply(share) == self.proxy.state()

    def cure(self, fault: LinkFault) -> None:
        with self.sharing.seen_by(fault.instance, self.proxy) as share:
            assert fault.cure(share) == self.proxy.state()


@given(st.lists(st.sampled_from(FAULTS), max_size=40))
def test_a_link_has_what_the_faults_that_are_on_it_do_in_whatever_order_they_come_and_go(
    changes: list[LinkFault],
) -> None:
    link = Link()
    on: list[LinkFault] = []
    for fault in changes:
        if fault in on:
            link.cure(fault)
            on.remove(fault)
        else:
            link.apply(fault)
            on.append(fault)
        state = link.proxy.state()
        assert state.enabled is not any(each.severs for each in on)
        instances = {toxic.name.split(".")[0] for toxic in state.toxics}
        assert instances == {each.instance for each in on if not each.severs and each.kind != "nothing"}


def test_one_fault_done_twice_needs_one_cure() -> None:
    link, cut = Link(), made("cut", "digger")
    link.apply(cut)
    link.apply(cut)
    link.cure(cut)
    assert link.proxy.state().enabled


def test_when_all_is_ended_nobody_holds_it_down() -> None:
    link = Link()
    link.apply(made("cut", "digger"))
    with link.sharing.ended():
        link.proxy.enable()
    link.apply(made("cut", "storm"))
    link.cure(made("cut", "storm"))
    assert link.proxy.state().enabled
