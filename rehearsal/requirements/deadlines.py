"""When obligations are due: as the directives say, as the suite settles their conflicts, or as a file says.

Such a file is TOML; each line settles one topic, by the number of a reading or by a day of its own. Where
the directives themselves say the minute, a minute is legal too, in Vietnamese time, as all deadlines::

    addresses = 1
    signatures = 2025-06-28
    portals = 2025-06-27T18:00:00
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec

from fixtures.reference.deadlines import DeadlineReading, deadline_readings
from rehearsal.errors import Problem, ScenarioError, UsageError, suggest
from rehearsal.scenario.problems import spell_value
from reports.requirements.model import Deadline, Reading
from reports.text import Text

GIVEN = Text("Do người lập bảng chọn.", "Chosen by whoever made the matrix.")


def deadlines(file: Path | None = None) -> list[Deadline]:
    """Every topic on which the directives disagree, settled; by a file, where it speaks of the topic.

    Raises :class:`~rehearsal.errors.UsageError`, with every line that is wrong.
    """
    topics: defaultdict[str, list[DeadlineReading]] = defaultdict(list)
    for reading in deadline_readings():
        topics[reading.topic].append(reading)
    given = {} if file is None else _given(file, topics)
    return [_settled(topic, readings, given.get(topic)) for topic, readings in topics.items()]


def settled(of: Sequence[Deadline]) -> dict[str, str]:
    """Obligation → when it is due, for those on which the directives disagree."""
    return {id_: each.chosen for each in of for reading in each.readings for id_ in reading.requirements}


def _settled(topic: str, readings: Sequence[DeadlineReading], given: str | None) -> Deadline:
    own = next(each for each in readings if each.chosen == "yes")
    return Deadline(
        topic=topic,
        readings=[
            Reading(each.due, list(each.requirements), Text(each.note_vi, each.note_en)) for each in readings
        ],
        chosen=given or own.due,
        why=GIVEN if given else Text(own.note_vi, own.note_en),
        given=given is not None,
    )


def _given(file: Path, topics: Mapping[str, Sequence[DeadlineReading]]) -> dict[str, str]:
    """Topic → the moment that the file chooses."""
    try:
        written = msgspec.toml.decode(file.read_bytes(), type=dict[str, object])
    except OSError as error:
        raise UsageError(f"--deadlines: {file}: cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, msgspec.DecodeError) as error:
        raise UsageError(f"--deadlines: {file}: {error}; legal is TOML such as addresses = 1") from error
    chosen: dict[str, str] = {}
    problems: list[Problem] = []
    for topic, value in written.items():
        place = f"{file}: {topic}"
        if topic not in topics:
            problems.append(
                Problem(place, "", f"the directives do not disagree on it; {suggest(topic, topics)}")
            )
        elif moment := _moment(value, topics[topic]):
            chosen[topic] = moment
        else:
            problems.append(Problem(place, spell_value(value), _legal(topics[topic])))
    if problems:
        raise ScenarioError(problems)
    return chosen


def _legal(readings: Sequence[DeadlineReading]) -> str:
    numbers = ", ".join(f"{each.reading} ({each.due})" for each in readings)
    if _to_the_minute(readings):
        own = "a day such as 2025-06-27, or a minute such as 2025-06-27T18:00:00, without an offset"
    else:
        own = "or a day such as 2025-06-27, without a time"
    return f"legal is a reading, {numbers}, {own}"


def _to_the_minute(readings: Sequence[DeadlineReading]) -> bool:
    """Whether the directives say more than a day."""
    return any("T" in each.due for each in readings)


def _moment(value: object, readings: Sequence[DeadlineReading]) -> str:
    """An ISO day, or a minute where that is legal; "" where the value is neither, nor a reading's number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return next((each.due for each in readings if each.reading == value), "")
    if isinstance(value, str):
        value = _written(value)
    if isinstance(value, datetime):
        whole = value.tzinfo is None and value.second == value.microsecond == 0
        return value.isoformat(timespec="minutes") if whole and _to_the_minute(readings) else ""
    return value.isoformat() if isinstance(value, date) else ""


def _written(words: str) -> date | datetime | None:
    """A day or a minute in quotes, which other TOML writers leave; no other spelling of ISO 8601."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?", words) is None:
        return None
    try:
        return datetime.fromisoformat(words) if "T" in words else date.fromisoformat(words)
    except ValueError:
        return None
