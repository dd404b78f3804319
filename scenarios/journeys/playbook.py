"""The code of every journey. A new journey is a file here, a line below, and a line in the registry."""

from __future__ import annotations

from scenarios.journeys import (
    collect_result,
    look_up_dossier,
    process_dossiers,
    read_procedure,
    reload_page,
    sign_in,
    submit_and_pay,
    submit_dossier,
    try_closed_procedure,
)
from scenarios.journeys.people import People
from scenarios.journeys.visitor import Playbook

PLAYBOOK = Playbook(
    scripts={
        "read-procedure": read_procedure.run,
        "look-up-dossier": look_up_dossier.run,
        "sign-in": sign_in.run,
        "submit-dossier": submit_dossier.run,
        "submit-and-pay": submit_and_pay.run,
        "collect-result": collect_result.run,
        "try-closed-procedure": try_closed_procedure.run,
        "reload-page": reload_page.run,
        "process-dossiers": process_dossiers.run,
    },
    people=People,
)
