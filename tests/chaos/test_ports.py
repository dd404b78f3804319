"""Free ports below the ephemeral range."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaos import ports
from chaos.errors import PortsError
from chaos.ports import ephemeral_range, free_ports
from tests.ports import held_ports


@given(st.integers(min_value=0, max_value=500))
@settings(max_examples=15, deadline=None)
def test_as_many_as_asked_distinct_and_never_ephemeral(count: int) -> None:
    found = free_ports(count)
    assert len(set(found)) == count
    assert all(10_000 <= port < ephemeral_range()[0] for port in found)


def test_all_of_them_can_be_listened_on_together() -> None:
    listeners = [socket.create_server(("127.0.0.1", port)) for port in free_ports(50)]
    for listener in listeners:
        listener.close()
    assert len(listeners) == 50


@pytest.mark.parametrize("where", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - a listener elsewhere is the case
def test_a_port_somebody_listens_on_is_passed_over(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    [port] = free_ports(1)
    monkeypatch.setattr(ports, "_round_from_anywhere", lambda *_range: iter([port, port + 1, port + 2]))
    with socket.create_server((where, port)):
        assert free_ports(1) != [port]


def test_a_port_somebody_listens_on_at_another_address_is_passed_over_where_that_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [port] = free_ports(1, also="127.0.0.2")
    monkeypatch.setattr(ports, "_round_from_anywhere", lambda *_range: iter([port, port + 1, port + 2]))
    with socket.create_server(("127.0.0.2", port)):
        assert free_ports(1) == [port]
        assert free_ports(1, also="127.0.0.2") != [port]


def test_a_held_port_is_passed_over_and_its_holder_can_have_it_listened_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [port] = held_ports(1)
    monkeypatch.setattr(ports, "_round_from_anywhere", lambda *_range: iter([port, port + 1, port + 2]))
    assert free_ports(1) != [port]
    for _again in range(2):
        with socket.create_server(("127.0.0.1", port)):
            assert free_ports(1) != [port]


def test_too_few_are_an_error_that_says_how_many_there_were(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kernel = tmp_path / "ip_local_port_range"
    kernel.write_text("10003\t60999\n")
    monkeypatch.setattr(ports, "_RANGE", kernel)
    with pytest.raises(PortsError, match=r"5 free ports were asked for, [0-3] found between 10000 and 10002"):
        free_ports(5)


def test_no_room_below_the_range_is_the_same_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kernel = tmp_path / "ip_local_port_range"
    kernel.write_text("1024\t65535\n")
    monkeypatch.setattr(ports, "_RANGE", kernel)
    with pytest.raises(PortsError, match="starts at 1024"):
        free_ports(1)


def test_a_kernel_that_does_not_say_is_taken_to_have_the_widest_usual_range(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ports, "_RANGE", tmp_path / "absent")
    assert ephemeral_range() == (32768, 65535)


def test_two_searches_seldom_start_at_the_same_place() -> None:
    firsts = {free_ports(1)[0] for _ in range(20)}
    assert len(firsts) > 10


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 ports"):
        free_ports(-1)
