"""What a client of any system has to know that no schema says, in the words of the OpenAPI documents."""

from __future__ import annotations

from functools import cache

import fixtures
from fixtures.people import Registry
from fixtures.reference.agencies import commune_agency

_TEXT = """

## What holds for all systems of this country

- **People** are synthetic. A citizen id has twelve digits; known here are, for example, {citizens}. An
  enterprise has a tax code of ten digits, for example {enterprises}.
- **Units**: a province has two digits (`15`), a commune five (`{commune}`); agencies have codes such as
  `{agency}`.
- **Signing in**: at the portals by VNeID (`GET /auth/login` and what it leads to), then by the cookie
  `session`; everywhere else with `Authorization: Bearer <token>` from the system's own sign-in or token
  operation. Officials and systems may sign in under any name: a rehearsal has no passwords.
- **Writes** with an `Idempotency-Key` are carried out once; the same key and content again is answered
  as before.
- **Integration calls** (`POST /integration`) name their destination in the header `dstcode`: `G22.99`
  is the national portal, `G22.01` the catalogue of procedures, a province's code its case system. The
  envelope is the same everywhere; `service` says which of its fields count, and a system answers 422
  `not-here` to a service that it does not offer.
- **Statuses** of a dossier, with what may follow: {statuses}.
- **Nobody is kept out** who should not be: a mock of a back office trusts whoever reaches it.
"""


@cache
def conventions(seed: int) -> str:
    """The conventions, with people of the country of this seed, as Markdown."""
    people = Registry(seed)
    commune = fixtures.communes_of("15")[0].code
    return _TEXT.format(
        citizens=", ".join(f"`{people.citizen(number).id}`" for number in range(3)),
        enterprises=", ".join(f"`{people.enterprise(number).tax_code}`" for number in range(2)),
        commune=commune,
        agency=commune_agency(commune),
        statuses="; ".join(
            f"{each.code} {each.name_en}" + (f" ({', '.join(map(str, each.next))})" if each.next else "")
            for each in fixtures.statuses()
        ),
    )
