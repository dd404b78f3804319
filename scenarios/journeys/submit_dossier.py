"""Fill in a form, attach files and submit a dossier.

Somebody who sits in front of an old portal's form at T0 is refused there and does it again at the national
portal; so is whoever kept such a form open (the old bookmark).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import fixtures
from scenarios.journeys.answer import Answer, Check
from scenarios.journeys.site import Site
from scenarios.journeys.visitor import Intent, Visitor

GONE = 410
TAKEN = (200, 201)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A dossier that was acknowledged, and the site at which its owner is signed in."""

    site: Site
    code: str
    fee: int
    dossier: fixtures.Dossier


def run(visitor: Visitor) -> None:
    """Submit a dossier at whichever portal the visitor came to."""
    submit(visitor, with_fee=False)


def submit(visitor: Visitor, *, with_fee: bool, national_only: bool = False) -> Submitted:
    """From the front page to the acknowledgement."""
    dossier = visitor.people.dossier(visitor.arrival, with_fee=with_fee)
    site = Site(visitor, national_only=national_only)
    if site.is_old and visitor.arrival.entrance == "old-bookmark" and visitor.after_t0:
        _send_kept_form(visitor, site, dossier)
    site.enter(dossier.procedure)
    visitor.think(5, 20)
    site.sign_in(dossier.applicant.id)
    answer = _fill_in(visitor, site, dossier)
    if answer is None:  # the old portal closed while the form was being filled in
        site.move()
        site.sign_in(dossier.applicant.id)
        answer = _fill_in(visitor, site, dossier)
        if answer is None:
            raise RuntimeError(
                "the national portal answered like a closed portal, and that was taken for right"
            )
    code = answer.field("code")
    visitor.think(3, 10)
    site.get(
        "track", f"/api/dossiers/{code}", check=lambda view: None if view.field("code") == code else "dossier"
    )
    return Submitted(site, code, answer.field("fee"), dossier)


def _send_kept_form(visitor: Visitor, site: Site, dossier: fixtures.Dossier) -> None:
    """A form that was open since before T0 is sent to the closed portal, which must refuse it clearly."""
    visitor.request(
        "refused-at-closed-portal",
        site.system,
        "POST",
        "/api/dossiers",
        json={"content": dossier.content()},
        expect=(GONE,),
        check=_speaks_both_languages,
        intent=_intent(visitor, site, dossier),
    )
    visitor.think(5, 15)


def _fill_in(visitor: Visitor, site: Site, dossier: fixtures.Dossier) -> Answer | None:
    """Form, files, submission; None where the portal turned out to be closed."""
    where = {"procedure": dossier.procedure, "province": dossier.province, "commune": dossier.commune}
    site.get("form", f"/api/form?{urlencode(where)}", check=_is_form_of(dossier.procedure))
    visitor.think(20, 120)
    expect = (*TAKEN, GONE) if site.is_old else TAKEN

    def not_early(answer: Answer) -> str | None:
        return "closed-early" if answer.status == GONE and not visitor.after_t0 else None

    for file in dossier.attachments:

        def arrived(answer: Answer, digest: str = file.sha256) -> str | None:
            if answer.status == GONE:
                return not_early(answer)
            return None if answer.field("HashTepTin") == digest else "file"

        answer = visitor.request(
            "attach",
            site.system,
            "POST",
            "/api/attachments",
            body=file.content(),
            headers={**site.headers, "Content-Type": file.media_type},
            expect=expect,
            check=arrived,
        )
        if answer.status == GONE:
            return None
        visitor.think(2, 10)
    answer = visitor.request(
        "submit",
        site.system,
        "POST",
        "/api/dossiers",
        json={"content": dossier.content()},
        headers=site.headers,
        expect=expect,
        check=not_early,
        intent=_intent(visitor, site, dossier),
        record=lambda receipt: str(receipt.field("code")),
    )
    return None if answer.status == GONE else answer


def _intent(visitor: Visitor, site: Site, dossier: fixtures.Dossier) -> Intent:
    return visitor.intent(
        "submission",
        system=site.system,
        province=dossier.province,
        commune=dossier.commune,
        procedure=dossier.procedure,
        amount=dossier.amount,
        digest=dossier.digest(),
    )


def _is_form_of(procedure: str) -> Check:
    return lambda answer: None if answer.field("procedure", "MATTHC") == procedure else "form"


def _speaks_both_languages(answer: Answer) -> str | None:
    spoken = answer.field("message", "vi") and answer.field("message", "en")
    return None if spoken else "refusal-text"
