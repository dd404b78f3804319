"""Real processes of mocks on loopback, wired to each other directly: no Toxiproxy between them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import msgspec

from mocks.config import ProcessConfig, SystemConfig
from tests.mocks.country import SEED
from tests.ports import held_ports

READY_WITHIN = 60.0


def on_ports(configs: Iterable[SystemConfig]) -> dict[str, SystemConfig]:
    """The same systems on free ports, each told the addresses of the others."""
    given = list(configs)
    ports = dict(zip((each.name for each in given), held_ports(len(given)), strict=True))

    def address(name: str) -> str:
        return f"http://127.0.0.1:{ports[name]}"

    return {
        each.name: msgspec.structs.replace(
            each,
            port=ports[each.name],
            peers={callee: address(callee) for callee in each.peers},
            public={callee: address(callee) for callee in each.public},
        )
        for each in given
    }


class MockProcess:
    """One ``python -m mocks``. Started on entry, ended on exit; may be killed and started again."""

    def __init__(self, name: str, folder: Path, systems: list[SystemConfig]) -> None:
        self._config = folder / f"mocks.{name}.json"
        self._config.write_bytes(msgspec.json.encode(ProcessConfig(name, str(folder), SEED, systems)))
        self._process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def start(self) -> None:
        """Start it; returns when it has said that it runs."""
        command = [sys.executable, "-m", "mocks", str(self._config)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        if self._process.stdout is None:
            raise RuntimeError("the process has no output")
        with self._process.stdout as output:  # it says one line and no more
            said = output.readline()
        if "process" not in json.loads(said or b"{}"):
            raise RuntimeError(f"{self._config} did not start: exit code {self._process.wait(READY_WITHIN)}")

    def kill(self) -> None:
        """``kill -9``."""
        self._process.kill()
        self._process.wait(READY_WITHIN)

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(READY_WITHIN)

    def __enter__(self) -> MockProcess:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.stop()
