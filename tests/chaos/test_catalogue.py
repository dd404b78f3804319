"""The catalogue as a whole, and what each kind says of itself."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from pydantic import ValidationError

from chaos.catalogue import KINDS, Fault, LinkFault, ProcessFault, Switch, SystemFault
from tests.chaos.support import REQUIRED, bound

OF_LINKS = [name for name, kind in KINDS.items() if issubclass(kind, LinkFault)]
OF_SYSTEMS = [name for name, kind in KINDS.items() if issubclass(kind, SystemFault)]
OF_PROCESSES = [name for name, kind in KINDS.items() if issubclass(kind, ProcessFault)]


def some(kind: str, **parameters: Any) -> Fault:
    return KINDS[kind].model_validate({"kind": kind, **REQUIRED.get(kind, {}), **parameters})


class TestKinds:
    """All of them together."""

    def test_there_are_those_that_scenarios_know(self) -> None:
        assert (
            [
                *("nothing", "cut", "request-lost", "acknowledgement-lost", "zombie", "slow", "jitter"),
                *("thin-line", "truncated", "reset", "flapping", "one-direction", "partition", "brown-out"),
            ],
            ["errors", "throttled", "errors-after", "duplicate-delivery", "reordered", "says-not-found"],
            ["killed", "frozen", "restarted"],
        ) == (OF_LINKS, OF_SYSTEMS, OF_PROCESSES)
        assert list(KINDS) == OF_LINKS + OF_SYSTEMS + OF_PROCESSES

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_is_registered_under_its_own_name(self, kind: str) -> None:
        assert KINDS[kind].model_fields["kind"].default == kind
        assert KINDS[kind].__module__ == f"chaos.catalogue.{kind.replace('-', '_')}"

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_says_what_it_is_in_both_languages(self, kind: str) -> None:
        for text in (KINDS[kind].title, KINDS[kind].meaning):
            assert set(text) == {"vi", "en"}
            assert text["vi"].strip()
            assert text["en"].strip()
            assert text["vi"] != text["en"]

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_says_in_what_place_it_happens_and_whether_it_executes(self, kind: str) -> None:
        assert KINDS[kind].place in ("link", "system", "process")
        assert some(kind).executes in ("yes", "no", "late")

    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_no_two_can_be_mistaken_for_each_other_in_words(self, language: str) -> None:
        for texts in ("title", "meaning"):
            said = [getattr(kind, texts)[language] for kind in KINDS.values()]
            assert len(set(said)) == len(said)

    def test_no_two_can_be_mistaken_for_each_other_in_colour(self) -> None:
        colours = {name: kind.colour for name, kind in KINDS.items()}
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours.values())
        points = {
            name: [int(colour[at : at + 2], 16) for at in (1, 3, 5)] for name, colour in colours.items()
        }
        for (one, here), (other, there) in itertools.combinations(points.items(), 2):
            distance = sum((a - b) ** 2 for a, b in zip(here, there, strict=True)) ** 0.5
            assert distance > 35, f"{one} and {other} look alike"

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_parameter_has_bounds_a_meaning_and_but_for_one_a_default(self, kind: str) -> None:
        for name, field in KINDS[kind].model_fields.items():
            if name == "kind":
                continue
            assert field.description
            assert field.is_required() is (name in REQUIRED.get(kind, {}))
            if name != "direction":
                assert bound(field, "ge") < bound(field, "le")


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        pytest.param(
            {"kind": "cut", "latency": 1}, "latency\n  Extra inputs", id="a parameter it does not have"
        ),
        pytest.param({"kind": "slow"}, "latency\n  Field required", id="one that it lacks"),
        pytest.param({"kind": "slow", "latency": "2"}, "'2' has no unit", id="a duration without a unit"),
        pytest.param(
            {"kind": "slow", "latency": "-1s"}, "greater than or equal to 0.001", id="a negative one"
        ),
        pytest.param({"kind": "slow", "latency": "11m"}, "less than or equal to 600", id="a very long one"),
        pytest.param(
            {"kind": "slow", "latency": "1s", "jitter": "2s"}, "jitter = 2.0 s is more than", id="much jitter"
        ),
        pytest.param(
            {"kind": "slow", "latency": "1s", "direction": "sideways"},
            "'answers', 'requests' or 'both'",
            id="a way",
        ),
        pytest.param({"kind": "reset", "after": "1m"}, "less than or equal to 10", id="a reset in a minute"),
        pytest.param(
            {"kind": "thin-line", "rate": 0}, "greater than or equal to 1", id="a line with no width"
        ),
        pytest.param({"kind": "flapping", "down": 1}, "less than or equal to 0.95", id="never up again"),
        pytest.param(
            {"kind": "one-direction", "direction": "both"}, "'answers' or 'requests'", id="two directions"
        ),
        pytest.param(
            {"kind": "brown-out", "mild": "2s", "severe": "1s"},
            "severe = 1.0 s is less than mild = 2.0 s",
            id="a brown-out that gets better",
        ),
        pytest.param(
            {"kind": "brown-out", "mild_rate": 10, "severe_rate": 20},
            "severe_rate = 20 KB/s is more than mild_rate = 10 KB/s",
            id="a brown-out that gets wider",
        ),
        pytest.param(
            {"kind": "errors", "status": 200}, "greater than or equal to 500", id="an error that is none"
        ),
        pytest.param({"kind": "throttled", "share": 0}, "greater than or equal to 0.001", id="no share"),
        pytest.param(
            {"kind": "reordered", "spread": "2m"}, "less than or equal to 60", id="held for minutes"
        ),
        pytest.param({"kind": "killed", "signal": 9}, "Extra inputs", id="a signal of one's choice"),
    ],
)
def test_bad_parameters_are_refused_when_the_fault_is_made(parameters: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError) as error:
        KINDS[parameters["kind"]].model_validate(parameters)
    assert named in str(error.value)


@pytest.mark.parametrize(
    ("parameters", "felt", "switch"),
    [
        ({"kind": "errors", "status": 503, "share": 0.5}, "inbound", Switch("errors", status=503, share=0.5)),
        ({"kind": "throttled", "share": 0.1}, "inbound", Switch("throttled", share=0.1)),
        ({"kind": "errors-after"}, "inbound", Switch("errors-after", status=500)),
        ({"kind": "duplicate-delivery"}, "outbound", Switch("duplicate-delivery")),
        ({"kind": "reordered", "spread": "500ms"}, "inbound", Switch("reordered", spread=0.5)),
        ({"kind": "says-not-found"}, "inbound", Switch("says-not-found")),
    ],
    ids=OF_SYSTEMS,
)
def test_a_fault_of_a_system_is_a_switch(parameters: dict[str, Any], felt: str, switch: Switch) -> None:
    fault = KINDS[parameters["kind"]].model_validate(parameters)
    assert isinstance(fault, SystemFault)
    assert (fault.felt, fault.switch()) == (felt, switch)


def test_a_fault_of_a_process_says_how_it_begins() -> None:
    begins = {kind: some(kind) for kind in OF_PROCESSES}
    assert {kind: fault.begin for kind, fault in begins.items() if isinstance(fault, ProcessFault)} == {
        "killed": "kill",
        "frozen": "freeze",
        "restarted": "restart",
    }
