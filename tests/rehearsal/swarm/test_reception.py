"""Workers from elsewhere: places are given once, to the same software, and nobody writes but in his own."""

from pathlib import Path

import pytest

from rehearsal.swarm.messages import Hello, Piece, Place, Ship, Want
from rehearsal.swarm.reception import FILES, PIECE, OtherSoftware, Reception, Refused
from rehearsal.swarm.software import differences, software


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run = tmp_path / "closing-night" / "20250701"
    run.mkdir(parents=True)
    for name in FILES:
        (run / name).write_bytes(name.encode() * 7)
    return run


@pytest.fixture
def reception(folder: Path) -> Reception:
    """Of four workers, the last two come from elsewhere."""
    return Reception(folder, 4, range(2, 4))


def hello(host: str = "b") -> Hello:
    return Hello(host, dict(software()))


def test_places_are_given_in_order_and_only_once(reception: Reception) -> None:
    first = reception.hello("x", hello())
    assert first == Place("closing-night/20250701", 2, 4, {name: len(name) * 7 for name in FILES})
    assert reception.hello("x", hello()) == first, "it asks again where it did not hear the answer"
    assert reception.hello("y", hello()).worker == 3
    assert reception.holders == {"x": 2, "y": 3}
    with pytest.raises(Refused, match="all 4 workers"):
        reception.hello("z", hello())


def test_a_place_that_was_left_is_given_again(reception: Reception) -> None:
    reception.hello("x", hello())
    reception.hello("y", hello())
    assert reception.leave("x") == 2
    assert reception.hello("z", hello()).worker == 2


@pytest.mark.parametrize("name", software())
def test_other_software_is_refused_by_name_and_both_versions(reception: Reception, name: str) -> None:
    other = Hello("far-away", {**software(), name: "1.2.3"})
    with pytest.raises(OtherSoftware, match=rf"far-away.*{name} {software()[name]} here, 1\.2\.3 there"):
        reception.hello("x", other)
    assert reception.holders == {}


def test_what_only_one_side_has_is_a_difference() -> None:
    assert differences({"a": "1"}, {"b": "2"}) == "a 1 here, none there; b none here, 2 there"
    assert differences({"a": "1"}, {"a": "1"}) == ""


def test_files_are_given_piece_by_piece(reception: Reception, folder: Path) -> None:
    content = bytes(range(256)) * (PIECE // 128)
    (folder / "arrivals.arrow").write_bytes(content)
    size = reception.hello("x", hello()).files["arrivals.arrow"]
    received = b""
    while len(received) < size:
        piece = reception.want("x", Want("arrivals.arrow", len(received)))
        assert piece == Piece("arrivals.arrow", len(received), content[len(received) :][:PIECE])
        received += piece.content
    assert received == content


@pytest.mark.parametrize(
    ("client", "want"),
    [
        pytest.param("stranger", Want("plan.json", 0), id="somebody without a place"),
        pytest.param("x", Want("run.json", 0), id="another file of the run"),
        pytest.param("x", Want("../../secret", 0), id="a file elsewhere"),
        pytest.param("x", Want("plan.json", -1), id="before the beginning"),
    ],
)
def test_nothing_else_is_given_to_anybody(reception: Reception, client: str, want: Want) -> None:
    reception.hello("x", hello())
    with pytest.raises(Refused, match=want.file.replace(".", r"\.")):
        reception.want(client, want)


def test_what_a_worker_ships_is_kept_under_its_own_number(reception: Reception, folder: Path) -> None:
    reception.hello("x", hello())
    assert reception.ship("x", Ship("intents.2.jsonl", 0, b"line\n")).size == 5
    assert (folder / "intents.2.jsonl").read_bytes() == b"line\n"
    with pytest.raises(Refused, match="no place"):
        reception.ship("stranger", Ship("intents.2.jsonl", 5, b"more"))
    reception.close()
