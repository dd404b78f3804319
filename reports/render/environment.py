"""The Jinja environment of the HTML and Markdown renderers."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import numerals, text
from reports.render.words import MEANINGS, OUTCOMES, SYMBOLS
from reports.verdict import Row

MOST_STEPS = 60
"""How many steps a table shows: journeys that put ids into the names of their steps make thousands."""


def most_frequent(rows: list[Row]) -> list[Row]:
    """The rows with most requests, in the order of their names."""
    chosen = sorted(rows, key=lambda row: -row.count)[:MOST_STEPS]
    return sorted(chosen, key=lambda row: row.name)


def environment(*, autoescape: bool) -> Environment:
    """Templates of this package, with the filters that write numbers; an unknown name is an error."""
    made = Environment(
        loader=PackageLoader("reports.render"),
        autoescape=autoescape,  # noqa: S701  Markdown is no HTML; the page always escapes
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        number=text.count,
        seconds=text.seconds,
        share=text.share,
        bound=text.bound,
        moment=text.moment,
        instant=text.instant,
        listed=text.listed,
        most_frequent=most_frequent,
        latency=numerals.latency,
        limits=numerals.limits,
        share_limits=numerals.share_limits,
        lacking=numerals.lacking,
        estimate=numerals.estimate,
    )
    made.globals.update(words=OUTCOMES, symbols=SYMBOLS, meanings=MEANINGS)
    return made
