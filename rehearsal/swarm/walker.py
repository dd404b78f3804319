"""The one Locust user of a worker. It is no citizen: it walks the plan and sends the citizens out."""

from __future__ import annotations

from collections.abc import Callable

from locust import User, task
from locust.exception import StopUser


def walker(workers: int, offer: Callable[[], None]) -> type[User]:
    """A user class of which Locust places exactly one on each of ``workers``; it calls ``offer`` once."""

    class Walker(User):
        fixed_count = workers

        @task
        def walk(self) -> None:
            offer()
            raise StopUser

    return Walker
