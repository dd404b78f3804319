"""Addresses and moments on the command line: what cannot be is refused before anything is started."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

from rehearsal import rehearsing
from rehearsal.calibration import record
from rehearsal.cli import guarded, main
from rehearsal.conductor import How
from rehearsal.errors import ExitCode
from rehearsal.options import MASTER_PORT, NOTICE, Address, MasterAddress, Moment, OwnAddress
from rehearsal.plan import Plan
from rehearsal.swarm_processes import Elsewhere

SOON = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        pytest.param("192.0.2.1:6000", Address("192.0.2.1", 6000), id="address and port"),
        pytest.param("conductor:5557", Address("conductor", 5557), id="name and port"),
        pytest.param("conductor", Address("conductor", MASTER_PORT), id="the usual port"),
    ],
)
def test_where_a_master_is(given: str, address: Address) -> None:
    assert MasterAddress().convert(given, None, None) == address


@pytest.mark.parametrize(
    "given", ["", ":5557", "conductor:", "conductor:http", "conductor:0", "conductor:65536"]
)
def test_where_no_master_can_be(given: str) -> None:
    with pytest.raises(click.BadParameter, match="legal is HOST:PORT"):
        MasterAddress().convert(given, None, None)


@pytest.mark.parametrize("given", ["127.0.0.1", "127.0.0.2"])
def test_an_address_of_this_machine(given: str) -> None:
    assert OwnAddress().convert(given, None, None) == given


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param("0.0.0.0", "name the one address", id="all of them"),  # noqa: S104 - refused
        pytest.param("224.0.0.1", "name the one address", id="a group"),
        pytest.param("192.0.2.1", "nothing can listen there", id="of another machine"),
        pytest.param("conductor", "legal is an IPv4 address", id="a name"),
        pytest.param("::1", "legal is an IPv4 address", id="IPv6"),
        pytest.param("127.0.0.1:5557", "legal is an IPv4 address", id="with a port"),
    ],
)
def test_an_address_that_is_not_one_of_this_machine(given: str, said: str) -> None:
    with pytest.raises(click.BadParameter, match=said):
        OwnAddress().convert(given, None, None)


@pytest.mark.parametrize(
    ("ahead", "zone"), [(timedelta(days=1), "+07:00"), (NOTICE + timedelta(seconds=5), "+00:00")]
)
def test_a_moment_to_come(ahead: timedelta, zone: str) -> None:
    moment = datetime.now(datetime.fromisoformat(f"2025-01-01T00:00:00{zone}").tzinfo) + ahead
    assert Moment().convert(moment.isoformat(), None, None) == moment


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param("midnight", "legal is date and time with an offset", id="a word"),
        pytest.param("2125-07-01T00:00:00", "legal is date and time with an offset", id="no offset"),
        pytest.param("2025-07-01T00:00:00+07:00", "legal is 30 s or more", id="past"),
        pytest.param(
            (datetime.now(UTC) + NOTICE / 2).isoformat(),
            "legal is 30 s or more",
            id="too soon for the set-up",
        ),
    ],
)
def test_a_moment_that_cannot_be_kept(given: str, said: str) -> None:
    with pytest.raises(click.BadParameter, match=said):
        Moment().convert(given, None, None)


@pytest.mark.parametrize(
    ("arguments", "workers", "how"),
    [
        pytest.param([], 2, How(), id="all here"),
        pytest.param(["--workers", "3"], 3, How(), id="more here"),
        pytest.param(
            ["--workers", "0", "--expect-workers", "4"],
            4,
            How(elsewhere=Elsewhere(4, "127.0.0.1", MASTER_PORT)),
            id="all elsewhere",
        ),
        pytest.param(
            ["--expect-workers", "2", "--listen", "127.0.0.2", "--port", "6000", "--start-at", SOON],
            4,
            How(elsewhere=Elsewhere(2, "127.0.0.2", 6000), start_at=datetime.fromisoformat(SOON)),
            id="both, at a moment",
        ),
    ],
)
def test_what_a_run_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], workers: int, how: How
) -> None:
    asked: list[tuple[int, How]] = []

    async def conduct(plan: Plan, _folder: object, asked_for: How, **_: object) -> None:
        asked.append((plan.arrivals.workers, asked_for))

    monkeypatch.setattr(record, "load", lambda: None)  # whatever this machine was calibrated for
    monkeypatch.setattr(rehearsing, "conduct", conduct)
    monkeypatch.setattr(rehearsing, "judge", lambda _folder: ExitCode.MET)
    command = ["run", "smoke", "--quiet", "--runs", str(tmp_path), *arguments]
    assert guarded(main, command) == ExitCode.MET
    assert asked == [(workers, how)]


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        pytest.param(["conductor"], ["--host", "conductor", "--port", "5557", "--within", "300"], id="least"),
        pytest.param(
            ["192.0.2.1:6000", "--spool", "kept", "--keep", "--within", "5"],
            ["--host", "192.0.2.1", "--port", "6000", "--within", "5", "--spool", "kept", "--keep"],
            id="everything",
        ),
    ],
)
def test_joining_becomes_a_process_of_the_swarm(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], options: list[str]
) -> None:
    became: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(os, "execv", lambda program, command: became.append((program, command)))
    assert guarded(main, ["join", *arguments]) == ExitCode.MET
    assert became == [(sys.executable, [sys.executable, "-m", "rehearsal.swarm", "join", *options])]
