"""What the portals, old and new, are asked and what they show."""

from __future__ import annotations

import msgspec

from mocks.http import Answer, Refusal
from mocks.messages import TEST_MARKER, DossierView, Essentials, ProcedureRow, Submission
from mocks.systems.population import PersonRecord

BLANK_FORM_BYTES = 8192


class SearchQuery(msgspec.Struct, frozen=True):
    """A search for procedures by words in their names."""

    q: str = ""
    limit: int = 10


class ProcedureList(msgspec.Struct, frozen=True):
    """Procedures that were found."""

    procedures: list[ProcedureRow]


class FormQuery(msgspec.Struct, frozen=True):
    """Which form: the procedure and the unit that receives it."""

    procedure: str
    province: str
    commune: str


class Form(msgspec.Struct, frozen=True):
    """An application form; ``prefilled`` says whether the population database answered."""

    procedure: ProcedureRow
    province: str
    commune: str
    prefilled: bool
    person: PersonRecord | None


class MyDossiers(msgspec.Struct, frozen=True):
    """The dossiers of whoever is signed in."""

    dossiers: list[DossierView]


class ResultDocument(msgspec.Struct, frozen=True):
    """The electronic result of a dossier."""

    code: str
    document: str
    issued: str


class DeepLinkQuery(msgspec.Struct, frozen=True):
    """The query of a bookmark into an old provincial form."""

    MaTTHCDP: str
    MaCoQuanThucHien: str = ""
    MaDVC: str = ""


def blank_form(row: ProcedureRow) -> Answer:
    """The form of a procedure to be printed and filled in by hand."""
    lines = [row.TENTTHC, row.MATTHC, *(f"[ ] {document}" for document in row.THANHPHANHOSO), TEST_MARKER]
    text = "\n".join(lines).encode()
    filling = b"%" * max(0, BLANK_FORM_BYTES - len(text))
    return Answer(200, b"%PDF-1.4\n" + text + b"\n" + filling + b"\n%%EOF\n", media="application/pdf")


def home_page(title: str) -> str:
    """A small home page."""
    return f"<!doctype html><html lang=vi><meta charset=utf-8><title>{title}</title><h1>{title}</h1></html>"


def essentials(submitted: Submission) -> Essentials:
    """What a portal needs to know of a submitted dossier; refuses with 422 where the content lacks it."""
    try:
        return msgspec.convert(submitted.content, Essentials)
    except msgspec.ValidationError as error:
        raise Refusal(
            422, "incomplete", f"Hồ sơ chưa đầy đủ: {error}", f"The dossier is incomplete: {error}"
        ) from error


def national_code(local: str) -> str:
    """The national procedure code in front of a province's own: 1.004227.000.00.00.H15 is 1.004227."""
    return ".".join(local.split(".")[:2])
