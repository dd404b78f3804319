"""What a client of any system has to know that no schema says, in the words of the OpenAPI documents."""

from __future__ import annotations

import inspect
import sys
from functools import cache

import fixtures
from fixtures.people import Registry
from fixtures.reference.agencies import commune_agency
from mocks.ministries import MINISTRIES
from mocks.wire import MAX_BODY

_TEXT = """

## What holds for all systems of this country

- **People** are synthetic. A citizen id has twelve digits; known here are, for example, {citizens}. An
  enterprise has a tax code of ten digits, for example {enterprises}.
- **Units**: a province has two digits (`15`), a commune five (`{commune}`); agencies have codes such as
  `{agency}`, the ministries of this country {ministries}.
- **Credentials**: each operation says which one it asks for, and which operation gives it. Citizens sign
  in to a portal by VNeID: `GET /auth/login` leads there, and back with the cookie `session`. Officials and
  systems get their token or session under any name: a rehearsal has no passwords.
- **No credential** is asked for by public pages, and between systems that have a line of their own: a
  mock of a back office trusts whoever reaches it, where a real one has mutual TLS or a private network.
- **Writes** with an `Idempotency-Key` are carried out once; the same key and content again is answered
  as before, another content with 422 `key-reused`. Where no key is asked for, the code of the dossier or
  of the request in the body does the same.
- **Integration calls** (`POST /integration`) have the same envelope everywhere; `service` says which of
  its fields count, and a system answers 422 `not-here` to a service that it does not offer. A platform
  (LGSP) hands a call on to whom the header `dstcode` names: `G22.99` is the national portal, `G22.01` the
  catalogue of procedures, a province's code its case system. Any `session` will do behind it.
- **Problems** are `application/problem+json` (RFC 9457) with a `code` for programs and a `message` in
  Vietnamese and English. A rehearsal may have an operation answer any error status, also one that is not
  declared here: go by its class (RFC 9110, section 15). After a status from 500 on, and where no answer
  comes, it is not known whether the request was carried out; a write that is done once can be sent again.
- **Bodies** are JSON in UTF-8, of at most {most} bytes; integers are of 64 bits.
- **Statuses** of a dossier, with what may follow: {statuses}.
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
        ministries=", ".join(f"`{each.agency}`" for each in MINISTRIES.values()),
        most=MAX_BODY,
        statuses="; ".join(
            f"{each.code} {each.name_en}" + (f" ({', '.join(map(str, each.next))})" if each.next else "")
            for each in fixtures.statuses()
        ),
    )


def in_detail(system: type) -> str:
    """What the modules say in which the operations of a system are declared, as Markdown."""
    declaring = (
        each.__module__
        for each in system.__mro__
        if any(hasattr(member, "__operation__") for member in vars(each).values())
    )
    said = (inspect.getdoc(sys.modules[name]) for name in dict.fromkeys(declaring))
    return "".join(f"\n\n```text\n{each}\n```" for each in said if each)
