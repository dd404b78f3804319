#!/bin/sh
# Documents of a province, sent and received.
. "$(dirname "$0")/lib.sh"

DOCUMENT_BODY="\"from\": \"H38.99\", \"to\": \"$AGENCY\", \"subject\": \"Van ban\", \"digest\": \"$DIGEST\""
call POST /api/documents -H "$JSON" -H "Idempotency-Key: $KEY" -d "{$DOCUMENT_BODY}"
expect 201
ID=$(field id)
call POST /api/documents -H "$JSON" -H "Idempotency-Key: $KEY" -d "{$DOCUMENT_BODY}"
expect 200
call GET "/api/documents/$ID"
expect 200
call POST /api/incoming -H "$JSON" -d "{\"id\": \"$KEY\", $DOCUMENT_BODY}"
expect 201
call GET "/api/incoming/$KEY"
expect 200
[ "$(field digest)" = "$DIGEST" ] || wrong "another document"
call POST /api/receipts -H "$JSON" -d "{\"id\": \"$ID\", \"state\": \"delivered\"}"
expect 200
call GET "/api/documents?old_code=none-$KEY"
expect 200
call GET /api/dead-letters
expect 200
call GET "/api/documents/none-$KEY"
expect 404
