"""Of tasks that fail together, one error is reported, as itself."""

from __future__ import annotations

import asyncio

import pytest

from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.together import to_report, together


async def fail(error: Exception) -> None:
    raise error


async def test_the_error_of_a_task_comes_out_as_itself_and_ends_the_others() -> None:
    others: list[asyncio.Task[object]] = []

    async def work() -> None:
        async with together() as group:
            group.create_task(fail(EvidenceError("lost")))
            others.append(group.create_task(asyncio.Event().wait()))

    with pytest.raises(EvidenceError, match=r"^lost$"):
        await work()
    assert others[0].cancelled()


async def test_an_error_from_groups_within_groups_comes_out_as_itself() -> None:
    async def work() -> None:
        async with together(), together() as inner:
            inner.create_task(fail(EvidenceError("lost")))

    with pytest.raises(EvidenceError, match=r"^lost$"):
        await work()


async def test_being_cancelled_is_no_failure() -> None:
    started = asyncio.Event()

    async def work() -> None:
        async with together() as group:
            group.create_task(asyncio.Event().wait())
            started.set()

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


FORESEEN, UNFORESEEN = EvidenceError("foreseen"), ZeroDivisionError("unforeseen")


@pytest.mark.parametrize(
    ("failures", "reported"),
    [
        pytest.param([FORESEEN], FORESEEN, id="one"),
        pytest.param([FORESEEN, SetUpError("later")], FORESEEN, id="the first"),
        pytest.param([FORESEEN, UNFORESEEN], UNFORESEEN, id="a fault of our own first"),
        pytest.param([ExceptionGroup("inner", [FORESEEN])], FORESEEN, id="nested"),
    ],
)
def test_which_failure_is_reported(failures: list[Exception], reported: Exception) -> None:
    assert to_report(ExceptionGroup("failures", failures)) is reported
