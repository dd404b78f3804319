"""Some reads are answered with an error page whose status says that all is well."""

from __future__ import annotations

from mocks.http import Answer
from mocks.systems.national_portal import NationalPortal

SHARE = 1 / 20
PAGE = "<!doctype html><html lang=vi><meta charset=utf-8><title>Lỗi</title><h1>Hệ thống gặp lỗi</h1></html>"


class ErrorsAs200(NationalPortal):
    """Catches its failures in the wrong place."""

    def gate(self, method: str, target: str) -> Answer | None:
        """A page in place of data, perhaps."""
        if method == "GET" and target.startswith("/api/") and self.rng.random() < SHARE:
            return Answer(200, PAGE)
        return super().gate(method, target)
