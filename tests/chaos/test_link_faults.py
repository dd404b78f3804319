"""The kinds of link fault on a proxy in memory; ``test_conformance.py`` has the real one."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chaos.catalogue import KINDS, LinkFault
from chaos.catalogue.nothing import Nothing
from chaos.errors import ToxiproxyError
from chaos.fake import FakeProxy
from chaos.toxics import ATTRIBUTES
from tests.chaos.support import REQUIRED, bound, made

OF_LINKS = [name for name, kind in KINDS.items() if issubclass(kind, LinkFault)]


def some(kind: str, name: str = "") -> LinkFault:
    return made(kind, name, **REQUIRED.get(kind, {}))


@st.composite
def legal(draw: st.DrawFn, kind: str) -> LinkFault | None:
    """A fault of that kind with any parameters within the bounds of each, at the very bounds too.

    None where the kind refuses them together.
    """
    parameters: dict[str, Any] = {"kind": kind}
    for name, field in KINDS[kind].model_fields.items():
        if name in ("direction", "kind"):
            continue
        least, greatest = bound(field, "ge"), bound(field, "le")
        inside = (
            st.integers(int(least), int(greatest)) if field.annotation is int else st.floats(least, greatest)
        )
        parameters[name] = draw(st.sampled_from([least, greatest]) | inside)
    if "direction" in KINDS[kind].model_fields:
        parameters["direction"] = draw(st.sampled_from(["answers", "requests"]))
    try:
        fault = KINDS[kind].model_validate(parameters)
    except ValidationError as error:
        if any(problem["loc"] for problem in error.errors()):
            raise  # what is within the bounds of each, only a rule about several may refuse
        return None
    assert isinstance(fault, LinkFault)
    return fault


@pytest.mark.parametrize("kind", OF_LINKS)
class TestEveryKind:
    """The rules of the methods, on a proxy in memory."""

    def test_the_cure_leaves_a_healthy_proxy(self, kind: str) -> None:
        proxy, fault = FakeProxy(), some(kind)
        shown = fault.apply(proxy)
        assert shown == proxy.state(), "apply returns what was read back"
        assert shown.healthy is (kind == "nothing")
        assert fault.severs is not shown.enabled
        assert fault.cure(proxy) == proxy.state()
        assert proxy.state().healthy

    def test_a_cure_without_the_fault_does_no_harm(self, kind: str) -> None:
        proxy = FakeProxy()
        some(kind).cure(proxy)
        assert proxy.state().healthy

    def test_what_other_faults_did_stays(self, kind: str) -> None:
        proxy = FakeProxy()
        for other in OF_LINKS:
            if not some(other).severs:
                some(other, f"another-{other}").apply(proxy)
        before = proxy.state()
        some(kind).apply(proxy)
        some(kind).cure(proxy)
        assert proxy.state() == before

    def test_a_server_that_will_not_is_heard_of(self, kind: str) -> None:
        proxy = FakeProxy()
        proxy.broken = True
        if kind == "nothing":
            some(kind).apply(proxy)
            return
        with pytest.raises(ToxiproxyError, match="503"):
            some(kind).apply(proxy)

    def test_two_instances_have_different_toxics_and_one_twice_is_refused(self, kind: str) -> None:
        proxy = FakeProxy()
        some(kind, "one").apply(proxy)
        some(kind, "other").apply(proxy)
        names = [toxic.name for toxic in proxy.state().toxics]
        assert all(name.split(".")[0] in ("one", "other") for name in names)
        if names:
            with pytest.raises(ToxiproxyError, match="already exists"):
                some(kind, "one").apply(proxy)

    def test_one_that_holds_by_not_reading_has_a_latency_of_its_own_before_it(self, kind: str) -> None:
        """Else the removal of whatever is before it hangs, and the server with it."""
        for stage in some(kind).stages(10):
            proxy = FakeProxy()
            stage.fault.apply(proxy)
            for stream in ("upstream", "downstream"):
                types = [toxic.type for toxic in proxy.state().toxics if toxic.stream == stream]
                assert not {"bandwidth", "slicer"} & set(types) or types[0] == "latency"

    def test_the_last_toxic_is_removed_first(self, kind: str) -> None:
        proxy, fault = FakeProxy(), some(kind)
        fault.apply(proxy)
        added = [change.split()[1] for change in proxy.history if change.startswith("add")]
        proxy.history.clear()
        fault.cure(proxy)
        removed = [change.split()[1] for change in proxy.history if change.startswith("remove")]
        assert removed == added[::-1]

    @given(data=st.data())
    def test_no_legal_parameters_make_a_toxic_that_harms_the_server(
        self, kind: str, data: st.DataObject
    ) -> None:
        """In any stage: the fake proxy checks every toxic as the real client does."""
        fault = data.draw(legal(kind))
        if fault is None:
            return
        proxy = FakeProxy()
        for stage in itertools.islice(fault.stages(data.draw(st.floats(0.01, 600))), 200):
            stage.fault.apply(proxy)
            fault.cure(proxy)
            assert proxy.state().healthy

    @given(data=st.data())
    def test_stages_are_in_the_order_of_time_and_belong_to_the_instance(
        self, kind: str, data: st.DataObject
    ) -> None:
        fault = data.draw(legal(kind))
        if fault is None:
            return
        lasting = data.draw(st.floats(0.01, 60))
        stages = fault.named("tonight").stages(lasting)
        assert stages[0].after == 0
        instants = [stage.after for stage in stages]
        assert instants == sorted(set(instants))
        assert instants[-1] < lasting
        assert {stage.fault.instance for stage in stages} == {"tonight"}


class TestInstances:
    """A fault is itself by its name."""

    def test_without_a_name_it_goes_by_its_kind(self) -> None:
        assert made("cut").instance == "cut"

    def test_a_named_one_is_a_copy(self) -> None:
        fault = made("slow", latency=1)
        named = fault.named("distance")
        assert (fault.instance, named.instance) == ("slow", "distance")
        assert named.model_dump() == fault.model_dump(), "the name is no parameter"

    @pytest.mark.parametrize("name", ["", "a.b", "Slow", "a--b", "a b"])
    def test_a_name_that_toxics_could_not_carry_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match=re.escape(f"{name!r} names no fault: write lower-case")):
            made("cut").named(name)


class TestStages:
    """Those that change with time."""

    def test_most_do_not(self) -> None:
        changing = {kind for kind in OF_LINKS if len(some(kind).stages(10)) > 1}
        assert changing == {"flapping", "brown-out"}

    def test_flapping_is_down_for_its_share_of_every_period(self) -> None:
        stages = made("flapping", period=4, down=0.25).stages(10)
        assert [(stage.after, stage.fault.kind) for stage in stages] == [
            *((0, "cut"), (1, "nothing"), (4, "cut"), (5, "nothing"), (8, "cut"), (9, "nothing"))
        ]
        assert isinstance(stages[1].fault, Nothing)

    def test_a_brown_out_worsens_by_the_same_factor_until_the_end(self) -> None:
        fault = made("brown-out", mild=0.1, severe=0.9, mild_rate=900, severe_rate=100, steps=3)
        shown = []
        for stage in fault.stages(30):
            proxy = FakeProxy()
            latency, bandwidth = stage.fault.apply(proxy).toxics
            shown.append((stage.after, latency.attributes["latency"], bandwidth.attributes["rate"]))
        assert shown == [(0, 100, 900), (10, 300, 300), (20, 900, 100)]


def test_a_reset_closes_the_open_connections_once_the_toxic_is_there() -> None:
    """The toxic spares connections that are older than itself."""
    proxy = FakeProxy()
    made("reset").apply(proxy)
    assert proxy.history == ["add reset.reset_peer.downstream", "disable", "enable"]


def test_a_reset_on_a_link_that_is_cut_does_not_open_it() -> None:
    proxy = FakeProxy()
    made("cut").apply(proxy)
    assert not made("reset").apply(proxy).enabled


def test_one_direction_is_held_for_longer_than_any_rehearsal() -> None:
    proxy = FakeProxy()
    [toxic] = made("one-direction").apply(proxy).toxics
    assert toxic.attributes["latency"] == ATTRIBUTES["latency"]["latency"].greatest
