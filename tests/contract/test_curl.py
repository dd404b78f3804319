"""Independent clients in shell and curl, written from the OpenAPI documents alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.running import Running, running

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing"),
]

SCRIPTS = Path(__file__).parent / "curl"
LIBRARY = "lib"
KINDS = sorted(path.stem for path in SCRIPTS.glob("*.sh") if path.stem != LIBRARY)
PATIENCE = 60


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One system of each kind, running while the tests of this module last."""
    with running(tmp_path_factory.mktemp("curl")) as started:
        yield started


def variable(kind: str) -> str:
    """Under which name a script finds the address of a kind."""
    return kind.upper().replace("-", "_")


def test_every_kind_has_a_script(systems: Running) -> None:
    """Nothing runs that no script is a client of, and no script is left without its system."""
    assert sorted(systems.addresses) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_client(systems: Running, kind: str) -> None:
    """The client gets by with what the documents declare."""
    addresses = {variable(other): address for other, address in systems.addresses.items()}
    done = subprocess.run(
        ["sh", str(SCRIPTS / f"{kind}.sh")],
        env={**os.environ, **addresses, "BASE": systems.addresses[kind]},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
