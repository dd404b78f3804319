"""The same key twice has one effect."""

import asyncio

import pytest

from mocks.once import Once


class Effect:
    """Counts how often it was brought about; waits for ``go``; fails as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.count = 0
        self.go = asyncio.Event()
        self._failures = failures

    async def __call__(self) -> str:
        await self.go.wait()
        if self._failures:
            self._failures -= 1
            raise OSError("disk full")
        self.count += 1
        return f"H{self.count}"


async def test_a_key_has_one_effect_and_every_caller_its_result() -> None:
    once, effect = Once[str](), Effect()
    effect.go.set()
    assert await once.do("k", effect) == ("H1", True)
    assert await once.do("k", effect) == ("H1", False)
    assert await once.do("other", effect) == ("H2", True)


async def test_callers_at_the_same_time_wait_for_the_first() -> None:
    once, effect = Once[str](), Effect()
    callers = [asyncio.create_task(once.do("k", effect)) for _ in range(3)]
    await asyncio.sleep(0)
    effect.go.set()
    assert sorted(await asyncio.gather(*callers)) == [("H1", False), ("H1", False), ("H1", True)]
    assert effect.count == 1


async def test_a_failure_reaches_all_who_wait_and_leaves_no_trace() -> None:
    once, effect = Once[str](), Effect(failures=1)
    callers = [asyncio.create_task(once.do("k", effect)) for _ in range(2)]
    await asyncio.sleep(0)
    effect.go.set()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(each) for each in outcomes] == [OSError, OSError]
    assert once.known("k") is None
    assert await once.do("k", effect) == ("H1", True)


async def test_when_the_first_is_cancelled_the_next_does_it() -> None:
    once, effect = Once[str](), Effect()
    first = asyncio.create_task(once.do("k", effect))
    second = asyncio.create_task(once.do("k", effect))
    await asyncio.sleep(0)
    first.cancel()
    effect.go.set()
    assert await second == ("H1", True)
    with pytest.raises(asyncio.CancelledError):
        await first
    assert effect.count == 1


async def test_what_is_durable_already_is_remembered() -> None:
    once, effect = Once[str](), Effect()
    once.remember("k", "H9")
    assert await once.do("k", effect) == ("H9", False)
