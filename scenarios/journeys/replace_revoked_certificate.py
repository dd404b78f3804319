"""An official of a province revokes its certificate, whose key is no longer safe, and has a new one issued.

From the revocation on, results of the province are not signed, and no citizen may lose one by that: what was
refused meanwhile has to be signed with the new certificate.
"""

from __future__ import annotations

from scenarios.journeys.reissue_certificate import SIGNATURES, certificate, order
from scenarios.journeys.visitor import Visitor


def run(visitor: Visitor) -> None:
    """The certificate, its revocation, and looking until a new one is there.

    It signs nothing with that: a colleague of the same province may have revoked it in between. What has to
    be signed with it is held against the dossiers after the run.
    """
    province = visitor.arrival.province
    before = certificate(visitor, province)
    visitor.request(
        "revoke-certificate",
        SIGNATURES,
        "POST",
        f"/api/certificates/{province}/revoke",
        check=lambda answer: None if answer.field("state") == "revoked" else "certificate",
    )
    visitor.think(60, 180)  # the order is a form of several pages; results go on becoming ready
    order(visitor, province, before)
