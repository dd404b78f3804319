#!/bin/sh
# Renewing a driving licence.
. "$(dirname "$0")/lib.sh"

call GET "/api/licences/$CITIZEN"
expect 200
CLASS=$(field licence_class)
call POST /api/renewals -H "$JSON" -d "{\"request\": \"$KEY\", \"citizen_id\": \"$CITIZEN\",
    \"licence_class\": \"$CLASS\", \"province\": \"$PROVINCE\", \"commune\": \"$COMMUNE\"}"
expect 202
call GET "/api/renewals/$KEY"
expect 200
call GET "/api/licences/none-$KEY"
expect 404
