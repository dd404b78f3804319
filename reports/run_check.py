"""Whether ``plan.json`` and ``run.json`` can be read and agree with each other and with themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import msgspec

from reports.errors import RunFolderError
from reports.plan import Plan, Record

T = TypeVar("T")

FORMAT = 1
"""The format of run folders that this version reads."""


def decoded(path: Path, kind: type[T]) -> T:
    """The file as ``kind``; :class:`RunFolderError` names the file, the place, the value and what is
    legal."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise RunFolderError(f"{path.parent}: {path.name} is missing; every run folder has one") from None
    except OSError as error:
        raise RunFolderError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        # msgspec ends its messages with the place: "Expected `int`, got `str` - at `$.clock.start`"
        what, _, where = str(error).rpartition(" - at ")
        place = where.strip("`") if what else "$"
        value = _value_at(json.loads(content), place)
        raise RunFolderError(f"{path}: at {place}: {what or error}; the value is {value}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RunFolderError(f"{path}: is not JSON: {error}; the file is damaged") from error


def contradiction(plan: Plan, record: Record) -> str:
    """The first contradiction in the folder, as a message; "" where there is none."""
    return next(_contradictions(plan, record), "")


def _contradictions(plan: Plan, record: Record) -> Iterator[str]:
    for file, found in (("plan.json", plan.format), ("run.json", record.format)):
        if found != FORMAT:
            yield f"{file}: format is {found}; this version reads format {FORMAT}"
    if record.scenario != plan.scenario.name:
        yield (
            f"run.json: scenario is {record.scenario!r}, but plan.json plans {plan.scenario.name!r}; both "
            "must be of one run"
        )
    if record.t0_monotonic_ns <= 0:
        reason = f": {record.reason}" if record.reason else ""
        yield (
            f"run.json: t0_monotonic_ns is {record.t0_monotonic_ns}; it must be positive. The run ended "
            f"before its first visitor came ({record.ended}{reason}), so there is nothing to judge"
        )
    clock = plan.clock
    if not clock.start <= clock.judged_from < clock.end:
        yield (
            f"plan.json: clock: start {clock.start:g} and warm_up {clock.warm_up:g} leave nothing to judge "
            f"before end {clock.end:g}; legal is start <= start + warm_up < end"
        )
    yield from _faulty_faults(plan)
    yield from _faulty_slos(plan)
    yield from _repeated(plan)


def _faulty_faults(plan: Plan) -> Iterator[str]:
    for fault in plan.faults:
        if not fault.start < fault.end:
            yield (
                f"plan.json: fault {fault.name!r}: start {fault.start:g} is not before end {fault.end:g}; a "
                "window must have a length"
            )
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", fault.colour):
            yield f"plan.json: fault {fault.name!r}: colour is {fault.colour!r}; legal is #rrggbb"
        for link in fault.links:
            if link not in plan.link_ends:
                yield (
                    f"plan.json: fault {fault.name!r}: there is no link {link!r}; "
                    f"{_nearest(link, list(plan.link_ends))}"
                )


def _faulty_slos(plan: Plan) -> Iterator[str]:
    for slo in plan.slos:
        where = f"plan.json: slo {slo.name!r}"
        if not 0 < slo.objective < 1:
            yield f"{where}: objective is {slo.objective:g}; legal is between 0 and 1, both excluded"
        if not slo.within > 0:
            yield f"{where}: within is {slo.within:g}; legal is a positive number of seconds"


def _repeated(plan: Plan) -> Iterator[str]:
    named = {
        "fault": [fault.name for fault in plan.faults],
        "slo": [slo.name for slo in plan.slos],
        "system": [system.name for system in plan.systems],
        "link": [link.name for link in plan.links],
        "province": [province.code for province in plan.provinces],
    }
    for kind, names in named.items():
        seen: set[str] = set()
        for name in names:
            if name in seen:
                yield f"plan.json: {kind} {name!r} appears twice; each name is legal once"
            seen.add(name)


def _nearest(name: str, legal: list[str]) -> str:
    close = get_close_matches(name, legal, n=1)
    return f"the nearest legal name is {close[0]!r}" if close else f"the plan names {len(legal)} links"


def _value_at(document: object, place: str) -> str:
    """What stands at a path such as ``$.faults[2].start``, as JSON, shortened."""
    for key, index in re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", place):
        if key and isinstance(document, dict) and key in document:
            document = document[key]
        elif index and isinstance(document, list) and int(index) < len(document):
            document = document[int(index)]
        else:
            break
    text = json.dumps(document, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."
