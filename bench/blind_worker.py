"""A worker of the swarm that keeps no samples: what it saves is what sampling costs.

``python -m bench.blind_worker worker ...`` takes the words of ``python -m rehearsal.swarm``.
"""

from __future__ import annotations

from unittest.mock import patch

from rehearsal.swarm.__main__ import main
from rehearsal.swarm.recorder import Recorder, Sample


class BlindRecorder(Recorder):
    """Counts requests, and forgets them."""

    _requests = 0

    def begin(self) -> None:
        """The counts are a part of sampling."""

    def sample(self, sample: Sample) -> None:  # noqa: ARG002 -- that is the point
        """Forget it."""
        self._requests += 1

    def close(self) -> None:
        """Tell how many there were."""
        super().close()
        self.progress.requests = self._requests


if __name__ == "__main__":
    with patch("rehearsal.swarm.worker.Recorder", BlindRecorder):
        main()
