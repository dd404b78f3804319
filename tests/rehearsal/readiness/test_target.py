"""A target file names systems; what is wrong in it is said before anything is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal import topology
from rehearsal.errors import UsageError
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("name = 3", "name", id="no name"),
        pytest.param('name = "x"\nsystem = 1', "legal keys", id="an unknown key"),
        pytest.param('name = "x"\n[systems]', "systems", id="no systems"),
        pytest.param("name = ", "target.toml", id="no TOML"),
        pytest.param('name = "x"\n[systems]\nvneit = "http://127.0.0.1"', "vneid", id="a slip of the pen"),
        pytest.param(
            'name = "x"\n[systems]\nvneid = "127.0.0.1:80"', "http://127.0.0.1:8080", id="no scheme"
        ),
        pytest.param('name = "x"\n[systems]\nsso = "http://127.0.0.1"', "{province}", id="one for all"),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_legal(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        read(written(tmp_path, text), agreed=True)
    assert said in str(error.value)
    assert str(tmp_path) in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "none.toml", agreed=True)


def test_the_origin_of_an_address_is_scheme_host_and_port() -> None:
    assert origin("http://127.0.0.1:8000/a/b?c") == "http://127.0.0.1:8000"
    assert Target("", {"a": "http://h:1/x", "b": "http://h:1/y"}).origins() == {"http://h:1"}
