"""Makes the runs of a night: each as ``rehearse run`` in a process of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from rehearsal.children import Child
from rehearsal.selftest.rows import Task
from rehearsal.selftest.running import VERDICTS, Made


class Runs:
    """Makes runs below one folder of runs, where every other command finds them, too.

    ::

        <runs>/<scenario>/<started>/    the run folder
        <logs>/<scenario>.log           what the process said
    """

    def __init__(self, runs: Path, logs: Path, workers: int, toxiproxy: str | None) -> None:
        self._runs = runs
        self._logs = logs
        self._options = ["--workers", str(workers), "--above-calibration", "warn"]
        self._options += ["--toxiproxy", toxiproxy] if toxiproxy else []

    async def __call__(self, task: Task, country_is_gone: Callable[[], None]) -> Made:
        """See :class:`rehearsal.selftest.running.Make`. Raises :class:`~rehearsal.errors.SetUpError`."""
        log = self._logs / f"{task.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        before = set(self._folders(task))
        command = ["rehearsal", "run", task.scenario, "--runs", str(self._runs), *self._options]
        child = await Child.start(task.name, command, log)
        try:
            status = await child.wait()
        finally:
            await child.stop()
        country_is_gone()
        made = [folder for folder in self._folders(task) if folder not in before]
        if status not in VERDICTS or not made:
            return Made(None, f"exit code {status}{child.last_words()}")
        shutil.rmtree(made[-1] / "stores", ignore_errors=True)  # stored.arrow holds what they held
        return Made(made[-1])

    def _folders(self, task: Task) -> list[Path]:
        """The runs of a scenario, in the order in which they were started."""
        return sorted(each for each in (self._runs / task.scenario).glob("*") if each.is_dir())
