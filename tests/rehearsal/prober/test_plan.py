"""What the prober reads of a run; what is wrong with it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.errors import UsageError
from rehearsal.prober.plan import Place, load
from tests.rehearsal.prober.runs import write_run


def test_it_reads_what_it_needs(tmp_path: Path) -> None:
    write_run(tmp_path, "127.0.0.1:8080", seconds=30)
    task = load(tmp_path)
    assert (task.seed, task.clock.start, task.clock.end, task.patience) == (3, 0.0, 30.0, 2.0)
    assert [(probe.step, probe.path, probe.rate) for probe in task.probes] == [("home", "/", 40.0)]
    assert task.places == {"citizens--stub": Place("127.0.0.1", 8080)}


@pytest.mark.parametrize(
    ("address", "changes", "said"),
    [
        pytest.param(
            "127.0.0.1:80",
            {"link": "citizens--stup"},
            'targets.json: links: no "citizens--stup": did you mean "citizens--stub"?',
            id="no such link",
        ),
        pytest.param(
            "nowhere",
            {},
            'targets.json: links: "citizens--stub": "nowhere": legal is <host>:<port>',
            id="no address",
        ),
        pytest.param("127.0.0.1:80", {"rate": 0}, "plan.json: Expected `float` > 0.0", id="no rate"),
        pytest.param("127.0.0.1:80", {"path": "home"}, "plan.json: Expected `str` matching", id="no path"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, address: str, changes: dict[str, object], said: str) -> None:
    write_run(tmp_path, address, 1.0, **changes)
    with pytest.raises(UsageError) as wrong:
        load(tmp_path)
    assert said in str(wrong.value)


def test_a_folder_without_a_plan_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"plan\.json: .*No such file"):
        load(tmp_path)
