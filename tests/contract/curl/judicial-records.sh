#!/bin/sh
# Asking for a judicial record.
. "$(dirname "$0")/lib.sh"

call POST /api/requests -H "$JSON" -d "{\"dossier\": \"$KEY\", \"form\": 1, \"province\": \"$PROVINCE\",
    \"commune\": \"$COMMUNE\", \"citizen_id\": \"$CITIZEN\"}"
expect 202
call GET "/api/requests/$KEY"
expect 200
[ "$(field key)" = "$KEY" ] || wrong "another request"
call GET "/api/requests/none-$KEY"
expect 404
