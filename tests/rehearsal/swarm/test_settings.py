"""What the swarm reads from a run folder, and how it refuses what it cannot use."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from rehearsal.arrivals import digest
from rehearsal.errors import UsageError
from rehearsal.swarm.settings import check_schedule, load_playbook, load_settings, load_share
from rehearsal.swarm.targets import Targets, Way
from reports.journal import ARRIVALS
from reports.journal_writer import write_table

VISITORS = {"think_scale": 0.5, "patience": 8, "retries": 2, "retry_after": [1, 3]}


def write(folder: Path, visitors: object = None, links: object = None, seed: object = 5) -> Path:
    plan = {"format": 1, "scenario": {"seed": seed, "name": "x"}, "visitors": visitors or VISITORS}
    (folder / "plan.json").write_text(json.dumps(plan))
    targets = {"links": links if links is not None else {"citizens--vneid": "127.0.0.1:20112"}}
    (folder / "targets.json").write_text(json.dumps(targets))
    return folder


def test_settings_are_read_and_what_is_not_needed_is_ignored(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path))
    assert settings.seed == 5
    assert settings.policy.retry_range == (1, 3)
    target = settings.targets.find("citizens", "vneid")
    assert (target.link, target.system, target.host, target.port) == (
        "citizens--vneid", "vneid", "127.0.0.1", 20112,
    )  # fmt: skip


def test_one_number_is_a_fixed_pause(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, VISITORS | {"retry_after": 2}))
    assert settings.policy.retry_range == (2, 2)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        pytest.param({"patience": 0}, "patience", id="no patience at all"),
        pytest.param({"think_scale": -1}, "think_scale", id="negative pauses"),
        pytest.param({"retries": 1.5}, "retries", id="half a retry"),
        pytest.param({"retry_after": [3, 1]}, "retry_after", id="shortest last"),
        pytest.param({"retry_after": -1}, "retry_after", id="before it failed"),
    ],
)
def test_a_wrong_policy_names_its_place(tmp_path: Path, change: dict[str, object], place: str) -> None:
    with pytest.raises(UsageError, match=rf"plan\.json.*{place}"):
        load_settings(write(tmp_path, VISITORS | change))


@pytest.mark.parametrize(
    "links",
    [
        pytest.param({"citizen--vneid": "127.0.0.1:1"}, id="no such caller"),
        pytest.param({"citizens": "127.0.0.1:1"}, id="no callee"),
        pytest.param({"citizens--vneid": "127.0.0.1"}, id="no port"),
        pytest.param({"citizens--vneid": ":80"}, id="no host"),
        pytest.param({"citizens--vneid": 80}, id="a number"),
    ],
)
def test_wrong_targets_name_their_place(tmp_path: Path, links: object) -> None:
    with pytest.raises(UsageError, match=r"targets\.json.*links"):
        load_settings(write(tmp_path, links=links))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"plan\.json"):
        load_settings(tmp_path)


def test_a_redirect_is_seen_with_the_eyes_of_its_caller() -> None:
    targets = Targets({"citizens--vneid": "127.0.0.1:1", "officials--case-15": "127.0.0.1:2"})
    assert targets.locate("citizens", "vneid", "http://127.0.0.1:1/a?b=c") == ("vneid", "/a?b=c")
    assert targets.locate("officials", "case-15", "http://127.0.0.1:1/a") is None
    assert targets.locate("officials", "case-15", "http://case-15/a") == ("case-15", "/a")


def test_shares_are_disjoint_and_together_everything(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [
        (n, n * 10, "citizen", "pay", "15", "00004", "10", "national-portal", n + 100) for n in range(7)
    ]
    write_table(tmp_path / "arrivals.arrow", ARRIVALS, rows)
    shares = [load_share(tmp_path, worker, 3) for worker in range(3)]
    assert [[arrival.number for arrival in share] for share in shares] == [[0, 3, 6], [1, 4], [2, 5]]
    assert tuple(shares[1][1]) == rows[4]


def test_every_worker_computes_the_fingerprint_of_the_schedule_and_compares(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(0, 10, "citizen", "pay", "15", "00004", "10", "national-portal", 9)]
    write_table(tmp_path / "arrivals.arrow", ARRIVALS, rows)
    with pa.OSFile(str(tmp_path / "arrivals.arrow")) as file:
        fingerprint = digest(pa.ipc.open_file(file).read_all())
    plan = json.loads((write(tmp_path) / "plan.json").read_text())
    assert check_schedule(tmp_path) == fingerprint, "a plan made by hand names none"
    for named, legal in ((fingerprint, True), ("0" * 64, False)):
        (tmp_path / "plan.json").write_text(json.dumps(plan | {"arrivals": {"sha256": named}}))
        if legal:
            assert check_schedule(tmp_path) == fingerprint
        else:
            with pytest.raises(UsageError, match=rf"arrivals\.arrow: SHA-256 {fingerprint}: .*{named}"):
                check_schedule(tmp_path)


def test_arrivals_with_other_columns_are_refused(tmp_path: Path) -> None:
    write_table(tmp_path / "arrivals.arrow", pa.schema([("arrival", pa.int32())]), [(1,)])
    with pytest.raises(UsageError, match="columns"):
        load_share(tmp_path, 0, 1)


@pytest.mark.parametrize("content", [None, b"", b"no arrow"])
def test_arrivals_that_cannot_be_read_are_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "arrivals.arrow").write_bytes(content)
    with pytest.raises(UsageError, match=r"arrivals\.arrow"):
        load_share(tmp_path, 0, 1)


@pytest.mark.parametrize("name", ["", "json", "json:nothing", "no.such.module:X", "json:dumps"])
def test_a_playbook_that_is_none_is_named(name: str) -> None:
    with pytest.raises(UsageError, match=f"playbook {name}"):
        load_playbook(name)


def test_a_link_may_be_spoken_to_in_another_way(tmp_path: Path) -> None:
    way = {"address": "127.0.0.1:1", "tls": True, "server_name": "id.test", "http2": True}
    links = {"citizens--vneid": way, "citizens--payment": "127.0.0.1:2"}
    targets = load_settings(write(tmp_path, links=links)).targets
    assert targets.find("citizens", "vneid").way == Way("127.0.0.1:1", True, "id.test", http2=True)
    assert targets.find("citizens", "vneid").authority == "id.test:1"
    assert targets.find("citizens", "payment").way == Way("127.0.0.1:2")


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("https://id.test:1/login", ("vneid", "/login")),
        ("https://127.0.0.1:1/login", ("vneid", "/login")),
        ("http://id.test:1/login", None),
        ("https://127.0.0.1:2/pay", None),
        ("//id.test:1/login", ("vneid", "/login")),
    ],
)
def test_a_redirect_must_not_leave_tls(location: str, found: tuple[str, str] | None) -> None:
    targets = Targets(
        {
            "citizens--vneid": Way("127.0.0.1:1", tls=True, server_name="id.test"),
            "citizens--payment": "127.0.0.1:2",
        }
    )
    assert targets.locate("citizens", "payment", location) == found


def test_an_unknown_way_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, links={"citizens--vneid": {"address": "a:1", "quic": 1}})
    with pytest.raises(UsageError, match="quic"):
        load_settings(folder)
