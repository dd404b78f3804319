#!/bin/sh
# Founding a business household.
. "$(dirname "$0")/lib.sh"

REQUEST_BODY="{\"dossier\": \"$KEY\", \"name\": \"Ho kinh doanh $KEY\", \"province\": \"$PROVINCE\",
    \"commune\": \"$COMMUNE\", \"citizen_id\": \"$CITIZEN\"}"
call POST /api/households -H "$JSON" -d "$REQUEST_BODY"
expect 201
call POST /api/households -H "$JSON" -d "$REQUEST_BODY"
expect 200
call GET "/api/households/$KEY"
expect 200
call GET "/api/households/none-$KEY"
expect 404
