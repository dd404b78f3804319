#!/bin/sh
# A document on its way between agencies.
. "$(dirname "$0")/lib.sh"

call POST /api/messages -H "$JSON" -d "{\"id\": \"$KEY\", \"from\": \"H38.99\", \"to\": \"$AGENCY\",
    \"subject\": \"Van ban thu nghiem\", \"digest\": \"$DIGEST\"}"
expect 202
call GET "/api/messages/$KEY"
expect 200
call GET /api/state
expect 200
call GET /api/dead-letters
expect 200
call GET "/api/messages/none-$KEY"
expect 404
