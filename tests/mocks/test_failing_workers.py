"""A system whose worker has failed does not go on answering as if all were well."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import uvloop

import mocks.process
from mocks.__main__ import main
from mocks.config import ProcessConfig, SystemConfig
from mocks.process import WorkerError, serve
from mocks.system import System
from mocks.systems.vneid import Vneid
from tests.mocks.country import SEED, configuration
from tests.mocks.processes import on_ports


class Failing(Vneid):
    """Its desk stumbles over the first thing it looks at."""

    async def start(self) -> None:
        await super().start()
        self.context.spawn(self._stumble(), "vneid desk")

    async def _stumble(self) -> None:
        raise KeyError("no such file")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProcessConfig:
    def failing(kind: str, defects: frozenset[str]) -> type[System]:
        return Failing

    monkeypatch.setattr(mocks.process, "system_type", failing)
    systems: list[SystemConfig] = [on_ports(configuration())["vneid"]]
    return ProcessConfig("national", str(tmp_path), SEED, systems)


def test_a_process_ends_when_a_worker_fails(config: ProcessConfig) -> None:
    with pytest.raises(WorkerError, match="vneid desk has failed"):
        uvloop.run(serve(config))


def test_its_exit_code_is_that_of_our_own_fault(
    config: ProcessConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mocks.national.json"
    path.write_bytes(msgspec.json.encode(config))
    assert main([str(path)]) == 70
    assert "vneid desk has failed" in capsys.readouterr().err
