"""``python -m mocks CONFIG.json``: run the systems that a configuration names, until asked to end."""

from __future__ import annotations

import sys
from pathlib import Path

import uvloop

from mocks.config import ConfigError, read
from mocks.process import WorkerError, serve

USAGE = "usage: python -m mocks CONFIG.json"


def main(arguments: list[str]) -> int:
    """Exit code: 0 asked to end, 2 wrong configuration, 70 a worker has failed."""
    if len(arguments) != 1:
        sys.stderr.write(f"{USAGE}\n")
        return 2
    try:
        uvloop.run(serve(read(Path(arguments[0]))))
    except ConfigError as error:
        sys.stderr.write(f"mocks: {error}\n")
        return 2
    except WorkerError as error:
        sys.stderr.write(f"mocks: {error}; this is a fault of the mocks\n")
        return 70
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
