"""What may be sent to the server: the deadly and the silently ignored are stopped here."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from chaos.client import ProxySpec
from chaos.errors import ToxicError, ToxiproxyError
from chaos.finding import Source
from chaos.server import ToxiproxyServer
from chaos.toxics import ATTRIBUTES, Toxic, check, is_of, name_of
from tests.chaos.support import Callee, Caller, eventually
from tests.ports import held_ports


def toxic(type_: str, attributes: Mapping[str, int], **changes: object) -> Toxic:
    return Toxic.model_validate({"name": "t", "type": type_, "attributes": attributes, **changes})


@pytest.mark.parametrize(
    ("type_", "attributes", "named"),
    [
        pytest.param("bandwidth", {"rate": -1}, "rate = -1", id="kills: negative bandwidth"),
        pytest.param("bandwidth", {"rate": 0}, "between 1 and", id="hangs: bandwidth of nothing"),
        pytest.param(
            "latency", {"latency": 1, "jitter": 2**62}, f"jitter = {2**62}", id="kills: jitter that overflows"
        ),
        pytest.param("slicer", {}, "lacks 'average_size'", id="kills: slicer by default"),
        pytest.param(
            "slicer",
            {"average_size": 0, "size_variation": 0, "delay": 0},
            "average_size = 0",
            id="kills: slices of no bytes",
        ),
        pytest.param(
            "slicer",
            {"average_size": 10, "size_variation": 10, "delay": 0},
            "size_variation = 10 is not below average_size = 10",
            id="kills: variation as large as the slice",
        ),
        pytest.param("latency", {"latency": -1, "jitter": 0}, "latency = -1", id="negative latency"),
        pytest.param("latency", {"latency": 1}, "lacks 'jitter'", id="an attribute left out"),
        pytest.param(
            "latency",
            {"latenzy": 1, "jitter": 0},
            "did you mean 'latency'",
            id="ignored: a misspelt attribute",
        ),
        pytest.param(
            "timeout", {"timeout": 0, "rate": 1}, "timeout has no 'rate'", id="ignored: one too many"
        ),
        pytest.param("timeout", {"timeout": 3_600_001}, "between 0 and 3600000 ms", id="over an hour"),
        pytest.param("limit_data", {"bytes": -1}, "bytes = -1", id="negative limit"),
        pytest.param("latancy", {"latency": 1, "jitter": 0}, "did you mean 'latency'", id="a misspelt type"),
        pytest.param("flood", {}, "legal are latency, bandwidth", id="a type unlike any"),
    ],
)
def test_a_harmful_toxic_is_refused_and_named(type_: str, attributes: dict[str, int], named: str) -> None:
    with pytest.raises(ToxicError) as error:
        check(toxic(type_, attributes))
    assert named in str(error.value)


@pytest.mark.parametrize("toxicity", [0.0, -0.1, 1.1])
def test_a_toxicity_that_is_no_share_is_refused(toxicity: float) -> None:
    with pytest.raises(ToxicError, match="toxicity"):
        check(toxic("timeout", {"timeout": 0}, toxicity=toxicity))


def test_a_name_says_whose_toxic_it_is() -> None:
    name = name_of("slow", "latency", "upstream")
    assert name == "slow.latency.upstream"
    assert is_of(name, "slow")
    assert not is_of(name_of("slow-too", "latency", "upstream"), "slow")
    assert not is_of("slow-by-hand", "slow")


def test_a_toxic_without_a_name_is_refused() -> None:
    with pytest.raises(ToxicError, match="without a name"):
        check(toxic("timeout", {"timeout": 0}, name=""))


@given(st.data())
def test_whatever_lies_within_all_bounds_passes(data: st.DataObject) -> None:
    type_ = data.draw(st.sampled_from(sorted(ATTRIBUTES)))
    attributes = {
        name: data.draw(st.integers(bounds.least, bounds.greatest), label=name)
        for name, bounds in ATTRIBUTES[type_].items()
    }
    if type_ == "slicer":
        attributes["size_variation"] %= attributes["average_size"]
    check(toxic(type_, attributes))


@given(st.data())
def test_one_value_outside_its_bounds_never_passes(data: st.DataObject) -> None:
    type_ = data.draw(st.sampled_from(sorted(ATTRIBUTES)))
    attributes = {name: bounds.greatest for name, bounds in ATTRIBUTES[type_].items()}
    wrong = data.draw(st.sampled_from(sorted(attributes)))
    bounds = ATTRIBUTES[type_][wrong]
    attributes[wrong] = data.draw(
        st.one_of(st.integers(max_value=bounds.least - 1), st.integers(min_value=bounds.greatest + 1))
    )
    with pytest.raises(ToxicError, match=f"{wrong} = "):
        check(toxic(type_, attributes))


@pytest.mark.e2e
@pytest.mark.parametrize(
    "deadly",
    [
        pytest.param({"type": "bandwidth", "attributes": {"rate": -1}}, id="negative bandwidth"),
        pytest.param({"type": "latency", "attributes": {"jitter": 2**62}}, id="jitter that overflows"),
    ],
)
def test_the_bounds_are_needed_the_server_dies_of_what_they_stop(
    deadly: dict[str, Any], source: Source, callee: Callee, tmp_path: Path
) -> None:
    """Sent past the client, to a server of its own; the day this fails, a bound can be reconsidered."""
    with ToxiproxyServer(source, log=tmp_path / "log") as server:
        [port] = held_ports(1)
        client = server.client(within=1)
        client.populate([ProxySpec(name="p", listen=f"127.0.0.1:{port}", upstream=callee.address)])
        answer = requests.post(f"http://{server.address}/proxies/p/toxics", json=deadly, timeout=5)
        assert answer.status_code == 200, "the server takes it"
        with closing(Caller(f"127.0.0.1:{port}", patience=5)) as caller:
            assert caller.write("w") == "broken"

        def dead() -> bool:
            try:
                client.version()
            except ToxiproxyError:
                return True
            return False

        assert eventually(dead)
    assert "panic" in (tmp_path / "log").read_text()
