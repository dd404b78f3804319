"""The same loop for Locust's own clients, ``FastUser`` and ``PlainUser``."""

from __future__ import annotations

from typing import Any

from locust import FastHttpUser, HttpUser, constant

CONTENT = {"applicant": "x" * 700, "attachments": ["y" * 350, "z" * 350]}


def loop(user: Any) -> None:
    """One GET of 600 bytes and one POST of 1.5 kB; looks at both answers, as a journey does."""
    page = user.client.get("/page")
    if page.status_code != 200 or len(page.content) != 600:
        raise RuntimeError(f"page: {page.status_code}")
    answer = user.client.post("/dossiers", json=CONTENT)
    if answer.status_code != 200:
        raise RuntimeError(f"dossiers: {answer.status_code}")


class FastUser(FastHttpUser):
    """On geventhttpclient."""

    wait_time = constant(0)
    tasks = [loop]  # noqa: RUF012 -- Locust's own convention


class PlainUser(HttpUser):
    """On requests."""

    wait_time = constant(0)
    tasks = [loop]  # noqa: RUF012 -- Locust's own convention
