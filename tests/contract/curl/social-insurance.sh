#!/bin/sh
# Insurance numbers and benefits.
. "$(dirname "$0")/lib.sh"

call GET "/api/insurance-numbers/$CITIZEN"
expect 200
call POST /api/benefits -H "$JSON" -d "{\"dossier\": \"$KEY\", \"kind\": \"health-card\", \"province\": \"$PROVINCE\",
    \"commune\": \"$COMMUNE\", \"citizen_id\": \"$CITIZEN\"}"
expect 202
call GET "/api/benefits/$KEY"
expect 200
call GET "/api/benefits/none-$KEY"
expect 404
