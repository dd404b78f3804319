"""The check of old codes would notice a code that leads astray."""

from __future__ import annotations

import pytest

from fixtures.conversion.resolving import CodeKind, Resolved, resolve
from rehearsal.conversion import codes


def test_every_old_code_is_tried_and_none_leads_astray() -> None:
    found = codes.check()
    assert found.outcome == "met"
    assert found.examined == 63 + 10_035 + 63 + 691 + 10_035 + 346 + len(codes.UNKNOWN)


def test_a_code_that_leads_astray_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def astray(kind: CodeKind, code: str) -> Resolved:
        return Resolved(kind, code, ("01",)) if (kind, code) == ("province", "10") else resolve(kind, code)

    monkeypatch.setattr(codes, "resolve", astray)
    found = codes.check()
    assert found.outcome == "missed"
    assert "10 (leads to 01, not to 15)" in found.finding.en


def test_an_unknown_code_that_is_not_refused_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "UNKNOWN", (("province", "15"),))
    assert "15 (is not refused)" in codes.check().finding.en
