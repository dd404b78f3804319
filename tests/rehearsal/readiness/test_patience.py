"""Waiting ends once all is quiet, and not while the country is still at work."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from rehearsal.readiness.desk import Desk
from rehearsal.readiness.patience import LONGEST, SHORTEST, TIMES, Patience, Vigil
from rehearsal.readiness.target import Target
from tests.virtual_time import VirtualTime


async def waited(patience: Patience, news_at: tuple[float, ...] = ()) -> float:
    """Seconds until a vigil is given up that hears news at these times."""
    async with httpx.AsyncClient() as client:
        desk = Desk(Target("", {}), client, rate=1, at_once=1)
        begun = desk.now()
        vigil = Vigil(desk, patience)
        left = list(news_at)
        while await vigil.goes_on():
            if left and desk.now() - begun >= left[0]:
                left.pop(0)
                vigil.news()
        return desk.now() - begun


@pytest.mark.parametrize(
    ("news_at", "until"),
    [
        pytest.param((), LONGEST, id="no news at all"),
        pytest.param((1,), 1 + SHORTEST, id="one at once"),
        pytest.param((1, 2, 5, 9), 9 + TIMES * 9, id="the slowest counts"),
        pytest.param((1, 6, 29), 6 + TIMES * 6, id="what comes after too long a quiet is not seen"),
    ],
)
def test_how_long_is_waited(news_at: tuple[float, ...], until: float) -> None:
    with VirtualTime() as time:
        assert time.run(waited(Patience(), news_at)) == pytest.approx(until, abs=1.01)


def test_news_from_elsewhere_keeps_a_vigil_alive() -> None:
    async def both() -> float:
        patience = Patience()
        quiet = asyncio.create_task(waited(patience))
        await waited(patience, (4, 8, 12, 16))
        return await quiet

    with VirtualTime() as time:
        assert time.run(both()) > 16 + SHORTEST
