#!/bin/sh
# A province's citizens' interface, until it closes.
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
call GET "/api/procedures?q=&limit=2"
expect 200
CODE=$(field procedures.0.MATTHC)
call GET "/api/procedures/$CODE"
expect 200
call GET "/api/procedures/$CODE/blank-form"
expect 200
call GET "/api/procedures/none-$KEY"
expect 404
call GET /api/me/dossiers
expect 401
sign_in "$BASE"
call GET "/api/form?procedure=$PROCEDURE&province=$PROVINCE&commune=$COMMUNE" -b "$WORK/jar"
expect 200
call POST /api/attachments -b "$WORK/jar" -H 'Content-Type: application/octet-stream' --data-binary "$KEY"
expect 201
[ "$(field HashTepTin)" = "$DIGEST" ] || wrong "other bytes arrived"
FILE="{\"name\": \"to-khai.txt\", \"id\": \"$(field IdTepTin)\", \"sha256\": \"$DIGEST\"}"
call POST /api/dossiers -b "$WORK/jar" -H "$JSON" -H "Idempotency-Key: $KEY" -d "$(content "$FILE")"
expect 201
CODE=$(field code)
call GET "/api/dossiers/$CODE"
expect 200
call GET /api/me/dossiers -b "$WORK/jar"
expect 200
field dossiers.0.code >/dev/null
