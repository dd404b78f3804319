#!/bin/sh
# Taxpayers, notices and tax codes.
. "$(dirname "$0")/lib.sh"

call GET "/api/taxpayers/$CITIZEN"
expect 200
PLACE="\"province\": \"$PROVINCE\", \"commune\": \"$COMMUNE\", \"citizen_id\": \"$CITIZEN\""
call POST /api/land-obligations -H "$JSON" -d "{\"dossier\": \"land-$KEY\", $PLACE}"
expect 202
call POST /api/tax-codes -H "$JSON" -d "{\"dossier\": \"code-$KEY\", \"household\": \"household-$KEY\", $PLACE}"
expect 202
for request in land code; do
    call GET "/api/requests/$request-$KEY"
    expect 200
done
call GET "/api/taxpayers/none-$KEY"
expect 404
