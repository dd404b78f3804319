#!/bin/sh
# Parcels and their changes.
. "$(dirname "$0")/lib.sh"

call GET "/api/parcels/$COMMUNE/1/1"
expect 200
call POST /api/changes -H "$JSON" -d "{\"dossier\": \"$KEY\", \"form\": \"transfer\", \"province\": \"$PROVINCE\",
    \"commune\": \"$COMMUNE\", \"citizen_id\": \"$CITIZEN\", \"sheet\": 1, \"plot\": 1}"
expect 202
call GET "/api/changes/$KEY"
expect 200
call GET "/api/parcels/$COMMUNE/121/1"
expect 404
