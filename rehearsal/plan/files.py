"""A plan on disk: ``plan.json`` and ``arrivals.arrow`` of a run folder."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pydantic import ValidationError

from rehearsal.errors import EvidenceError
from rehearsal.plan.making import Planned
from rehearsal.plan.records import Plan

PLAN_FILE, ARRIVALS_FILE = "plan.json", "arrivals.arrow"


def write(planned: Planned, folder: Path) -> None:
    """Write ``plan.json`` and ``arrivals.arrow`` into a run folder."""
    (folder / PLAN_FILE).write_text(planned.plan.to_json(), encoding="utf-8")
    with pa.ipc.new_file(folder / ARRIVALS_FILE, planned.arrivals.schema) as writer:
        writer.write_table(planned.arrivals)


def read(folder: Path) -> Plan:
    """The plan of a run folder. Raises :class:`EvidenceError`."""
    path = folder / PLAN_FILE
    try:
        return Plan.model_validate_json(path.read_bytes())
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise EvidenceError(f"{path}: {place or 'whole file'}: {first['msg']}") from error
