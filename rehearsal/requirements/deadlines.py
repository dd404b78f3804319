"""When obligations are due: as the directives say, as the suite settles their conflicts, or as a file says.

Such a file is TOML; each line settles one topic, by the number of a reading or by a moment of its own::

    addresses = 1
    signatures = 2025-06-28
    portals = "2025-06-27T18:00"
"""

from __future__ import annotations

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
            readings = ", ".join(f"{each.reading} ({each.due})" for each in topics[topic])
            problems.append(
                Problem(
                    place, spell_value(value), f"legal is a reading, {readings}, or a day such as 2025-06-27"
                )
            )
    if problems:
        raise ScenarioError(problems)
    return chosen


def _moment(value: object, readings: Sequence[DeadlineReading]) -> str:
    """An ISO day or minute; "" where the value is neither that nor the number of a reading."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return next((each.due for each in readings if each.reading == value), "")
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return ""
    return str(value) if len(str(value)) == len("2025-06-27") else moment.isoformat(timespec="minutes")
