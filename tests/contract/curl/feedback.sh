#!/bin/sh
# Feedback on a unit.
. "$(dirname "$0")/lib.sh"

TICKET_BODY="{\"unit\": \"$COMMUNE\", \"text\": \"Phan anh thu nghiem $KEY\", \"channel\": \"vneid\"}"
call POST /api/tickets -H "$JSON" -H "Idempotency-Key: $KEY" -d "$TICKET_BODY"
expect 201
TICKET=$(field ticket)
call POST /api/tickets -H "$JSON" -H "Idempotency-Key: $KEY" -d "$TICKET_BODY"
expect 200
[ "$(field ticket)" = "$TICKET" ] || wrong "the same key, and another ticket"
call GET "/api/tickets/$TICKET"
expect 200
call GET /api/state
expect 200
call GET "/api/tickets/none-$KEY"
expect 404
