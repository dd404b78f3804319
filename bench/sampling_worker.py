"""A worker of the swarm that keeps samples every other quarter of a second: what does keeping them cost?

``python -m bench.sampling_worker worker ...`` takes the words of ``python -m rehearsal.swarm`` and leaves
``sampling.json`` in the run folder. Both halves are measured in one process, a quarter of a second apart, so
that a machine whose speed wavers (and every machine's does) cannot pass for the cost of a sample.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from unittest.mock import patch

import gevent

from rehearsal.swarm.__main__ import main
from rehearsal.swarm.progress import Progress
from rehearsal.swarm.recorder import Recorder, Sample

TURN = 0.25
WARM_UP = 4
"""Turns that are not counted: connections open, caches fill."""


class AlternatingRecorder(Recorder):
    """Records in turns. Whoever does not record forgets, by methods put in front of the recorder's own."""

    def __init__(self, folder: Path, worker: int, progress: Progress) -> None:
        super().__init__(folder, worker, progress)
        self._folder = folder
        self._blind = False
        self._forgotten = 0
        self._used = {"with": [0.0, 0], "without": [0.0, 0]}  # CPU seconds, requests
        self._turns = gevent.spawn(self._alternate)

    def close(self) -> None:
        """Write down what was measured."""
        self._turns.kill()
        super().close()
        figures = {name: {"cpu_seconds": cpu, "requests": n} for name, (cpu, n) in self._used.items()}
        (self._folder / "sampling.json").write_text(json.dumps(figures))

    def _alternate(self) -> None:
        turn = 0
        while True:
            cpu, requests = time.process_time(), self._recorded + self._forgotten
            gevent.sleep(TURN)
            self.flush()  # whatever was kept in this turn is written in it
            if turn >= WARM_UP:
                used = self._used["without" if self._blind else "with"]
                used[0] += time.process_time() - cpu
                used[1] += self._recorded + self._forgotten - requests
            turn += 1
            self._blind = not self._blind
            if self._blind:
                self.__dict__.update(begin=_nothing, sample=self._forget)
            else:
                del self.__dict__["begin"], self.__dict__["sample"]

    def _forget(self, _sample: Sample) -> None:
        self._forgotten += 1


def _nothing() -> None:
    pass


if __name__ == "__main__":
    with patch("rehearsal.swarm.worker.Recorder", AlternatingRecorder):
        main()
