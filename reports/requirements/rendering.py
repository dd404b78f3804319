"""The matrix as a page, a summary and a file for machines, and the sheet for signatures."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import msgspec
from jinja2 import ChoiceLoader, PackageLoader

from reports.errors import RunFolderError
from reports.files import write_whole
from reports.render.environment import environment
from reports.requirements.model import MATRIX, Matrix
from reports.requirements.words import BADGES, HOWS, STATE_SYMBOLS, STATES, TOPICS

HTML, MARKDOWN = "requirements.html", "requirements.md"
SHEET_HTML, SHEET_MARKDOWN = "sign-off.html", "sign-off.md"


class Renderer(Protocol):
    """Writes the matrix for a file that stands ``at`` a folder, from which its links lead."""

    def __call__(self, matrix: Matrix, at: Path) -> bytes:
        """The content of the file."""


def html(matrix: Matrix, at: Path) -> bytes:
    """The whole page; nothing in it is fetched from anywhere, and it links to the reports."""
    return _rendered("requirements.html.j2", matrix, at, autoescape=True)


def markdown(matrix: Matrix, at: Path) -> bytes:
    """A summary with a line for each obligation and system."""
    return _rendered("requirements.md.j2", matrix, at, autoescape=False)


def sheet_html(matrix: Matrix, at: Path) -> bytes:
    """The sheet for signatures, to be printed."""
    return _rendered("sign_off.html.j2", matrix, at, autoescape=True)


def sheet_markdown(matrix: Matrix, at: Path) -> bytes:
    """The sheet for signatures."""
    return _rendered("sign_off.md.j2", matrix, at, autoescape=False)


def json(matrix: Matrix, at: Path) -> bytes:  # noqa: ARG001  its paths are relative to the runs it names
    """The matrix: ``counts``, ``rows`` and the rest."""
    return msgspec.json.format(msgspec.json.encode(matrix), indent=1) + b"\n"


FILES: dict[str, Renderer] = {
    HTML: html,
    MARKDOWN: markdown,
    MATRIX: json,
    SHEET_HTML: sheet_html,
    SHEET_MARKDOWN: sheet_markdown,
}


def write_all(matrix: Matrix, folder: Path) -> list[Path]:
    """Write all five files into the folder; their paths."""
    return [write(render, matrix, folder / name) for name, render in FILES.items()]


def write(render: Renderer, matrix: Matrix, path: Path) -> Path:
    """Write one file, whole or not at all. Raises :class:`~reports.errors.RunFolderError`."""
    try:
        return write_whole(path, render(matrix, path.parent))
    except OSError as error:
        raise RunFolderError(
            f"{path}: cannot be written ({error.strerror}); legal is a file in a folder that can be written"
        ) from error


def cell(words: str) -> str:
    """Text that stays text in a table cell of Markdown."""
    for sign in "\\`*_[]<>|":
        words = words.replace(sign, f"\\{sign}")
    return " ".join(words.split())


def _link(runs: str, at: Path) -> Callable[[str], str]:
    """From the folder ``at`` to a report in the folder of runs, as an address."""
    return lambda report: quote(Path(os.path.relpath(Path(runs) / report, at)).as_posix())


def _rendered(template: str, matrix: Matrix, at: Path, *, autoescape: bool) -> bytes:
    made = environment(autoescape=autoescape)
    own, shared = PackageLoader("reports.requirements"), made.loader
    made.loader = ChoiceLoader([own, shared] if shared else [own])
    made.filters.update(cell=cell, link=_link(matrix.runs, at))
    known: dict[str, Any] = {
        "states": STATES,
        "state_symbols": STATE_SYMBOLS,
        "badges": BADGES,
        "hows": HOWS,
        "topics": TOPICS,
    }
    made.globals.update(known)
    content = made.get_template(template).render(matrix=matrix)
    return content.encode()
