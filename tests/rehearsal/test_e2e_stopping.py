"""A breach of the ledger ends the run while it lasts, and the evidence is kept and judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.errors import ExitCode
from tests.rehearsal.running import rehearse

pytestmark = pytest.mark.e2e

LOSING = """
base = "smoke"

[scenario]
name = "losing"
expect = "missed"

[stop]
ledger_breach = true

[systems.national-portal]
defects = ["loses-acknowledged"]

[clock]
start = "-2s"
end = "+40s"
warm_up = "1s"
drain_limit = "15s"

[[arrivals]]
actor = "citizen"
weights = "uniform"
journeys = { submit-dossier = 1 }
phases = [{ shape = "constant", for = "42s", rate = 15 }]
"""


def test_a_lost_dossier_ends_the_run_and_is_told(tmp_path: Path) -> None:
    scenario = tmp_path / "losing.toml"
    scenario.write_text(LOSING)
    with rehearse(tmp_path, "run", str(scenario), "--workers", "1") as running:
        assert running.ended() == ExitCode.MISSED, running.said
        assert running.left(within=3.0) == []
        assert "STOPPED (ledger): dossier" in running.said
        record, report = running.json("run.json"), running.json("report.json")
    assert record["ended"] == "stopped"
    assert 0 < (record["stopped_at"] - record["t0_monotonic_ns"]) / 1e9 < 40
    missed = {finding["name"] for finding in report["findings"] if finding["outcome"] == "missed"}
    assert {"not-stopped", "no-dossier-lost"} <= missed
    assert report["validity"]["outcome"] == "met"
    assert report["traces"][0]["violation"] == "lost"
