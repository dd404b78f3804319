"""What a process of mocks is told, and what it says to a configuration that cannot be."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from mocks.__main__ import main
from mocks.config import ConfigError, read
from mocks.process import bind


def written(tmp_path: Path, **system: object) -> Path:
    path = tmp_path / "mocks.json"
    whole = {
        "process": "test",
        "folder": str(tmp_path),
        "seed": 7,
        "systems": [{"name": "vneid", "kind": "vneid", "port": 1, **system}],
    }
    path.write_bytes(msgspec.json.encode(whole))
    return path


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    (system,) = read(written(tmp_path)).systems
    assert (system.province, system.defects, system.peers) == ("", frozenset(), {})
    assert system.capacity.servers > 0


@pytest.mark.parametrize(
    ("system", "says"),
    [
        pytest.param({"port": "x"}, "Expected `int`, got `str` - at `$.systems[0].port`", id="port"),
        pytest.param(
            {"capacity": {"servers": 0}}, "`int` >= 1 - at `$.systems[0].capacity.servers`", id="servers"
        ),
        pytest.param(
            {"capacity": {"queue": -1}}, "`int` >= 0 - at `$.systems[0].capacity.queue`", id="queue"
        ),
        pytest.param({"name": None}, "Expected `str`, got `null` - at `$.systems[0].name`", id="no name"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_place(
    tmp_path: Path, system: dict[str, object], says: str
) -> None:
    path = written(tmp_path, **system)
    with pytest.raises(ConfigError, match=re.escape(f"{path}: ") + ".*" + re.escape(says)):
        read(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.json: cannot be read \(No such file or directory\)"):
        read(tmp_path / "none.json")


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port} on 127.0.0.1 cannot be bound"):
            bind(port)


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_the_command_takes_one_file(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err == "usage: python -m mocks CONFIG.json\n"


@pytest.mark.parametrize(
    ("system", "says"),
    [
        pytest.param(
            {"kind": "vnied"}, "'vnied' is no kind of system (did you mean 'vneid'?); legal", id="kind"
        ),
        pytest.param(
            {"kind": "case-system", "province": "99"}, "system 'vneid': province code", id="province"
        ),
    ],
)
def test_the_command_says_in_one_line_what_is_wrong(
    tmp_path: Path, system: dict[str, object], says: str
) -> None:
    path = written(tmp_path, **system)
    done = subprocess.run(
        [sys.executable, "-m", "mocks", str(path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.startswith("mocks: ")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
