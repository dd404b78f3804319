"""Trials as processes: their folder can be judged, and however they end nothing is left."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from chaos.catalogue.cut import Cut
from mocks.capacity import ServiceTime
from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.trials.playing import conduct, playing
from rehearsal.trials.trial import LINK, Trial

pytestmark = pytest.mark.e2e

SHORT = Trial(
    name="short", rate=60, seconds=3, service=ServiceTime("exponential", 0.005), workers=2, probes=20
)
ENDLESS = Trial(name="endless", rate=20, seconds=600)

EVIDENCE = {
    "run-completed",
    "workers-finished",
    "journals-complete",
    "arrivals-accounted",
    "requests-accounted",
    "clocks-agree",
    "both-ends-agree",
    "drained",
}
"""Validity checks that hang on what a trial leaves behind, and not on how busy this machine is."""


def left(folder: Path) -> list[str]:
    """The processes that speak of a folder."""
    found = [" ".join(each.info["cmdline"] or ()) for each in psutil.process_iter(["cmdline"])]
    return [line for line in found if str(folder) in line]


def reported(folder: Path) -> dict[str, Any]:
    subprocess.run([sys.executable, "-m", "reports", str(folder)], capture_output=True, timeout=60)
    content: dict[str, Any] = json.loads((folder / "report.json").read_bytes())
    return content


def record(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "run.json").read_bytes())
    return content


async def test_a_trial_leaves_a_folder_that_can_be_judged(tmp_path: Path) -> None:
    heard: list[str] = []
    folder = await conduct(SHORT, tmp_path / "run", on_event=lambda event: heard.append(event["event"]))
    assert heard[-1] == "finished"
    assert left(folder) == []
    run = record(folder)
    assert (run["ended"], run["drained"]) == ("completed", True)
    assert [clock["process"] for clock in run["clocks"]] == ["mocks-stub", "worker-0", "worker-1"]
    report = await asyncio.to_thread(reported, folder)
    outcomes = {
        each["name"]: (each["outcome"], each["explanation"]) for each in report["validity"]["findings"]
    }
    for name in EVIDENCE:
        assert outcomes[name][0] == "met", f"{name}: {outcomes[name][1]}"
    assert any(name.startswith("prober-agrees") for name in outcomes)
    assert report["samples"] == report["planned"] == report["offered"]


async def test_through_toxiproxy_a_fault_can_be_done_to_the_link(tmp_path: Path) -> None:
    trial = Trial(name="cut", rate=50, seconds=2, proxied=True, retries=0)
    cut = Cut()
    async with playing(trial, tmp_path / "run") as play:
        assert play.links is not None
        await play.until(1.0)
        await asyncio.to_thread(play.links.apply, cut, [LINK])
    assert record(play.folder.path)["toxiproxy"]["links"] == 1
    (finished,) = [
        json.loads(line)
        for line in (play.folder.path / "events.jsonl").read_text().splitlines()
        if '"swarm-finished"' in line
    ]
    (worker,) = finished["workers"]
    assert 10 <= worker["gave_up"] < worker["samples"], "what was sent after the cut failed"


async def test_a_trial_that_is_interrupted_ends_its_processes_and_says_so(tmp_path: Path) -> None:
    under_way = asyncio.Event()

    async def play() -> None:
        async with playing(ENDLESS, tmp_path / "run"):
            under_way.set()

    task = asyncio.create_task(play())
    begun = asyncio.create_task(under_way.wait())
    await asyncio.wait({task, begun}, return_when=asyncio.FIRST_COMPLETED)
    assert begun.done(), f"it ended before it played: {task}"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left(tmp_path) == []
    assert record(tmp_path / "run")["ended"] == "interrupted"


async def test_a_worker_that_dies_is_on_record_and_the_others_play_on(tmp_path: Path) -> None:
    trial = Trial(name="killed", rate=30, seconds=8, workers=2)
    async with playing(trial, tmp_path / "run") as play:
        await play.until(1.0)
        os.kill(play.worker_pid(1), signal.SIGKILL)
    lost = record(tmp_path / "run")["workers"][1]
    assert (lost["finished"], lost["lost_at"] > play.t0_ns) == (False, True)
    assert left(tmp_path) == []


async def test_a_stub_that_dies_ends_the_trial(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="process stub ended in the middle of the run, status -9"):
        async with playing(ENDLESS, tmp_path / "run") as play:
            os.kill(play.stub.pid, signal.SIGKILL)
    assert left(tmp_path) == []
    run = record(tmp_path / "run")
    assert (run["ended"], run["reason"].partition(":")[0]) == ("aborted", "EvidenceError")


async def test_a_folder_that_is_there_already_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    with pytest.raises(SetUpError, match="a trial needs a fresh one"):
        await conduct(SHORT, tmp_path)
    assert left(tmp_path) == []
    assert sorted(each.name for each in await asyncio.to_thread(lambda: [*tmp_path.iterdir()])) == ["logs"]
