"""Toxiproxy from its image, run by Docker or Podman through testcontainers.

The container shares the host's network, because the proxies must listen on, and reach, 127.0.0.1 of this
machine: that works on Linux only. The image holds one static program and no shell, so readiness is asked
over HTTP by whoever starts it (``server``). testcontainers' own reaper is another image and is not used; a
``watchdog`` removes the container if we are killed.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from chaos.errors import ChaosError

DEFAULT_IMAGE = "ghcr.io/shopify/toxiproxy:2.12.0"
_ENGINE_ANSWERS_WITHIN = 5
_PULL_WITHIN = 60.0


class ContainerError(ChaosError):
    """A container cannot be had here; says why."""


def image() -> str:
    """The image to run: ``TOXIPROXY_IMAGE`` if set."""
    return os.environ.get("TOXIPROXY_IMAGE") or DEFAULT_IMAGE


def ensure(wanted: str, say: Callable[[str], None]) -> None:
    """Make sure that an engine answers and holds the image, pulling it if that goes quickly.

    Raises:
        ContainerError: what is missing.
    """
    if sys.platform != "linux":
        raise ContainerError("a container shares this machine's loopback on Linux only")
    engine = _engine()
    try:
        try:
            engine.images.get(wanted)
        except _docker_errors().ImageNotFound:
            say(f"pulling the image {wanted}, for at most {_PULL_WITHIN:.0f} s")
            _pull(engine, wanted)
    except _failures() as error:
        raise ContainerError(f"the image {wanted} cannot be had: {_brief(error)}") from error
    finally:
        engine.close()


class Container:
    """One running Toxiproxy container."""

    def __init__(self, wanted: str, port: int) -> None:
        # Imported here, as below: slow, and seldom needed.
        from testcontainers.core.config import testcontainers_config
        from testcontainers.core.container import DockerContainer

        testcontainers_config.ryuk_disabled = True
        try:
            self._container = (
                DockerContainer(wanted)
                .with_command(f"-host=127.0.0.1 -port={port}")
                .with_env("LOG_LEVEL", "warn")
                .with_kwargs(network_mode="host")
            )
            self._container.start()
        except _failures() as error:
            raise ContainerError(f"{wanted} cannot be started: {_brief(error)}") from error

    @property
    def id(self) -> str:
        """The engine's id of it."""
        return str(self._container.get_wrapped_container().id)

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        wrapped = self._container.get_wrapped_container()
        try:
            wrapped.reload()
        except _failures():
            return False
        return str(wrapped.status) == "running"

    def logs(self) -> bytes:
        """What it has said so far."""
        try:
            return bytes(self._container.get_wrapped_container().logs())
        except _failures() as error:
            return str(error).encode()

    def stop(self) -> None:
        """Kill and remove it."""
        with contextlib.suppress(_docker_errors().NotFound):
            self._container.stop()


def remove(container_id: str) -> None:
    """Remove a container by id, as far as that goes: used when nobody is left who could read an error."""
    with contextlib.suppress(ContainerError):
        engine = _engine()
        with contextlib.suppress(*_failures()):
            engine.containers.get(container_id).remove(force=True)
        engine.close()


def _engine() -> Any:  # docker ships no types
    try:
        from testcontainers.core.docker_client import DockerClient

        engine = DockerClient(timeout=_ENGINE_ANSWERS_WITHIN).client
        engine.ping()
    except ImportError as error:
        raise ContainerError(f"the package testcontainers cannot be imported: {error}") from error
    except _failures() as error:
        raise ContainerError(f"no Docker engine answers: {_brief(error)}") from error
    return engine


def _pull(engine: Any, wanted: str) -> None:
    deadline = time.monotonic() + _PULL_WITHIN
    repository, _, tag = wanted.rpartition(":")
    for step in engine.api.pull(repository, tag=tag, stream=True, decode=True):
        if "error" in step:
            raise ContainerError(f"the image {wanted} cannot be pulled: {step['error']}")
        if time.monotonic() >= deadline:
            raise ContainerError(f"the image {wanted} was not pulled within {_PULL_WITHIN:.0f} s")


def _docker_errors() -> Any:
    from docker import errors  # type: ignore[import-untyped]  # it ships no types

    return errors


def _failures() -> tuple[type[Exception], ...]:
    # requests' errors are OSErrors; ValueError comes of a malformed DOCKER_HOST or image name.
    return (_docker_errors().DockerException, OSError, ValueError)


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
