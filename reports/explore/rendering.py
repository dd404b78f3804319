"""From ``explore.json`` to a page and a summary."""

from __future__ import annotations

from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader

from reports.explore import charts, words
from reports.explore.model import Exploration, State
from reports.files import write_all
from reports.finding import Outcome
from reports.render.environment import environment
from reports.run_check import decoded
from reports.text import Text

FILE = "explore.json"

STATES: dict[State, Text] = {
    "recovered": Text("phục hồi", "recovered"),
    "stayed-down": Text("sập kéo dài", "stayed down"),
    "overloaded": Text("quá tải sẵn", "overloaded by itself"),
    "not-known": Text("không rõ", "not known"),
}
SIGNS: dict[State, str] = {"recovered": "○", "stayed-down": "●", "overloaded": "△", "not-known": "×"}
OUTCOMES: dict[str, Outcome] = {"none-found": "met", "found": "missed", "not-known": "inconclusive"}


def read(folder: Path) -> Exploration:
    """The exploration of a folder. Raises :class:`~reports.errors.RunFolderError`."""
    return decoded(folder / FILE, Exploration)


def write(found: Exploration, folder: Path) -> list[Path]:
    """Write ``explore.html`` and ``explore.md`` into the folder; their paths."""
    contents = {"explore.html": html(found).encode(), "explore.md": markdown(found).encode()}
    return write_all(folder, contents)


def html(found: Exploration) -> str:
    """One offline page in two languages."""
    return (
        _environment(autoescape=True)
        .get_template("explore.html.j2")
        .render(
            found=found,
            map_wide=charts.boundary_map(found, charts.MAP_WIDE),
            map_narrow=charts.boundary_map(found, charts.MAP_NARROW),
            time_wide=charts.collapse(found.collapse, charts.TIME_WIDE) if found.collapse else None,
            time_narrow=charts.collapse(found.collapse, charts.TIME_NARROW) if found.collapse else None,
        )
    )


def markdown(found: Exploration) -> str:
    """A summary in both languages, without charts."""
    return _environment(autoescape=False).get_template("explore.md.j2").render(found=found)


def _environment(*, autoescape: bool) -> Environment:
    shared = environment(autoescape=autoescape)
    loaders = [PackageLoader("reports.explore"), *([shared.loader] if shared.loader else [])]
    made = shared.overlay(loader=ChoiceLoader(loaders))
    made.filters["span"] = words.span
    made.globals.update(
        headline=words.headline,
        sentences=words.sentences,
        rate=words.rate,
        states=STATES,
        signs=SIGNS,
        outcome_of=OUTCOMES,
    )
    return made
