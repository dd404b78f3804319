"""Faults that change with time, and several faults on one link, against the real Toxiproxy."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from chaos.catalogue import LinkFault
from chaos.links import Links
from tests.chaos.support import NAME, Callee, Callers, Seen, eventually, made

pytestmark = pytest.mark.e2e


def play(links: Links, fault: LinkFault, lasting: float, callers: Callers) -> list[Seen]:
    """What a new caller sees in each stage; a stage is cured before the next comes, the whole at the end."""
    seen: list[Seen] = []
    before: LinkFault | None = None
    for stage in fault.stages(lasting):
        if before is not None:
            links.cure(before, [NAME])
        links.apply(stage.fault, [NAME])
        before = stage.fault
        seen.append(callers.one().see(f"stage {len(seen)}"))
    links.cure(fault, [NAME])
    return seen


class TestStages:
    """Faults that change with time."""

    def test_flapping_is_down_and_up_by_turns(self, links: Links, callee: Callee) -> None:
        with Callers(links) as callers:
            seen = play(links, made("flapping", period="1s"), 2, callers)
        assert [each.what for each in seen] == ["refused", "answered"] * 2
        assert callee.executed == ["stage 1", "stage 3"]
        assert links.states()[NAME].healthy

    def test_a_brown_out_gets_worse(self, links: Links) -> None:
        fault = made("brown-out", mild="50ms", severe="200ms", mild_rate=100, severe_rate=10, steps=3)
        with Callers(links) as callers:
            seen = play(links, fault, 1, callers)
        assert [each.what for each in seen] == ["answered"] * 3
        # latency, and 2 kB at 100, 32 and 10 KB/s
        assert all(
            each.seconds >= least
            for each, least in zip(seen, [0.05 + 0.02, 0.1 + 0.06, 0.2 + 0.2], strict=True)
        )
        assert links.states()[NAME].healthy

    @pytest.mark.parametrize("kind", ["flapping", "brown-out"])
    def test_the_cure_of_the_whole_takes_off_any_stage(self, kind: str, links: Links) -> None:
        fault = made(kind, "tonight")
        for stage in fault.stages(10):
            links.apply(stage.fault, [NAME])
            links.cure(fault, [NAME])
            assert links.states()[NAME].healthy

    def test_a_flapping_link_that_is_cut_as_well_stays_down(self, links: Links) -> None:
        cut = made("cut", "digger")
        links.apply(cut, [NAME])
        with Callers(links) as callers:
            seen = play(links, made("flapping", period="1s"), 2, callers)
            assert {each.what for each in seen} == {"refused"}
            assert callers.one().write("x") == "refused", "the cut outlasts the flapping"
            links.cure(cut, [NAME])
            assert callers.one().write("x") == "answered"


class TestOverlap:
    """Several faults on one link."""

    def test_two_of_one_kind_add_up_and_go_one_by_one(self, links: Links) -> None:
        one, other = made("slow", "one", latency="100ms"), made("slow", "other", latency="150ms")
        with Callers(links) as callers:
            links.apply(one, [NAME])
            links.apply(other, [NAME])
            assert callers.one().see("x").seconds >= 0.25
            links.cure(one, [NAME])
            assert [toxic.name for toxic in links.states()[NAME].toxics] == ["other.latency.downstream"]
            assert callers.one().see("x").seconds >= 0.15
            links.cure(other, [NAME])
        assert links.states()[NAME].healthy

    @pytest.mark.parametrize("first", ["cut", "slow"], ids="{} is cured first".format)
    @pytest.mark.parametrize("order", [("cut", "slow"), ("slow", "cut")], ids=" then ".join)
    def test_cut_and_slow(self, order: tuple[str, str], first: str, links: Links) -> None:
        faults = {"cut": made("cut", "digger"), "slow": made("slow", "distance", latency="150ms")}
        with Callers(links) as callers:
            for kind in order:
                links.apply(faults[kind], [NAME])
            assert callers.one().write("both") == "refused"
            links.cure(faults[first], [NAME])
            seen = callers.one().see("one")
            if first == "cut":
                assert seen.what == "answered"
                assert seen.seconds >= 0.15
            else:
                assert seen.what == "refused"
            for fault in faults.values():
                links.cure(fault, [NAME])
            assert callers.one().write("none") == "answered"
        assert links.states()[NAME].healthy

    @pytest.mark.parametrize("kinds", [("cut", "cut"), ("cut", "partition")], ids=" and ".join)
    def test_a_link_that_two_sever_is_up_after_the_second_cure(
        self, kinds: tuple[str, str], links: Links
    ) -> None:
        one, other = made(kinds[0], "one"), made(kinds[1], "other")
        with Callers(links) as callers:
            seen = []
            for change, fault in (
                *((links.apply, one), (links.apply, other)),
                *((links.cure, one), (links.cure, one), (links.cure, other)),
            ):
                change(fault, [NAME])
                seen.append(callers.one().write("x"))
        assert seen == ["refused", "refused", "refused", "refused", "answered"]

    def test_a_reset_does_not_open_a_link_that_is_cut(self, links: Links) -> None:
        cut, reset = made("cut", "digger"), made("reset", "box")
        with Callers(links) as callers:
            links.apply(cut, [NAME])
            links.apply(reset, [NAME])
            assert callers.one().write("x") == "refused"
            links.cure(cut, [NAME])
            assert callers.one().write("x") == "broken"
            links.cure(reset, [NAME])
            assert callers.one().write("x") == "answered"

    @pytest.mark.parametrize("narrow", ["thin-line", "brown-out"])
    def test_one_before_a_narrow_line_can_be_cured_while_an_answer_is_in_it(
        self, narrow: str, links: Links, callee: Callee
    ) -> None:
        """A toxic right before one that does not read would hold up this call, and the whole server."""
        callee.answer = b"x" * 300_000
        slow = made("slow", "slow", latency="10ms")
        rates = {"rate": 2, "round_trip": 0} if narrow == "thin-line" else {"mild_rate": 2, "severe_rate": 2}
        thin = made(narrow, "thin", **rates)
        with Callers(links) as callers, ThreadPoolExecutor(4) as pool:
            links.apply(slow, [NAME])
            links.apply(thin, [NAME])
            waiting = [pool.submit(callers.one().see, f"{number}") for number in range(4)]
            assert eventually(lambda: len(callee.executed) == 4, within=20)
            # Every answer is under way, and fills the line for minutes.
            links.cure(slow, [NAME])
            assert not any(each.done() for each in waiting)
            links.cure(thin, [NAME])
            assert [(each.result().what, each.result().received) for each in waiting] == [
                ("answered", 300_000)
            ] * 4

    def test_a_fault_that_comes_lets_one_held_answer_go(self, links: Links, callee: Callee) -> None:
        """What the guide of the catalogue warns of."""
        with Callers(links) as callers, ThreadPoolExecutor(1) as pool:
            waiting = callers.one()
            links.apply(made("one-direction", "still"), [NAME])
            waited = pool.submit(waiting.see, "x")
            assert eventually(lambda: callee.executed == ["x"])
            went = threading.Event()
            waited.add_done_callback(lambda _: went.set())
            assert not went.wait(0.4)
            links.apply(made("slow", "other", latency="1ms"), [NAME])
            assert waited.result().what == "answered"
