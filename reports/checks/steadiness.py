"""Do systems stay as they were while they serve?"""

from __future__ import annotations

from statistics import median

from reports.checks.base import Check, Result, met, missed
from reports.evidence import Evidence
from reports.steadiness import BY_CHANCE, Memory, Pace, memories, paces
from reports.text import Text, count, listed, seconds, share

SLOWER = 1.15
"""How many times as long the last third of the requests may take as the first."""

NOTICEABLE = 0.01
"""Seconds by which an answer must have become slower: less is the machine, not the system."""

PER_REQUEST = 4096
"""Bytes that a process may keep per request. The mocks, which store every dossier, keep 100 to 400 over a
night and up to 2,000 in a run of twelve seconds, in which every buffer still grows."""

GROWTH = 24 * 2**20
"""Bytes that a process must have grown by before it counts: less is caches that fill."""


def service_steady(evidence: Evidence) -> Result | list[Result]:
    """No system works longer on a request the more requests it has served."""
    found = paces(evidence)
    if not found:
        return []
    slower = [pace for pace in found if _slower(pace, _of_the_machine(found, pace))]
    if not slower:
        systems = {pace.system for pace in found}
        return met(
            f"{count(len(systems))} hệ thống có đủ yêu cầu; không hệ thống nào chậm dần.",
            f"{count(len(systems))} systems had requests enough; none of them slowed down.",
        )
    told = [_told_pace(pace) for pace in slower[:5]]
    return missed(
        " ".join(text.vi for text in told),
        " ".join(text.en for text in told),
        tuple(dict.fromkeys(pace.system for pace in slower)),
    )


def _slower(pace: Pace, machine: float) -> bool:
    more = pace.last - pace.first - machine
    enough = more >= NOTICEABLE or pace.what == "service"
    return enough and more >= (SLOWER - 1) * pace.first and pace.chance < BY_CHANCE


def _of_the_machine(found: list[Pace], pace: Pace) -> float:
    """Seconds by which answers of the other systems became slower, too: that is no system's own doing."""
    if pace.what == "service":
        return 0.0
    others = [each for each in found if each.what == "answer" and each.system != pace.system]
    return max(0.0, median(each.last - each.first for each in others)) if others else 0.0


def _told_pace(pace: Pace) -> Text:
    first, last = seconds(pace.first), seconds(pace.last)
    more = share(pace.ratio - 1, 0)
    return Text(
        f"{pace.system} chậm dần: trung vị {first} ở một phần ba đầu, {last} (+{more}) ở một phần ba cuối "
        f"của {count(pace.requests)} yêu cầu, không kể thời gian chờ.",
        f"{pace.system} slows down: a median of {first} in the first third, {last} (+{more}) in the last "
        f"third of {count(pace.requests)} requests, waiting not counted.",
    )


def memory_steady(evidence: Evidence) -> Result | list[Result]:
    """No process keeps memory for every request that it serves."""
    found = memories(evidence)
    if not found:
        return []
    leaking = [memory for memory in found if _leaks(memory)]
    if not leaking:
        most = max(found, key=lambda memory: memory.per_request)
        kept = count(max(most.per_request, 0))
        return met(
            f"Không tiến trình nào giữ bộ nhớ theo từng yêu cầu; nhiều nhất {kept} byte ({most.process}), "
            f"cho phép {count(PER_REQUEST)}.",
            f"No process keeps memory for every request; at most {kept} bytes ({most.process}), "
            f"{count(PER_REQUEST)} are allowed.",
        )
    told = [_told_memory(memory) for memory in leaking]
    return missed(
        " ".join(text.vi for text in told),
        " ".join(text.en for text in told),
        tuple(memory.process for memory in leaking),
    )


def _leaks(memory: Memory) -> bool:
    return memory.per_request > PER_REQUEST and memory.last - memory.first > GROWTH


def _told_memory(memory: Memory) -> Text:
    first, last = (f"{held / 2**20:.0f} MiB" for held in (memory.first, memory.last))
    kept, requests = count(memory.per_request), count(memory.requests)
    systems = listed(memory.systems, 3)
    return Text(
        f"{memory.process} ({systems}) phình từ {first} lên {last} qua {requests} yêu cầu: ít nhất {kept} "
        f"byte mỗi yêu cầu; cho phép {count(PER_REQUEST)}.",
        f"{memory.process} ({systems}) grew from {first} to {last} over {requests} requests: at least "
        f"{kept} bytes for each; {count(PER_REQUEST)} are allowed.",
    )


SERVICE = Check(
    "service-steady",
    "service",
    Text("Tốc độ phục vụ ổn định", "Service stays as fast as it was"),
    service_steady,
    ("VP0701-3-2", "TTG0617-III6-2", "TTG0617-III7-1"),
)

MEMORY = Check(
    "memory-steady",
    "service",
    Text("Bộ nhớ ổn định", "Memory stays bounded"),
    memory_steady,
    ("VP0701-3-2", "TTG0617-III6-2", "TTG0617-III7-1"),
)
