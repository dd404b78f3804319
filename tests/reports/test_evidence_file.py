"""``evidence.json``: written whole, read again as it was, and refused where it says what cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reports.errors import RunFolderError
from reports.evidence_file import EVIDENCE, CommandCheck, CommandEvidence, read, write
from reports.text import Text

CHECK = CommandCheck("hotlines", Text("Đường dây", "Hotlines"), "met", ["LC-1"], Text("Đủ.", "All."), 34)
FOUND = CommandEvidence("readiness", "2025-06-29T08:00:00+07:00", "met", [CHECK])


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, FOUND)
    assert path == tmp_path / EVIDENCE
    assert read(path) == FOUND
    assert [each.name for each in tmp_path.iterdir()] == [EVIDENCE]  # nothing half-written is left behind


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        pytest.param({"kind": "Sweep of all"}, "$.kind", id="name with blanks"),
        pytest.param({"started": "yesterday"}, "'yesterday'", id="no moment"),
        pytest.param({"started": "2025-06-29T08:00:00"}, "offset", id="moment without an offset"),
        pytest.param({"outcome": "passed"}, "$.outcome", id="unknown outcome"),
        pytest.param({"checks": [{"name": "x"}]}, "$.checks[0]", id="check without a finding"),
    ],
)
def test_a_damaged_file_is_refused_by_place_and_value(
    tmp_path: Path, damage: dict[str, Any], told: str
) -> None:
    path = write(tmp_path, FOUND)
    path.write_text(json.dumps(json.loads(path.read_bytes()) | damage))
    with pytest.raises(RunFolderError) as raised:
        read(path)
    assert told in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_check_that_examined_nothing_is_not_met() -> None:
    with pytest.raises(ValueError, match="examined nothing"):
        CommandCheck("hotlines", Text(), "met", [], Text(), 0)
    assert CommandCheck("hotlines", Text(), "inconclusive", [], Text(), 0).outcome == "inconclusive"
