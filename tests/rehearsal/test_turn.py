"""Two rehearsals on one machine come one after the other."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from rehearsal.turn import own_turn

HOLD = """
import asyncio, sys
from pathlib import Path
from rehearsal.turn import own_turn

async def hold():
    async with own_turn(print, Path(sys.argv[1])):
        print("held", flush=True)
        await asyncio.Event().wait()

asyncio.run(hold())
"""


async def test_who_comes_second_says_so_and_waits_for_the_first(tmp_path: Path) -> None:
    said: list[str] = []
    looks = 0
    first = own_turn(said.append, tmp_path / "lock")
    await first.__aenter__()

    async def sleep(_seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            await first.__aexit__(None, None, None)

    async with own_turn(said.append, tmp_path / "lock", sleep=sleep):
        pass
    assert looks == 3
    assert len(said) == 1
    assert "another rehearsal runs on this machine" in said[0]


async def test_nobody_waits_for_one_that_has_ended(tmp_path: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        async with own_turn(said.append, tmp_path / "lock"):
            pass
    assert said == []


def test_a_turn_ends_with_the_process_that_had_it(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.kill()
    said: list[str] = []

    async def take() -> None:
        async with own_turn(said.append, lock):
            pass

    asyncio.run(take())
    assert said == []
