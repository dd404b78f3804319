"""A target file names systems; what is wrong in it is said before anything is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal import topology
from rehearsal.errors import ScenarioError, UsageError
from rehearsal.readiness.target import Target, origin, read

GOOD = """
name = "staging"
[systems]
national-portal = "http://127.0.0.1:8000/"
case-system = "http://localhost:80{province}"
case-15 = "http://127.0.0.1:9999"
provincial-portal = "http://127.0.0.1:81{old_province}/portal"
"""
AWAY = GOOD.replace("http://127.0.0.1:8000/", "https://portal.example")


def written(folder: Path, text: str) -> Path:
    path = folder / "target.toml"
    path.write_text(text)
    return path


def test_kinds_stand_for_all_their_systems_and_a_single_one_goes_first(tmp_path: Path) -> None:
    target = read(written(tmp_path, GOOD), agreed=False)
    assert target.name == "staging"
    assert not target.is_own
    assert target.addresses["national-portal"] == "http://127.0.0.1:8000"
    assert target.addresses["case-04"] == "http://localhost:8004"
    assert target.addresses["case-15"] == "http://127.0.0.1:9999"
    assert target.addresses["portal-10"] == "http://127.0.0.1:8110/portal"
    assert len(target.addresses) == 1 + 34 + 63
    assert set(target.addresses) <= {system.name for system in topology.systems("whole")}


@pytest.mark.parametrize(
    ("text", "agreed"),
    [
        pytest.param(AWAY, True, id="the file does not confirm"),
        pytest.param("confirm = true\n" + AWAY, False, id="nobody said --yes"),
    ],
)
def test_another_host_needs_two_confirmations(tmp_path: Path, text: str, *, agreed: bool) -> None:
    with pytest.raises(UsageError, match=r"portal\.example.*confirm = true.*--yes"):
        read(written(tmp_path, text), agreed=agreed)


def test_with_both_it_is_taken(tmp_path: Path) -> None:
    target = read(written(tmp_path, "confirm = true\n" + AWAY), agreed=True)
    assert "https://portal.example" in target.origins()


def systems(*lines: str) -> str:
    return "\n".join(['name = "x"', "[systems]", *lines])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("name = 3", "name: 3: must be text in quotes", id="no name"),
        pytest.param('name = "x"\nsystem = 1', 'did you mean "systems"', id="an unknown key"),
        pytest.param('name = "x"\n[systems]', "systems", id="no systems"),
        pytest.param("name = ", "target.toml:1:", id="no TOML"),
        pytest.param(systems('vneit = "http://127.0.0.1"'), "vneid", id="a slip of the pen"),
        pytest.param(systems("vneid = 3"), "systems.vneid: 3: must be text", id="a number"),
        pytest.param(systems('vneid = ""'), "systems.vneid", id="an empty address"),
        pytest.param(systems('vneid = "127.0.0.1:80"'), "http://127.0.0.1:8080", id="no scheme"),
        pytest.param(systems('vneid = "http://h:99999999"'), "http://127.0.0.1:8080", id="no port"),
        pytest.param(systems('vneid = "http://[::1"'), "http://127.0.0.1:8080", id="no host"),
        pytest.param(systems('sso = "http://127.0.0.1"'), "{province}", id="one for all"),
        pytest.param(systems('vneid = "http://{province}.h"'), "no placeholder", id="all for one"),
        pytest.param(systems('sso = "http://{province}.{x}"'), "only {province}", id="no such placeholder"),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_legal(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        read(written(tmp_path, text), agreed=True)
    assert said in str(error.value)
    assert "target.toml" in str(error.value)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = "confrim = true\n" + systems(
        'vneit = "http://127.0.0.1"', 'sso = "http://127.0.0.1"', "payment = 1"
    )
    with pytest.raises(ScenarioError) as error:
        read(written(tmp_path, text), agreed=True)
    places = {problem.place.removeprefix("target.toml: ") for problem in error.value.problems}
    assert places == {"confrim", "systems.vneit", "systems.sso", "systems.payment"}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml: cannot be read"):
        read(tmp_path / "none.toml", agreed=True)


def test_the_origin_of_an_address_is_scheme_host_and_port() -> None:
    assert origin("http://127.0.0.1:8000/a/b?c") == "http://127.0.0.1:8000"
    assert Target("", {"a": "http://h:1/x", "b": "http://h:1/y"}).origins() == {"http://h:1"}
