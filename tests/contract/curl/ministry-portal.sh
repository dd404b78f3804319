#!/bin/sh
# A ministry's citizens' interface, until it closes.
. "$(dirname "$0")/lib.sh"

call GET /
if [ "$STATUS" = 308 ]; then # the citizens' interface has closed: it sends readers elsewhere and takes nothing
    call GET /api/me/dossiers
    expect 308
    call POST /api/dossiers -H "$JSON" -H "Idempotency-Key: $KEY" -d "$(content)"
    expect 410
    exit 0
fi
expect 200
call GET "/nop-ho-so?MaTTHCDP=$PROCEDURE"
expect 200
call GET /api/me/dossiers
expect 401
sign_in "$BASE"
call POST /api/dossiers -b "$WORK/jar" -H "$JSON" -H "Idempotency-Key: $KEY" -d "$(content)"
expect 201
CODE=$(field code)
call POST /api/dossiers -b "$WORK/jar" -H "$JSON" -H "Idempotency-Key: $KEY" -d "$(content)"
expect 200
[ "$(field code)" = "$CODE" ] || wrong "the same key, and another dossier than $CODE"
call GET "/api/dossiers/$CODE"
expect 200
call GET /api/me/dossiers -b "$WORK/jar"
expect 200
field dossiers.0.code >/dev/null
