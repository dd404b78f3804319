#!/bin/sh
# Founding an enterprise.
. "$(dirname "$0")/lib.sh"

call POST /api/registrations -H "$JSON" -d "{\"request\": \"$KEY\", \"name\": \"Cong ty thu nghiem $KEY\",
    \"province\": \"$PROVINCE\", \"commune\": \"$COMMUNE\", \"citizen_id\": \"$CITIZEN\"}"
expect 202
call GET "/api/registrations/$KEY"
expect 200
# No document says which tax codes there are, nor how a registration leads to one.
call GET "/api/enterprises/none-$KEY"
expect 404
