"""CPU seconds are counted for the part that used them, from the first look on."""

import pytest

from rehearsal.usage import Meter, part_of


@pytest.mark.parametrize(
    ("command", "part"),
    [
        (["/usr/bin/python3", "-m", "mocks", "/runs/x/mocks.provinces.json"], "mocks"),
        (["/usr/bin/python3", "-m", "rehearsal.swarm", "worker"], "swarm"),
        (["/usr/bin/python3", "-m", "rehearsal.prober", "--run", "x"], "prober"),
        (["/cache/bin/toxiproxy-server", "-port", "8474"], "toxiproxy"),
        (["/usr/bin/python3", "/venv/bin/rehearse", "run", "closing-night"], "conductor"),
        ([], "conductor"),
    ],
)
def test_parts(command: list[str], part: str) -> None:
    assert part_of(command) == part


def test_only_what_is_used_between_the_first_and_the_last_look_counts() -> None:
    meter = Meter()
    meter.note(100.0, [(1, "mocks", 50.0), (2, "swarm", 3.0)])
    meter.note(101.0, [(1, "mocks", 50.5), (2, "swarm", 3.2), (3, "mocks", 0.1)])
    meter.note(102.0, [(1, "mocks", 51.0)])
    usage = meter.usage()
    assert usage.seconds == 2.0
    assert usage.cpu_seconds == {
        "mocks": pytest.approx(1.1),
        "toxiproxy": 0.0,
        "swarm": pytest.approx(0.2),
        "prober": 0.0,
        "conductor": 0.0,
    }


def test_this_process_is_seen() -> None:
    meter = Meter()
    meter.sample()
    sum(range(2_000_000))
    meter.sample()
    assert sum(meter.usage().cpu_seconds.values()) > 0
