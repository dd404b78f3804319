"""Fill in a form, attach files and submit a dossier.

Somebody who sits in front of an old portal's form at T0 is refused there and does it again at the national
portal; so is whoever kept such a form open (the old bookmark).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import fixtures
from scenarios.journeys.answer import Answer, Check, Wrong
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
    submit(visitor)


def submit(
    visitor: Visitor, *, with_fee: bool = False, field: str = "", national_only: bool = False
) -> Submitted:
    """From the front page to the acknowledgement; ``field`` is that of the procedure, "" for any."""
    dossier = visitor.people.dossier(visitor.arrival, with_fee=with_fee, field=field)
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
        intent=intent_of(visitor, site, dossier),
    )
    visitor.think(5, 15)


def _fill_in(visitor: Visitor, site: Site, dossier: fixtures.Dossier) -> Answer | None:
    """Form, files, submission; None where the portal turned out to be closed."""
    where = {"procedure": dossier.procedure, "province": dossier.province, "commune": dossier.commune}
    site.get("form", f"/api/form?{urlencode(where)}", check=_is_form_for(dossier))
    visitor.think(20, 120)
    if not send_files(visitor, site, dossier):
        return None
    answer = visitor.request(
        "submit",
        site.system,
        "POST",
        "/api/dossiers",
        json={"content": dossier.content()},
        headers=site.headers,
        expect=_taken_or_closed(site),
        check=lambda answer: _right_closure(visitor, answer),
        intent=intent_of(visitor, site, dossier),
        record=lambda receipt: str(receipt.field("code")),
    )
    return None if answer.status == GONE else answer


def send_files(visitor: Visitor, site: Site, dossier: fixtures.Dossier) -> bool:
    """Upload what is attached, file by file; false where the portal turned out to be closed."""
    for file in dossier.attachments:

        def arrived(answer: Answer, digest: str = file.sha256) -> str | None:
            if answer.status == GONE:
                return _right_closure(visitor, answer)
            return None if answer.field("HashTepTin") == digest else "file"

        answer = visitor.request(
            "attach",
            site.system,
            "POST",
            "/api/attachments",
            body=file.content(),
            headers={**site.headers, "Content-Type": file.media_type},
            expect=_taken_or_closed(site),
            check=arrived,
        )
        if answer.status == GONE:
            return False
        visitor.think(2, 10)
    return True


def intent_of(visitor: Visitor, site: Site, dossier: fixtures.Dossier) -> Intent:
    """The intent to hand in a dossier at a site."""
    return visitor.intent(
        "submission",
        system=site.system,
        province=dossier.province,
        commune=dossier.commune,
        procedure=dossier.procedure,
        amount=dossier.amount,
        digest=dossier.digest(),
    )


def _taken_or_closed(site: Site) -> tuple[int, ...]:
    return (*TAKEN, GONE) if site.is_old else TAKEN


def _right_closure(visitor: Visitor, answer: Answer) -> str | None:
    """A portal is closed from T0 on, not before, and says so in words."""
    if answer.status != GONE:
        return None
    return _speaks_both_languages(answer) if visitor.after_t0 else "closed-early"


def _is_form_for(dossier: fixtures.Dossier) -> Check:
    """The form of the procedure; whoever is filled in is the applicant and nobody else."""

    def check(answer: Answer) -> str | None:
        if answer.field("procedure", "MATTHC") != dossier.procedure:
            return "form"
        person, applicant = answer.field("person"), dossier.applicant
        if person is None:
            return None
        known = (person["citizen_id"], person["full_name"])
        return None if known == (applicant.id, applicant.name) else "person"

    return check


def _speaks_both_languages(answer: Answer) -> str | None:
    try:
        spoken = answer.field("message", "vi") and answer.field("message", "en")
    except Wrong:
        spoken = ""
    return None if spoken else "refusal-text"
